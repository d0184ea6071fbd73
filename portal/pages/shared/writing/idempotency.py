"""One sending of a form: its hidden mark, with all that was filled in, so that a changed form is another sending."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.utils.datastructures import MultiValueDict

from portal.access.actor import Actor
from portal.accounts.once import once

Made = TypeVar("Made", bound=Model)


def done_once(form: forms.Form, action: Callable[[], Made], *, by: Actor | None) -> Made:
    """What the action makes; for the same form sent again, what it made the first time (accounts/once.py)."""
    mark = form.cleaned_data.get("once", "")
    return once(f"{mark}:{_filled_in(form)}" if mark else "", action, by=by)


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
