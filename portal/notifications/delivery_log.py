"""The outcome of each e-mail in words: by person for the portal team, by message and case for caseworkers (C28, H53)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.audit import trail
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.cases.querysets import detail
from portal.lib import clock
from portal.lib.claims import ClaimState
from portal.messaging.models import Message, Thread
from portal.notifications.models import Delivery, Outcome
from portal.notifications.rules import rule_of

SHOWN_FOR = timedelta(days=30)  # how long a case's page tells of what was not delivered
MOST_SHOWN = 5
INNER_FAULT = "Something in the portal went wrong. IT support finds it in the log."


@dataclass(frozen=True)
class State:
    """An outcome: its word and colour, a reason, and the time since or until which it holds."""

    word: str
    reason: str = ""
    at: datetime | None = None
    colour: str = "blue"


@dataclass(frozen=True)
class Undelivered:
    """An e-mail about something on a case that did not arrive."""

    person: str
    what: str
    at: datetime
    reason: str


def open_log(*, by: Actor) -> QuerySet[Delivery]:
    """The delivery log, newest first. It shows people's addresses, so opening it is recorded."""
    by.require(Permission.SEE_MAIL)
    trail.record(by, "log of notifications opened", Delivery)
    return _deliveries()


def _deliveries() -> QuerySet[Delivery]:
    """Newest first, with everything that `state_of` reads. Never a subject or body, since they can name a case."""
    found = Delivery.objects.select_related("person", "entry", "digest", "mail")
    return found.defer("mail__subject", "mail__body", "mail__sealed_tag").order_by("-id")


def state_of(delivery: Delivery) -> State:
    if delivery.outcome == Outcome.NOT_SENT:
        return State("Not sent", delivery.reason, colour="grey")
    if delivery.mail is not None:
        return _of_mail(delivery)
    row = delivery.digest or delivery
    if row.claim_state == ClaimState.FAILED:
        return State("Failed", INNER_FAULT, colour="red")
    return State("Waiting for a digest" if delivery.digest else "Waiting", at=row.claim_due_at)


def _of_mail(delivery: Delivery) -> State:
    mail = delivery.mail
    assert mail is not None  # noqa: S101 - for the type checker
    if mail.claim_state == ClaimState.DONE:
        return State("Sent in a digest" if delivery.digest_id else "Sent", at=mail.sent_at, colour="green")
    if mail.claim_state == ClaimState.FAILED:
        return State("Failed", mail.claim_error, colour="red")
    return State("Being sent", mail.claim_error, at=mail.claim_due_at)


def undelivered(case: Case) -> list[Undelivered]:
    """The e-mails about this case that could not be delivered lately, for its overview."""
    return [
        Undelivered(row.person.name, rule_of(row.entry).mail or "", row.made_at, state_of(row).reason)
        for row in _failed(None, case_id=case.pk, since=clock.now() - SHOWN_FOR)
    ]


@kept
def _failed(case_id: int, since: datetime) -> QuerySet[Delivery]:
    failed = _deliveries().filter(entry__case__id=case_id, mail__claim_state=ClaimState.FAILED, made_at__gt=since)
    return failed[:MOST_SHOWN]


def of_messages(thread: Thread, messages: Sequence[Message]) -> dict[int, str]:
    """The outcome of the e-mails about each message (by message id), for the service's view of the thread."""
    if not messages:
        return {}
    numbers = [message.pk for message in messages]
    words: dict[int, list[str]] = {}
    for row in _about_messages(None, case_id=thread.case_id, first=min(numbers), last=max(numbers)):
        words.setdefault(int(row.entry.details["message"]), []).append(_sentence(row))
    return {message: " ".join(found) for message, found in words.items()}


@kept
def _about_messages(case_id: int, first: int, last: int) -> QuerySet[Delivery]:
    found = _deliveries().filter(entry__case__id=case_id, entry__kind=Happened.MESSAGE_FROM_SERVICE.value)
    return found.alias(message=detail("message", "entry__")).filter(message__range=(first, last)).order_by("id")


def _sentence(delivery: Delivery) -> str:
    state = state_of(delivery)
    if state.word == "Failed":
        return f"The e-mail about it to {delivery.person.name} could not be delivered. {state.reason}"
    return f"E-mail to {delivery.person.name}: {state.word.lower()}."
