"""How a form of this wing is answered: one action call, its refusal beside the field."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import PermissionDenied

from portal.lib.errors import NotAllowed, RuleBroken
from portal.pages.design.fields import add_rule


def tried(form: forms.Form, action: Callable[[], object]) -> bool:
    """Whether the form was filled in and the action taken; a refusal stands in the form."""
    if not form.is_valid():
        return False
    try:
        action()
    except NotAllowed:
        raise PermissionDenied from None
    except RuleBroken as error:
        add_rule(form, error)
        return False
    return True
