"""The idempotency key of a form: its hidden value and a digest of everything filled in. A changed form has another key."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.utils.datastructures import MultiValueDict

from portal.access.actor import Actor
from portal.accounts.idempotency import once

Made = TypeVar("Made", bound=Model)


def done_once(form: forms.Form, action: Callable[[], Made], *, by: Actor | None) -> Made:
    """Runs the action; the same form sent again returns the record of the first time (accounts/idempotency.py)."""
    value = form.cleaned_data.get("once", "")
    return once(f"{value}:{_filled_in(form)}" if value else "", action, by=by)


def _filled_in(form: forms.Form) -> str:
    typed: MultiValueDict[str, Any] = MultiValueDict(form.data)
    sent: MultiValueDict[str, Any] = MultiValueDict(cast(dict[str, Any], form.files))
    fields = sorted((name, values) for name, values in typed.lists() if name != "csrfmiddlewaretoken")
    files = [(name, one.name, _digest(one)) for name, several in sorted(sent.lists()) for one in several]
    return hashlib.sha256(repr((fields, files)).encode()).hexdigest()


def _digest(file: "UploadedFile[bytes]") -> str:
    """Of what is in it: two pictures may have one name and size."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()
