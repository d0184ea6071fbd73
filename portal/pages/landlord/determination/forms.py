"""Forms of a landlord about a determination: compliance with an order, feedback, a request for a review."""

from collections.abc import Iterable
from typing import Any

from django import forms

from portal.determinations.actions import REASON_LIMIT, WORDS_LIMIT
from portal.determinations.kinds import Feedback
from portal.documents.models import Document
from portal.lib import clock
from portal.pages.design.fields import DateField, long_text
from portal.pages.design.wording import short_date
from portal.pages.shared.writing.review_form import GroundsForm

WHOLE, PART = "whole", "part"


class ConfirmForm(forms.Form):
    """Compliance with an order, in whole or in part, and the documents that show it (S65)."""

    extent = forms.ChoiceField(
        label="How much of the order have you complied with?",
        choices=[(WHOLE, "All of it"), (PART, "Part of it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you complied with all or part of the order"},
    )
    done = long_text("What did you do?", limit=WORDS_LIMIT, missing="Enter what you did")
    left = long_text(
        "What is still to do, and when will you do it?",
        limit=REASON_LIMIT,
        hint="If you complied with part of it",
        rows=3,
    )
    done_on = DateField(label="When did you do it?", error_messages={"required": "Enter the date you did it"})
    evidence = forms.MultipleChoiceField(
        label="Evidence",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one document that shows what you did",
            "invalid_choice": "Choose documents of this case that you have uploaded",
        },
    )

    def __init__(self, *args: Any, documents: Iterable[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.fields["done_on"].help_text = f"Today is {today.day} {today.month} {today.year}"
        self.fields["evidence"].choices = [(str(one.pk), _named(one)) for one in documents]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = {**(super().clean() or self.cleaned_data)}
        if cleaned.get("extent") == PART and not cleaned.get("left") and "left" not in self.errors:
            self.add_error("left", "Enter what is still to do and when you will do it")
        return cleaned

    def given(self) -> dict[str, Any]:
        """Returns the arguments of the action."""
        read = self.cleaned_data
        return {
            "done": read["done"],
            "done_on": read["done_on"],
            "left": read["left"] if read["extent"] == PART else "",
            "document_ids": [int(number) for number in read["evidence"]],
        }


def _named(document: Document) -> str:
    category = f"{document.category_label}, " if document.category else ""
    return f"{document.name} ({category}{short_date(document.received_at)})"


class FeedbackForm(forms.Form):
    """Feedback on a recommendation (S40)."""

    feedback = forms.ChoiceField(
        label="Do you accept this recommendation?",
        choices=Feedback.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you accept the recommendation"},
    )
    reason = long_text(
        "Your reason, or what you will do", limit=REASON_LIMIT, hint="Needed if you do not accept the recommendation"
    )


class ReviewForm(GroundsForm):
    """The grounds of a review and what it should look at."""

    text = long_text(
        "What should the review look at?",
        limit=WORDS_LIMIT,
        hint="Say what is new or wrong. Name the documents that show it; you can upload them on the documents tab.",
        missing="Enter what the review should look at",
        rows=8,
    )
    late_reason = long_text("Why does your request come late?", limit=REASON_LIMIT)

    def __init__(self, *args: Any, is_late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grounds"].help_text = "Choose one or both"
        if not is_late:
            del self.fields["late_reason"]
