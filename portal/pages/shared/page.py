"""Renders a page with its layout: the only way in which a view returns HTML."""

from typing import Any

from django.forms import BaseForm, MultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.drafts.actions import Chosen
from portal.notifications.inbox import Place
from portal.pages.drafting import typing_of
from portal.pages.shared.layout import layout_of, waiting_for


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    counted: dict[str, int] | None = None,
    shows: Place | None = None,
) -> HttpResponse:
    """The page `template` with `context` and the layout of the signed-in person, if any. What told the person of what it
    `shows` is read from now on. A page that has counted what waits for the person already passes the numbers."""
    actor = getattr(request, "actor", None)
    seen = shows if is_looked_at(request) else None
    layout = layout_of(request, actor, waiting_for(actor, seen) if counted is None else counted)
    context = {**(context or {}), "layout": layout, "typing": typing_of(request)}
    context["is_put_back"] = _put_back(request, context.get("form"))
    return render(request, template, context, status=status)


def is_looked_at(request: HttpRequest) -> bool:
    """Whether a person asked for the page, not a browser that fetches ahead of them."""
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return request.method == "GET" and not any(purposes)


def _put_back(request: HttpRequest, form: object) -> bool:
    """Restores what was typed on this page before and never sent (B1). Returns False if there is no form for it."""
    typing = typing_of(request)
    if not (typing and typing.kept and isinstance(form, BaseForm) and not form.is_bound):
        return False
    form.initial = {**form.initial, **typing.kept.fields, **_chosen_again(form, typing.kept.chosen)}
    return True


def _chosen_again(form: BaseForm, chosen: Chosen) -> dict[str, Any]:
    """By field: the parts of a date, all the boxes that were ticked, or the one value."""
    found: dict[str, Any] = {}
    for key, values in chosen.items():
        name, _, part = key.partition("-")
        if part:
            found[name] = {**found.get(name, {}), part: values[-1]}
        else:
            found[name] = values if isinstance(form.fields.get(name), MultipleChoiceField) else values[-1]
    return found
