"""Renders a page with its surroundings: the one way by which a view answers with HTML."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.pages.shared.chrome import chrome_of


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    bell_count: int | None = None,
) -> HttpResponse:
    """The page `template` with `context` and the chrome of the signed-in person, if any."""
    chrome = chrome_of(request, getattr(request, "actor", None), bell_count=bell_count)
    return render(request, template, {**(context or {}), "chrome": chrome}, status=status)
