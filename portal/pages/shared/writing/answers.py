"""How a form is answered: one action call, its refusal beside the field, a message when it is done."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from portal.lib.errors import NotAllowed, RuleBroken
from portal.lib.version_tokens import Stale
from portal.pages.design.fields import ReplacingForm, add_rule

Result = TypeVar("Result")


def done(request: HttpRequest, words: str, answer: HttpResponse) -> HttpResponse:
    """The next page, which opens with the words."""
    messages.success(request, words)
    return answer


def refused(request: HttpRequest, broken: RuleBroken, answer: HttpResponse) -> HttpResponse:
    """For a button without fields: the refusal opens the page that is shown again."""
    if isinstance(broken, NotAllowed):
        raise PermissionDenied
    messages.error(request, broken.words)
    return answer


def tried(form: forms.Form, action: Callable[[], Result]) -> Result | None:
    """What the action returns for a form that is filled in; None when the form or a rule refused it."""
    if not form.is_valid():
        return None
    try:
        return action()
    except NotAllowed:
        raise PermissionDenied from None
    except RuleBroken as broken:
        add_rule(form, broken)
        if isinstance(broken, Stale) and isinstance(form, ReplacingForm):
            form.look_again(broken.now)
        return None
