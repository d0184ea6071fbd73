"""Forms of caseworkers and the portal team. A form only reads input; the rules are in the actions."""

from typing import Any

from django import forms

from portal.accounts.models import User
from portal.cases import lifecycle
from portal.cases.actions import REASON_LIMIT, Owner
from portal.cases.statuses import Status
from portal.pages.design.fields import Choices, ReplacingForm, TypedText, long_text, too_long
from portal.pages.shared.lists.narrowing import NOBODY
from portal.teams.models import Team
from portal.teams.people import owner_names


def owner_choices(now: User | None = None) -> Choices:
    """Returns the active people of the four teams, with their team, and the current owner even if inactive."""
    people = [(str(user_id), f"{name} ({Team(team).label})") for user_id, name, team in owner_names(None) if team]
    if now is None or str(now.pk) in dict(people):
        return people
    return [*people, (str(now.pk), now.name_now)]


class CaseForm(forms.Form):
    """A new case (C5)."""

    reference = forms.CharField(
        label="Case reference",
        help_text="Nine digits: the year and the number, for example 202601234",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        max_length=20,
        error_messages={"required": "Enter the case reference", **too_long(20)},
    )
    landlord = forms.CharField(
        label="Landlord",
        help_text="Start typing the name, then choose the landlord",
        max_length=200,
        widget=forms.TextInput(attrs={"list": "landlord-names", "autocomplete": "off"}),
        error_messages={"required": "Enter the landlord’s name", **too_long(200)},
    )
    resident_name = forms.CharField(
        label="Resident’s name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the resident’s name", **too_long(200)},
    )
    resident_address = TypedText(
        label="Address of the home",
        help_text="The landlord will see the resident’s name and this address, and nothing else about them",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": "Enter the address of the home", **too_long(400)},
    )
    summary = long_text(
        "What the complaint is about", limit=4000, hint="The landlord will see this once the case is released"
    )
    team = forms.ChoiceField(label="Managing team", choices=Team.choices, initial=Team.DISPUTE_SUPPORT)
    owner = forms.ChoiceField(label="Case owner", required=False)

    def __init__(self, *args: Any, owner: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "Nobody yet"), *owner]  # type: ignore[attr-defined]

    def clean_owner(self) -> int | None:
        return int(self.cleaned_data["owner"]) if self.cleaned_data["owner"] else None


class MoveForm(ReplacingForm):
    """Moves a case. Offers only the moves that the table allows and that a person may choose."""

    status = forms.ChoiceField(
        label="New status", widget=forms.RadioSelect, error_messages={"required": "Choose the new status"}
    )
    reason = long_text(
        "Why the status changes",
        limit=REASON_LIMIT,
        hint="Only the service sees the reason. The landlord is told the new status.",
        missing="Enter why the status changes",
    )

    team = forms.ChoiceField(
        label="Managing team", required=False, choices=[("", "The team beside the status"), *Team.choices]
    )
    owner = forms.ChoiceField(
        label="Case owner",
        required=False,
        help_text="Somebody of the team that then manages the case. A new owner is told.",
    )

    def __init__(self, *args: Any, status: Status, owner: Choices, owner_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [("", f"{owner_name}, or nobody yet if another team manages the case"), (NOBODY, "Nobody yet")]
        self.fields["owner"].choices = [*(kept if owner_name else [("", "Nobody yet")]), *owner]  # type: ignore[attr-defined]
        self.determines = any(move in lifecycle.DETERMINATIONS for move in lifecycle.moves_from(status))
        self.fields["status"].choices = [(move.value, move_words(move)) for move in lifecycle.chosen_from(status)]  # type: ignore[attr-defined]

    def clean_owner(self) -> int | Owner | None:
        chosen = self.cleaned_data["owner"]
        return Owner.KEPT_IN_TEAM if chosen == "" else None if chosen == NOBODY else int(chosen)


def move_words(move: Status) -> str:
    """Returns the status with the team that then manages the case."""
    team = lifecycle.DEFAULT_TEAM[move]
    return f"{move.label} ({team.label})" if team else f"{move.label} (the team stays)"


class HandOverForm(ReplacingForm):
    """Who manages the case (C8)."""

    team = forms.ChoiceField(label="Managing team", choices=Team.choices, widget=forms.RadioSelect)
    owner = forms.ChoiceField(
        label="Case owner",
        required=False,
        help_text="A new owner is told, and gets the notifications of the case from now on",
    )

    def __init__(self, *args: Any, owner: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "Nobody"), *owner]  # type: ignore[attr-defined]

    clean_owner = CaseForm.clean_owner
