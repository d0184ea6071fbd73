"""The idempotency key of a form: its hidden value and a digest of everything filled in. A changed form has another key.

The same filled in again on another rendering of the page, as after Back, is done only when the button is pressed once more.
"""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from portal.access.actor import Actor
from portal.accounts.idempotency import once
from portal.lib.repeats import Repeated
from portal.pages.design.fields import replace_value

Made = TypeVar("Made", bound=Model)
AGAIN = "again-"  # how the key of a form begins whose repeat was refused once
NOT_FILLED_IN = {"csrfmiddlewaretoken", "once"}


def done_once(request: HttpRequest, form: forms.Form, action: Callable[[], Made], *, by: Actor | None) -> Made:
    """Runs the action; the same form sent again returns the record of the first time (accounts/idempotency.py).

    Raises Repeated when the person filled in the same here a short while ago; the form as it is then shown may do it again.
    """
    value, filled_in = form.cleaned_data.get("once", ""), _filled_in(form)
    key = f"{value}:{filled_in}" if value else ""
    try:
        return once(key, action, by=by, same=f"{request.path}:{filled_in}", may_repeat=value.startswith(AGAIN))
    except Repeated:
        replace_value(form, "once", AGAIN + secrets.token_urlsafe(16))
        raise


def _filled_in(form: forms.Form) -> str:
    typed: MultiValueDict[str, Any] = MultiValueDict(form.data)
    sent: MultiValueDict[str, Any] = MultiValueDict(cast(dict[str, Any], form.files))
    fields = sorted((name, values) for name, values in typed.lists() if name not in NOT_FILLED_IN)
    files = [(name, one.name, _digest(one)) for name, several in sorted(sent.lists()) for one in several]
    return hashlib.sha256(repr((fields, files)).encode()).hexdigest()


def _digest(file: "UploadedFile[bytes]") -> str:
    """Of what is in it: two pictures may have one name and size."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()
