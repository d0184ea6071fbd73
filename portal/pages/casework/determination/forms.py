"""Forms of caseworkers about a determination, its orders and reviews."""

from typing import Any

from django import forms

from portal.content.words import working_calendar
from portal.determinations.actions import REASON_LIMIT, WORDS_LIMIT
from portal.determinations.kinds import FindingKind, Outcome, RemedyKind, SentHow
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.pages.design.fields import DateField, ReplacingForm, add_rule, long_text
from portal.pages.shared.writing.review_form import GroundsForm
from portal.tasks import deadlines

OUTCOMES = [(one.value, one.label) for one in (Outcome.UPHELD, Outcome.REJECTED)]


class ComplaintForm(forms.Form):
    """A defined complaint with its own finding."""

    words = long_text("Complaint", limit=WORDS_LIMIT, missing="Enter the complaint in your own words", rows=6)
    finding = forms.ChoiceField(
        label="Finding",
        choices=FindingKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the finding on this complaint"},
    )


class RecommendationForm(forms.Form):
    """What is recommended."""

    kind = forms.ChoiceField(
        label="What it is about",
        choices=[("", "Choose"), *RemedyKind.choices],
        error_messages={"required": "Choose what it is about"},
    )
    words = long_text("What you recommend", limit=WORDS_LIMIT, missing="Enter what you recommend", rows=6)


class DueForm(forms.Form):
    """A typed due date, which must be a working day, as for tasks (D14)."""

    due_on = DateField(label="New due date", error_messages={"required": "Enter the new due date"})

    def clean(self) -> dict[str, Any]:
        cleaned = {**(super().clean() or self.cleaned_data)}
        if cleaned.get("due_on"):
            try:
                deadlines.typed(cleaned["due_on"], clock.today(), working_calendar())
            except RuleBroken as broken:
                add_rule(self, broken)
        return cleaned


class OrderForm(DueForm, RecommendationForm):
    """What the landlord must do and by when."""

    words = long_text("What the landlord must do", limit=WORDS_LIMIT, missing="Enter what the landlord must do", rows=6)
    due_on = DateField(
        label="Due date",
        help_text="Evidence of compliance is due by the end of that day",
        error_messages={"required": "Enter the due date"},
    )
    field_order = ("kind", "words", "due_on")


class AcceptInPartForm(ReplacingForm):
    """Accepts an order although something is still to do."""

    reason = long_text(
        "Why you accept it all the same",
        limit=REASON_LIMIT,
        hint="The landlord reads this. What is still to do is not asked for any more",
        missing="Enter why you accept it all the same",
    )


class IssueForm(forms.Form):
    """The last check before a determination is issued. While a review is open, also what it changed."""

    change = long_text(
        "What the review changed",
        limit=REASON_LIMIT,
        hint="The landlord reads this",
        missing="Enter what the review changed",
    )

    def __init__(self, *args: Any, in_review: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not in_review:
            del self.fields["change"]


class SentForm(forms.Form):
    """How and when the resident's letter was sent (S49)."""

    how = forms.ChoiceField(
        label="How was it sent?",
        choices=SentHow.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the letter was sent"},
    )
    on = DateField(label="When was it sent?", error_messages={"required": "Enter the date on which it was sent"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.fields["on"].help_text = f"Today is {today.day} {today.month} {today.year}"


class ReturnOrderForm(ReplacingForm, DueForm):
    """What is missing and, if wanted, another date."""

    reason = long_text(
        "What is missing", limit=REASON_LIMIT, hint="The landlord reads this", missing="Enter what is missing"
    )
    due_on = DateField(label="New due date", required=False, help_text="Leave it empty to keep the due date")
    field_order = ("reason", "due_on")


class ExtendOrderForm(ReplacingForm, DueForm):
    """Extends an order. The former due date is kept."""

    reason = long_text(
        "Why the due date changes",
        limit=REASON_LIMIT,
        hint="The landlord reads this",
        missing="Enter why the due date changes",
    )


class ResidentReviewForm(GroundsForm):
    """The resident's request for a review, as it reached the service."""

    asked_on = DateField(label="When did the request reach us?", error_messages={"required": "Enter the date"})
    text = long_text(
        "What the resident says",
        limit=WORDS_LIMIT,
        hint="The landlord does not see this",
        missing="Enter what the resident says",
        rows=8,
    )
    late_reason = long_text(
        "Why the request came late", limit=REASON_LIMIT, hint="Only if it came after the last day for asking", rows=3
    )
    field_order = ("asked_on", "grounds", "text", "late_reason")


class LatenessForm(forms.Form):
    """Whether a late request is taken on."""

    take = forms.ChoiceField(
        label="Do you take the request on?",
        choices=[("yes", "Yes, there is a good reason for the lateness"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you take the request on"},
    )
    answer = long_text("Reason", limit=REASON_LIMIT, hint="The landlord reads this. Needed if you do not take it on")


class OutcomeForm(forms.Form):
    """The outcome of a review that changes nothing."""

    outcome = forms.ChoiceField(
        label="Outcome",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the outcome of the review"},
    )
    reason = long_text(
        "Reason for the outcome", limit=REASON_LIMIT, hint="The landlord reads this", missing="Enter the reason"
    )
