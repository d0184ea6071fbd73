"""What is filled in to restrict a person's access. The rules stand in portal/restrictions/actions.py."""

from typing import Any

from django import forms

from portal.access.actor import Actor
from portal.access.levels import Level
from portal.lib import clock
from portal.pages.design.fields import Choices, DateField, ReplacingForm, long_text
from portal.restrictions.actions import APPEAL_LIMIT, REASON_LIMIT
from portal.restrictions.approving import approvers


def whom(actor: Actor) -> Choices:
    """The colleagues who may approve, with what they are."""
    return [(str(one.user_id), f"{one.user.name} ({one.get_role_display()})") for one in approvers(actor)]


class ReviewForm(ReplacingForm):
    """Looked at again."""

    reason = long_text(
        "What you found",
        limit=REASON_LIMIT,
        hint="Only the service sees this",
        missing="Enter what you found when you looked at this again",
    )
    review_on = DateField(label="Look at it again by", error_messages={"required": "Enter the date of the next review"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_on"].help_text = f"Within a year. For example, 27 3 {clock.today().year + 1}"

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        return dict(self.cleaned_data)


class ChangeForm(ReviewForm):
    """Another level, which somebody else has approved."""

    level = forms.ChoiceField(
        label="Level",
        choices=[(level.value, level.label) for level in Level],
        widget=forms.RadioSelect,
        help_text="Under each level stands what the person reads",
        error_messages={"required": "Choose the level"},
    )
    approver = forms.ChoiceField(
        label="Approved by",
        help_text="A team manager or a colleague of the portal team, who agreed to this. Not you.",
        error_messages={"required": "Choose who approved this"},
    )

    field_order = ["level", "reason", "appeal", "approver", "review_on"]

    def __init__(self, *args: Any, approvers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approver"].choices = [("", "Choose a colleague"), *approvers]  # type: ignore[attr-defined]
        self.fields["reason"].label = "Why"
        self.fields["reason"].error_messages["required"] = "Enter why"

    def given(self) -> dict[str, Any]:
        given = super().given()
        given["approver_id"] = int(given.pop("approver"))
        return given


class RestrictForm(ChangeForm):
    """A new restriction."""

    appeal = long_text(
        "How the person can ask us to look at it again",
        limit=APPEAL_LIMIT,
        hint="The person reads this in the portal. Name no case and no resident.",
        missing="Enter how the person can ask us to look at this again",
    )

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in super().given().items() if name != "seen"}


class LiftForm(ReplacingForm):
    """The end."""

    reason = long_text(
        "Why it ends", limit=REASON_LIMIT, hint="Only the service sees this", missing="Enter why the restriction ends"
    )

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
