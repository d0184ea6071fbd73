"""What every request passes through: its id, the limit on its body, the headers of its answer."""

import re
import uuid
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.accounts.second_factor import SECOND_FACTOR_KEY
from portal.pages.request import PortalRequest

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
