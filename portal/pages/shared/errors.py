"""Pages for when something went wrong. Each shows how to reach support and the request's id (S4)."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.models import User
from portal.pages.guards import LOOKING, PortalRequest, actor_of, public
from portal.pages.shared import access
from portal.pages.shared.counterparts import counterpart
from portal.pages.shared.page import page
from portal.teams.models import Team


def _error(request: HttpRequest, status: int, title: str = "", text: str = "", **further: Any) -> HttpResponse:
    """Without a title the words of the status stand in the template."""
    context = {"status": status, "title": title, "text": text, **further}
    return page(request, "design/error.html", context, status=status)


@public("anybody can send a request that cannot be read")
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, TooManyFilesSent):
        return _error(
            request, 400, "Too many files at once", "Nothing was kept. Go back and send 20 files or fewer at a time."
        )
    if isinstance(exception, RequestDataTooBig):
        return _error(
            request,
            400,
            "Too much text at once",
            "Nothing was kept. Go back, shorten the text or send it as a document.",
        )
    return _error(request, 400)


@public("anybody can ask for a page that is not theirs")
def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    actor = _asking(request)
    if actor is None:
        return _error(request, 403)
    if actor.restriction:
        return access.refusal(request, actor)
    led_to = counterpart(request.resolver_match, actor)
    return _error(request, 403, text=_why_not(request, actor), who=_who(request, actor), counterpart=led_to)


@public("anybody can mistype an address")
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same words whether there is no such record or it is somebody else's (S1)."""
    actor = _asking(request)
    return _error(request, 404, who=_who(request, actor) if actor else None)


def _asking(request: HttpRequest) -> Actor | None:
    """Whoever is signed in, also where no guard has asked: an address that leads nowhere."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None and hasattr(request, "user") and hasattr(request, "session"):
        actor = actor_of(request)
        if actor:
            cast(PortalRequest, request).actor = actor
    return actor


def _who(request: HttpRequest, actor: Actor) -> dict[str, str]:
    """Who is signed in, as a link may have been sent to another account; and where to go on after signing out."""
    landlord = getattr(request, "landlord", None)
    return {
        "name": actor.name,
        "address": cast(User, request.user).email,
        "place": landlord.name if landlord else Team(actor.team).label if actor.team else settings.ORGANISATION_NAME,
        "after": request.get_full_path() if request.method in LOOKING else "",
    }


def _why_not(request: HttpRequest, actor: Actor) -> str:
    area = request.resolver_match.namespace if request.resolver_match else ""
    if actor.is_landlord and area in {"casework", "office"}:
        return "This page is for the service’s staff."
    if not actor.is_landlord and area == "landlord":
        return "This page is for landlords."
    whom = "the portal team"
    if actor.is_landlord:
        whom = "us" if actor.may(Permission.LANDLORD_MANAGE_PEOPLE) else "your administrator"
    return f"Your account does not let you see or do this. Ask {whom} if you think it should."


@public("a fault can happen to anybody")
def broken(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database, which may be what is broken."""
    return render(
        request, "design/error.html", {"status": 500, "request_id": getattr(request, "request_id", "")}, status=500
    )


def explains_405(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """An address that only takes what a button sends answers a visit in words; the methods it takes stay in Allow."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if response.status_code != 405 or response.content:
            return response
        explained = _error(request, 405)
        explained["Allow"] = response.get("Allow", "")
        return explained

    return middleware


@public("a form can be sent after its page has grown old")
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    words = "Nothing was changed. Go back, reload the page and send it again. Your browser must allow cookies."
    return _error(request, 403, "This page was too old to be sent", words)
