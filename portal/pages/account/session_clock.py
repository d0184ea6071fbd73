"""Keeps the idle clock of a session (D12). What a page does by itself, such as polling, does not count as activity."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.accounts.sessions import SessionStore
from portal.lib import clock

BACKGROUND_HEADER = "X-Portal-Background"


def session_clock(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Stamps the session with the moment of this request, at most once a minute."""

    def middleware(request: HttpRequest) -> HttpResponse:
        session = request.session
        if (
            settings.SESSION_COOKIE_NAME in request.COOKIES
            and BACKGROUND_HEADER not in request.headers
            and isinstance(session, SessionStore)
        ):
            session.stamp(clock.now())
        return answer(request)

    return middleware
