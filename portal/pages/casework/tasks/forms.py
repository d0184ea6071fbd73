"""What caseworkers fill in about a task: a new one, and each step. A deadline is typed or counted in working days."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from portal.content.words import working_calendar
from portal.documents.models import Document
from portal.files.inspection import LIMIT_WORDS
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.pages.design.fields import DateField, IdempotencyField, ReplacingForm, add_rule, long_text, too_long
from portal.pages.design.wording import short_date
from portal.tasks import deadlines
from portal.tasks.actions import DETAILS_LIMIT, REASON_LIMIT, TITLE_LIMIT
from portal.tasks.models import TaskKind


class DeadlineForm(forms.Form):
    """A deadline, typed or counted in working days from today (D14). `cleaned_data["deadline"]` is the date."""

    due_on = DateField(label="Due date", required=False)
    working_days = forms.IntegerField(
        label="Or a number of working days from today",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Working days must be a whole number, for example 10"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = f"For example, 27 3 {clock.today().year + 1}"
        self.fields["working_days"].help_text = examples(clock.today())

    def clean(self) -> dict[str, Any]:
        cleaned = {**(super().clean() or self.cleaned_data)}
        if "due_on" in self.errors or "working_days" in self.errors:
            return cleaned
        try:
            cleaned["deadline"] = deadlines.chosen(
                cleaned.get("due_on"), cleaned.get("working_days"), today=clock.today(), calendar=working_calendar()
            )
        except RuleBroken as broken:
            add_rule(self, broken)
        return cleaned


def examples(today: date) -> str:
    """Where the usual numbers of working days lead, so that nobody has to count."""
    calendar = working_calendar()
    ends = [(days, calendar.add(today, days)) for days in (5, 10, 15, 20)]
    return "Counted for you: " + "; ".join(f"{days} is {end:%A} {end.day} {end:%B}" for days, end in ends) + "."


class TaskForm(DeadlineForm):
    """A new task of one of the five kinds (S59-S65)."""

    kind = forms.ChoiceField(
        label="Kind of task",
        choices=TaskKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind of task"},
    )
    title = forms.CharField(
        label="Title",
        required=False,
        max_length=TITLE_LIMIT,
        help_text="Choose a usual title or write your own. Left empty, the title is the kind of task",
        widget=forms.TextInput(attrs={"list": "usual-titles", "autocomplete": "off"}),
        error_messages=too_long(TITLE_LIMIT),
    )
    details = long_text(
        "Details",
        limit=DETAILS_LIMIT,
        hint="Say what you need and in which form. The landlord sees this under the task.",
    )
    letter = forms.ChoiceField(label="A document already on the case", required=False)
    letter_file = forms.FileField(
        label="Or a new letter or e-mail",
        required=False,
        allow_empty_file=True,
        help_text=f"It is added to the case’s documents, and the landlord can open it. Up to {LIMIT_WORDS}.",
    )
    once = IdempotencyField()
    field_order = ("kind", "title", "details", "letter", "letter_file", "due_on", "working_days")

    def __init__(self, *args: Any, letters: Iterable[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letters = {str(letter.pk): letter for letter in letters}
        names = [(key, f"{letter.name}, {short_date(letter.received_at)}") for key, letter in self.letters.items()]
        self.fields["letter"].choices = [("", "No document"), *names]  # type: ignore[attr-defined]
        self.fields["letter"].error_messages["invalid_choice"] = (
            "Choose a document of this case that the landlord may see."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("letter") and cleaned.get("letter_file"):
            self.add_error("letter_file", "Choose a document of the case or send a new one, not both")
        return cleaned


class ReturnForm(ReplacingForm, DeadlineForm):
    """Back to the landlord (C12)."""

    reason = long_text(
        "What is missing", limit=REASON_LIMIT, hint="The landlord reads this.", missing="Enter what is missing"
    )
    field_order = ("reason", "due_on", "working_days")


class ExtendForm(ReplacingForm, DeadlineForm):
    """Another deadline (C11)."""

    reason = long_text(
        "Why the deadline changes",
        limit=REASON_LIMIT,
        hint="The landlord reads this.",
        missing="Enter why the deadline changes",
    )
    field_order = ("due_on", "working_days", "reason")


class ChangeForm(ReplacingForm):
    """Other words for a task (C11)."""

    title = forms.CharField(
        label="Title",
        max_length=TITLE_LIMIT,
        error_messages={"required": "Enter a title for the task", **too_long(TITLE_LIMIT)},
    )
    details = long_text("Details", limit=DETAILS_LIMIT, hint="The landlord sees this under the task.", rows=8)


class CancelForm(ReplacingForm):
    """Why a task is no longer asked for (C11)."""

    reason = long_text(
        "Why the task is cancelled",
        limit=REASON_LIMIT,
        hint="The landlord reads this.",
        missing="Enter why the task is cancelled",
    )


class AnswerForm(ReplacingForm):
    """The answer to “unable to complete” that leaves the task as it is (S70)."""

    answer = long_text(
        "Your answer",
        limit=REASON_LIMIT,
        hint="The landlord reads this. The task and its deadline stay as they are.",
        missing="Enter your answer",
    )
