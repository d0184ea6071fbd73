"""Keeps the idle clock of a session (D12). Only what a person does is activity: what a script asks for, what a browser
fetches ahead of a click, and the visit by which a page leaves at a time-out never count."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.accounts.sessions import SessionStore
from portal.lib import clock

BACKGROUND_HEADER = "X-Portal-Background"
LEAVING_COOKIE = "portal-leaving"  # set by session.js for the one visit at the time-out
FETCHED_AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def session_clock(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Stamps the session with the moment of this request, at most once a minute."""

    def middleware(request: HttpRequest) -> HttpResponse:
        session = request.session
        if (
            settings.SESSION_COOKIE_NAME in request.COOKIES
            and isinstance(session, SessionStore)
            and _is_activity(request)
        ):
            session.stamp(clock.now())
        response = answer(request)
        if LEAVING_COOKIE in request.COOKIES:
            response.delete_cookie(LEAVING_COOKIE)
        return response

    return middleware


def _is_activity(request: HttpRequest) -> bool:
    by_itself = BACKGROUND_HEADER in request.headers or LEAVING_COOKIE in request.COOKIES
    return not by_itself and not any(name in request.headers for name in FETCHED_AHEAD)
