"""The cookie by which a browser is known that has passed the code before: random, signed, and closed to scripts."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_SALT = "known browser"
_KEPT = timedelta(days=400)


def read(request: HttpRequest) -> str | None:
    token: str | None = request.get_signed_cookie(
        settings.KNOWN_BROWSER_COOKIE, default=None, salt=_SALT, max_age=_KEPT
    )
    return token


def give(response: HttpResponse, token: str) -> None:
    response.set_signed_cookie(
        settings.KNOWN_BROWSER_COOKIE,
        token,
        salt=_SALT,
        max_age=_KEPT,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
