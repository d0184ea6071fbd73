"""Pages for when something went wrong. Each shows how to reach support and the request's id (S4)."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.pages.guards import public
from portal.pages.shared import access
from portal.pages.shared.page import page


def _error(request: HttpRequest, status: int, title: str = "", text: str = "") -> HttpResponse:
    """Without a title the words of the status stand in the template."""
    return page(request, "design/error.html", {"status": status, "title": title, "text": text}, status=status)


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
    actor = getattr(request, "actor", None)
    if actor is not None and actor.restriction:
        return access.refusal(request, actor)
    return _error(request, 403)


@public("anybody can mistype an address")
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404)


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
