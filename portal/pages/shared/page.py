"""Renders a page with its surroundings: the one way by which a view answers with HTML."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.pages.drafting import typing_of
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
    context = {**(context or {}), "chrome": chrome, "typing": typing_of(request)}
    _put_back(request, context.get("form"))
    return render(request, template, context, status=status)


def _put_back(request: HttpRequest, form: object) -> None:
    """What was typed here before and never sent stands in the form again (B1)."""
    typing = typing_of(request)
    if typing and typing.kept and isinstance(form, BaseForm) and not form.is_bound:
        form.initial = {**form.initial, **typing.kept.fields}
