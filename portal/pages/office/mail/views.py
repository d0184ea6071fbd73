"""The e-mail log (C28): what was sent to whom and whether it arrived at the mail server. Never what an e-mail says.

Beside it the notifications: also those that wait, went into a digest or were not sent, with the reason (H53).
"""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.lib import clock, pasted
from portal.lib.claims import ClaimState
from portal.lib.routes import address
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.notifications import delivery_log
from portal.notifications.models import Delivery
from portal.pages.guards import PortalRequest, may
from portal.pages.office.mail.forms import MailFilter, NotificationFilter
from portal.pages.shared.page import page
from portal.search.keeping import cases_late

A_PAGE = 50
STATE_WORDS = dict(MailFilter.STATES)
COLOURS = {ClaimState.DONE: "green", ClaimState.FAILED: "red", ClaimState.CLAIMED: "blue", ClaimState.WAITING: "blue"}
# Subjects and bodies are never read from the database: they can hold a code, a link or a case.
SHOWN = (
    "id",
    "to_address",
    "kind",
    "claim_state",
    "claim_attempts",
    "claim_error",
    "claim_due_at",
    "created_at",
    "sent_at",
    "message_id",
)


@may(Permission.SEE_MAIL)
@require_safe
def mail_log(request: PortalRequest) -> HttpResponse:
    """The newest first, narrowed by state or by a part of the address."""
    asked = MailFilter(request.GET)
    asked.is_valid()
    given = {name: value for name, value in asked.cleaned_data.items() if value}
    rows = Paginator(_found(given, request.actor), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": MailFilter(given),
        "given": given,
        "rows": rows,
        "state_words": STATE_WORDS,
        "colours": COLOURS,
        "tabs": _tabs("office:mail_log", given),
        "cases_late": cases_late(clock.now()),
    }
    return page(request, "office/mail_log.html", context)


@may(Permission.SEE_MAIL)
@require_safe
def notifications(request: PortalRequest) -> HttpResponse:
    """For each person and thing that happened, what became of the e-mail. The case is not named."""
    asked = NotificationFilter(request.GET)
    asked.is_valid()
    given = {name: value for name, value in asked.cleaned_data.items() if value}
    rows = Paginator(_deliveries(given, request.actor), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": NotificationFilter(given),
        "given": given,
        "rows": rows,
        "items": [{"delivery": row, "state": delivery_log.state_of(row)} for row in rows],
        "tabs": _tabs("office:mail_notifications", given),
    }
    return page(request, "office/mail_notifications.html", context)


def _tabs(current: str, given: dict[str, str]) -> list[dict[str, object]]:
    """The two lists; the address that was looked for goes along."""
    query = f"?{urlencode({'address': given['address']})}" if "address" in given else ""
    named = (("E-mails", "office:mail_log"), ("Notifications", "office:mail_notifications"))
    return [{"text": text, "href": address(name) + query, "current": name == current} for text, name in named]


def _deliveries(given: dict[str, str], actor: Actor) -> QuerySet[Delivery]:
    found = delivery_log.open_log(by=actor)
    return (
        found.filter(person__email__icontains=pasted.part_of_address(given["address"])) if "address" in given else found
    )


def _found(given: dict[str, str], actor: Actor) -> QuerySet[OutgoingMail]:
    found = outbox.open_log(by=actor).only(*SHOWN)
    if "state" in given:
        found = found.filter(claim_state=given["state"])
    return found.filter(to_address__icontains=pasted.part_of_address(given["address"])) if "address" in given else found
