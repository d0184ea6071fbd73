"""What a person reads when their access is restricted (S8): what was decided, by which policy, how to appeal, whom to ask."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from portal.access.actor import Actor
from portal.content.words import words
from portal.pages.guards import PortalRequest, warned
from portal.pages.shared.page import page
from portal.pages.shared.writing import uploads
from portal.restrictions import access_state, actions, emails

WARNING = "About your use of the portal"
RESTRICTED = "Your access to the portal is restricted"


@warned
@require_http_methods(["GET", "HEAD", "POST"])
def your_access(request: PortalRequest) -> HttpResponse:
    """The whole of it. A warning is read here once, then everything works as before."""
    if request.method == "POST":
        actions.note_read(by=request.actor)
        return redirect(_after(request, request.POST.get("next", "")))
    if request.actor.restriction is None:
        return redirect("/")
    return _shown(request, request.actor, 200)


def refusal(request: HttpRequest, actor: Actor) -> HttpResponse:
    """In place of what a restricted person asked for; a script gets it as the row that it would have drawn."""
    if actor.restriction and uploads.wants_json(request):
        sent = uploads.json_answer(request, uploads.Arrived([], emails.decision(actor.restriction)))
        sent.status_code = 403
        return sent
    return _shown(request, actor, 403)


def _shown(request: HttpRequest, actor: Actor, status: int) -> HttpResponse:
    name, link = emails.policy()
    context: dict[str, Any] = {
        "heading": WARNING if actor.has_warning_to_read else RESTRICTED,
        "decision": emails.decision(actor.restriction) if actor.restriction else "",
        "restriction": access_state.own(actor),
        "to_read": actor.has_warning_to_read,
        "is_whole": actor.is_shut_out,
        "next": _after(request, request.GET.get("next", "")),
        "policy_name": name,
        "policy_href": link,
        "telephone": words("contact.telephone"),
        "hours": words("contact.opening-hours"),
        "address": words("contact.address"),
    }
    return page(request, "shared/your_access.html", context, status=status)


def _after(request: HttpRequest, asked: str) -> str:
    """Where the person was going, never to another site."""
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if ours else "/"
