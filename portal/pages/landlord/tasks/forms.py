"""Forms of a landlord about cases and tasks. The rules are in the actions."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.landlords.people import names_of
from portal.lib import clock
from portal.pages.design.fields import DateField, TypedText
from portal.tasks.actions import REASON_LIMIT

Choices = list[tuple[str, str]]


def choices_of_people(actor: Actor) -> Choices:
    """Returns the landlord's active people, with the reader first, as “me”."""
    if actor.landlord_id is None:
        return []
    people = names_of(None, landlord_id=actor.landlord_id)
    return [(str(user_id), f"{name} (me)" if user_id == actor.user_id else name) for user_id, name in people]


def with_the_one_who_left(people: Choices, person: User | None) -> Choices:
    """Keeps a deactivated colleague as a choice while they are assigned, so that saving the form unchanged changes nothing."""
    if person is None or str(person.pk) in dict(people):
        return people
    return [*people, (str(person.pk), person.name_now)]


class AssignForm(forms.Form):
    """Assigns one of the landlord's own people (D5)."""

    colleague = forms.ChoiceField(
        label="Assigned to", required=False, error_messages={"invalid_choice": "Choose one of your own colleagues"}
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = dict(people)
        self.fields["colleague"].choices = [("", "Nobody"), *people]  # type: ignore[attr-defined]

    def clean_colleague(self) -> int | None:
        return int(self.cleaned_data["colleague"]) if self.cleaned_data["colleague"] else None

    @property
    def words(self) -> str:
        """Returns the success message."""
        chosen = self.cleaned_data["colleague"]
        return (
            "no longer assigned to anybody."
            if chosen is None
            else f"assigned to {self._people[str(chosen)].removesuffix(' (me)')}."
        )


class CompletedForm(forms.Form):
    """“Task completed”: the date, never in the future (S68)."""

    completed_on = DateField(
        label="Date completed",
        help_text="",
        error_messages={"required": "Enter the date you completed the task"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        asked = self.fields["completed_on"]
        asked.help_text = (
            f"For example, {today.day} {today.month} {today.year} for today. The date cannot be in the future."
        )

    def clean_completed_on(self) -> date:
        completed_on: date = self.cleaned_data["completed_on"]
        if completed_on > clock.today():
            raise ValidationError("The date you completed the task must be today or in the past")
        return completed_on


class UnableForm(forms.Form):
    """“Unable to complete”: a short message why (S69)."""

    reason = TypedText(
        label="Why are you unable to complete the task?",
        help_text="Your caseworker reads this and contacts you about what happens next. Until then the deadline stays.",
        max_length=REASON_LIMIT,
        widget=forms.Textarea,
        error_messages={
            "required": "Enter why you are unable to complete the task",
            "max_length": f"The reason must be {REASON_LIMIT:,} characters or fewer",
        },
    )
