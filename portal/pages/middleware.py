"""What every request passes through: its id, the limit on its body, the headers of its answer."""

import re
import uuid
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, get_user
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from portal.accounts.emailed_codes import SECOND_FACTOR_KEY
from portal.accounts.models import User
from portal.pages.request import PortalRequest
from portal.restrictions.sessions import SessionStore

Answer = Callable[[HttpRequest], HttpResponse]

# The one address that takes many files in one form, for people without JavaScript.
_MANY_FILES = re.compile(r"^/(casework/)?cases/\d{9}/(documents|messages)/")


def request_id(answer: Answer) -> Answer:
    """Every request has an id, which error pages show and the audit trail keeps. One sent from outside is ignored."""

    def middleware(request: HttpRequest) -> HttpResponse:
        cast(PortalRequest, request).request_id = str(uuid.uuid4())
        response = answer(request)
        response["X-Request-ID"] = cast(PortalRequest, request).request_id
        return response

    return middleware


class Person(AuthenticationMiddleware):
    """Who is signed in, as read with the session (portal/restrictions/sessions.py). Whatever is not as it should be, such
    as a session older than its person's password, is left to Django's own check, which ends such a session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person(request))  # type: ignore[assignment]


def _person(request: HttpRequest) -> User | AnonymousUser:
    session = request.session
    user_id = session.get(USER_KEY)  # reads the session
    user = session.person() if isinstance(session, SessionStore) else None
    if user is None or str(user.pk) != user_id or not user.is_active:
        return get_user(request)
    is_known_backend = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    is_same_password = constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return user if is_known_backend and is_same_password else get_user(request)


def headers(answer: Answer) -> Answer:
    """Pages of signed-in people are not kept by the browser or anything between."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware


def body_limit(answer: Answer) -> Answer:
    """Refuses a body that is too large before anything reads it, in words. Only who is signed in may send many files."""

    def middleware(request: HttpRequest) -> HttpResponse:
        raw = request.META.get("CONTENT_LENGTH") or "0"
        if not raw.isascii() or not raw.isdigit() or len(raw) > 18 or not _fits(request, int(raw)):
            return render(request, "design/error.html", {"status": 413}, status=413)
        return answer(request)

    return middleware


def _fits(request: HttpRequest, size: int) -> bool:
    if size <= settings.BODY_LIMIT_BYTES:
        return True
    is_many = size <= settings.BODY_LIMIT_MANY_FILES_BYTES and _MANY_FILES.match(request.path_info)
    session = request.session
    return bool(is_many and session.get(USER_KEY) and session.get(SECOND_FACTOR_KEY))
