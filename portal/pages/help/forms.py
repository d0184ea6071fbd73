"""What is filled in on the help pages. The rules are the actions' own."""

from typing import Any

from django import forms

from portal.pages.design.fields import AddressField, FilesField, IdempotencyField, TypedText
from portal.pages.shared.tickets import SCREENSHOTS_HINT, sent_files
from portal.support.actions import Fault
from portal.support.models import Affected
from portal.support.writing import TEXT_LIMIT


class ReportForm(forms.Form):
    """A fault (S95). `subject_line` is the trap: people never see it, robots fill it in (S101)."""

    email = AddressField(
        label="Your e-mail address",
        help_text="We send the number of your report and our answers here",
        max_length=254,
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address in the correct format, like name@landlord.example",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    affected = forms.ChoiceField(
        label="Which account is affected?",
        choices=Affected.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which account is affected"},
    )
    addresses = TypedText(
        label="E-mail addresses of the affected accounts",
        help_text="One on each line",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        error_messages={"required": "Enter the e-mail addresses of the affected accounts"},
    )
    description = TypedText(
        label="Detailed description of the issue",
        help_text="What you did, what you saw, and the words and reference of any error message. "
        "Leave out what is private to a resident.",
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": TEXT_LIMIT}),
        error_messages={"required": "Describe the issue"},
    )
    screenshots = FilesField(label="Screenshots that show the fault", required=False, help_text=SCREENSHOTS_HINT)
    once = IdempotencyField()
    subject_line = forms.CharField(
        label="Leave this field unchanged",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, is_signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_signed_in:
            del self.fields["email"]

    @property
    def is_trapped(self) -> bool:
        return bool(self.cleaned_data["subject_line"])

    def fault(self) -> Fault:
        given = self.cleaned_data
        return Fault(
            affected=given["affected"],
            addresses=given["addresses"],
            description=given["description"],
            email=given.get("email", ""),
            screenshots=sent_files(self),
        )
