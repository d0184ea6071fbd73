"""What every request passes through: its id, the limit on its body, the headers of its answer."""

import re
import uuid
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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
    """Refuses a body that is too large before anything reads it, in words."""

    def middleware(request: HttpRequest) -> HttpResponse:
        raw = request.META.get("CONTENT_LENGTH") or "0"
        limit = settings.BODY_LIMIT_MANY_FILES_BYTES if _MANY_FILES.match(request.path) else settings.BODY_LIMIT_BYTES
        if not raw.isascii() or not raw.isdigit() or int(raw) > limit:
            return render(request, "design/error.html", {"status": 413}, status=413)
        return answer(request)

    return middleware
