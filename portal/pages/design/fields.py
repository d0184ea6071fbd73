"""Form fields that both the landlord area and the service use, and how a broken rule reaches its field."""

import calendar
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from portal.lib import pasted, typed
from portal.lib.addresses import can_be_mailed
from portal.lib.errors import RuleBroken

PARTS = ("day", "month", "year")
Choices = list[tuple[str, str]]
EVERYTHING: Choices = [("", "All")]
MONTHS = [name.lower() for name in calendar.month_name]


def add_rule(form: forms.BaseForm, error: RuleBroken) -> None:
    """Shows a broken rule beside its field, or above the form when it has none. What was typed stays."""
    has_field = error.field in form.fields
    form.add_error(error.field if has_field else None, plainly(error.words) if has_field else error.words)


def plainly(words: str) -> str:
    """An error beside its field in GOV.UK's style: a single sentence ends without a full stop."""
    sentence = words.removesuffix(".")
    return words if any(f"{end} " in sentence for end in ".?!") else sentence


def replace_value(form: forms.BaseForm, name: str, value: str) -> None:
    """Gives a hidden field of a form that is shown again another value than the one that was sent."""
    data = MultiValueDict(dict(form.data.lists())) if isinstance(form.data, MultiValueDict) else dict(form.data)
    data[name] = value
    form.data = data


class DateParts(forms.Widget):
    """Day, month and year as three text inputs: due_on-day, due_on-month, due_on-year."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        return {part: pasted.date_part(str(data.get(f"{name}-{part}", ""))) for part in PARTS}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}-{part}" in data for part in PARTS)

    def format_value(self, value: Any) -> Any:
        return parts_of(value)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}-day"


def parts_of(value: object) -> dict[str, str]:
    """What the three inputs show: what was typed, or the parts of a date."""
    if isinstance(value, date):
        return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
    return {part: str(value.get(part, "")) for part in PARTS} if isinstance(value, dict) else dict.fromkeys(PARTS, "")


class DateField(forms.Field):
    """A date as people write it. The code of its error names the parts to mark: missing-month-year."""

    widget = DateParts

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or value is None:
            return value
        missing = [part for part in PARTS if not value[part]]
        if len(missing) == len(PARTS):
            return None
        if missing:
            raise self._refusal("missing", missing, f"must include a {' and '.join(missing)}")
        return self._real(value)

    def _real(self, value: dict[str, str]) -> date:
        if not (value["year"].isdecimal() and len(value["year"]) == 4):
            raise self._refusal("unreal", ["year"], "must include a year of 4 numbers, for example 2026")
        try:
            return date(int(value["year"]), month_number(value["month"]), number(value["day"]))
        except (ValueError, OverflowError):
            raise self._refusal("unreal", PARTS, "must be a real date, for example 27 3 2026") from None

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            words = self.error_messages["required"]
            asked = (
                f"Enter the {_lower_first(self._name())}"
                if words == forms.Field.default_error_messages["required"]
                else words
            )
            raise ValidationError(asked, code="missing-day-month-year")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return parts_of(initial) != parts_of(data)

    def _name(self) -> str:
        label = str(self.label or "Date")
        return "The date" if label.endswith("?") else label  # a question is not the subject of a sentence

    def _refusal(self, code: str, parts: Sequence[str], words: str) -> ValidationError:
        return ValidationError(f"{self._name()} {words}", code="-".join([code, *parts]))


def month_number(text: str) -> int:
    """11 for 11, Nov or November; raises ValueError for what is no month."""
    named = [index for index, name in enumerate(MONTHS) if len(text) > 2 and name.startswith(text.lower())]
    return named[0] if named else number(text)


def number(text: str) -> int:
    """Digits only: int() alone would take 1_0 and +1 too."""
    if not text.isdecimal():
        raise ValueError(text)
    return int(text)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


class FilesInput(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if isinstance(files, MultiValueDict) else [files[name]] if name in files else []


class FilesField(forms.Field):
    """Several files, as a list. What a file must be is decided where files are received, not here."""

    widget = FilesInput
    default_error_messages = {"required": "Choose at least one file"}

    def to_python(self, value: Any) -> list[Any]:
        return list(value or [])


class AddressField(forms.EmailField):
    """An e-mail address that a mail can be sent to; what only looks like one is refused in the same words."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(pasted.address(value) if isinstance(value, str) else value))

    def clean(self, value: Any) -> str:
        address = str(super().clean(value) or "")
        if address and not can_be_mailed(address):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return address


class IdempotencyField(forms.CharField):
    """The idempotency key of one form as it was shown (accounts/idempotency.py)."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=40, initial=lambda: secrets.token_urlsafe(16))


class ReplacingForm(forms.Form):
    """A form that replaces something: it carries the version token of what it was made from (lib/version_tokens.py)."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    is_stale = False

    def look_again(self, token: str) -> None:
        """Somebody has changed it meanwhile: the form shows that, and is now made from the present version."""
        self.is_stale = True
        replace_value(self, "seen", token)

    def clean_seen(self) -> str | None:
        return self.cleaned_data["seen"] or None


class PasswordField(forms.CharField):
    """A password as it is compared and kept (lib/pasted.py)."""

    def to_python(self, value: Any) -> str:
        return pasted.password(str(super().to_python(value)))


class WholeNumberField(forms.IntegerField):
    """A count, also with thousands separators."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python(pasted.number(value) if isinstance(value, str) else value)


class TypedText(forms.CharField):
    """Text of several lines, without what nobody sees, so that its limit counts what the action will keep."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(typed.tidied(value) if isinstance(value, str) else value))


def whole_number(label: str, *, most: int, hint: str = "") -> WholeNumberField:
    """A count that may be left empty."""
    range_words = f"{label} must be between 0 and {most:,}"
    return WholeNumberField(
        label=label,
        required=False,
        min_value=0,
        max_value=most,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": f"{label} must be a whole number, for example 12",
            "min_value": range_words,
            "max_value": range_words,
        },
    )


def too_long(limit: int) -> dict[str, str]:
    return {"max_length": f"Use {limit:,} characters or fewer"}


def long_text(label: str, *, limit: int, hint: str = "", missing: str = "", rows: int = 5) -> TypedText:
    """A text area with a character count."""
    return TypedText(
        label=label,
        max_length=limit,
        required=bool(missing),
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing, **too_long(limit)},
    )
