"""Pages for everybody: a person who is signed in keeps their menu and bell around them."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from portal.pages.guards import PortalRequest, actor_of
from portal.pages.guide.blocks import runs
from portal.pages.shared.page import page


def open_page(request: HttpRequest, template: str, context: dict[str, Any] | None = None) -> HttpResponse:
    if actor := actor_of(request):
        cast(PortalRequest, request).actor = actor
    return page(request, template, {"runs": runs, **(context or {})})
