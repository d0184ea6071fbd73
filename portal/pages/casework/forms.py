"""What caseworkers and the portal team fill in. A form only reads what was typed; the rules are the actions' own."""

from typing import Any

from django import forms

from portal.accounts.models import User
from portal.cases import lifecycle
from portal.cases.actions import REASON_LIMIT, Owner
from portal.cases.statuses import Status
from portal.content.words import categories
from portal.documents.models import Visibility
from portal.files.inspection import LIMIT_WORDS
from portal.pages.design.fields import AddressField, OnceField, TypedText
from portal.pages.shared.narrowing import NOBODY
from portal.teams.models import Team
from portal.teams.people import owners_now

Choices = list[tuple[str, str]]
EVERYTHING: Choices = [("", "All")]


def owner_choices(now: User | None = None) -> Choices:
    """The active people of the four teams, with the team; and whoever owns the case now, though they have left."""
    people = [(str(member.user_id), f"{member.user.name} ({member.get_team_display()})") for member in owners_now(None)]
    if now is None or str(now.pk) in dict(people):
        return people
    return [*people, (str(now.pk), now.name_now)]


def whole_number(label: str, *, most: int, hint: str = "") -> forms.IntegerField:
    """A count that may be left empty."""
    range_words = f"{label} must be between 0 and {most:,}"
    return forms.IntegerField(
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


class MoveForm(forms.Form):
    """Another status: only the moves that the table allows, and that a person chooses, are offered."""

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
    """The status, with the team that then manages the case."""
    team = lifecycle.DEFAULT_TEAM[move]
    return f"{move.label} ({team.label})" if team else f"{move.label} (the team stays)"


class HandOverForm(forms.Form):
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


class DocumentForm(forms.Form):
    """A document that the service adds."""

    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        help_text=f"Up to {LIMIT_WORDS}, under the same rules as for landlords",
        error_messages={"required": "Choose a file"},
    )
    category = forms.ChoiceField(
        label="Category",
        choices=lambda: [("", "Choose a category"), *categories()],
        error_messages={"required": "Choose a category"},
    )
    visibility = forms.ChoiceField(
        label="Who may see it",
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may see the document"},
    )
    once = OnceField()


class InviteForm(forms.Form):
    """A landlord and its administrator (C3, S11)."""

    KINDS = (
        "Housing association",
        "Local authority",
        "Arm’s length management organisation",
        "Co-operative",
        "Charity",
        "Other",
    )

    name = forms.CharField(
        label="Landlord’s name",
        max_length=200,
        error_messages={"required": "Enter the landlord’s name", **too_long(200)},
    )
    kind = forms.ChoiceField(label="Type of landlord", choices=[(kind, kind) for kind in KINDS])
    homes = whole_number("Number of homes", most=5_000_000)
    administrator_name = forms.CharField(
        label="Administrator’s name",
        max_length=200,
        help_text="The person who holds the landlord’s main account",
        error_messages={"required": "Enter the administrator’s name", **too_long(200)},
    )
    email = AddressField(
        label="Administrator’s e-mail address",
        max_length=254,
        help_text="It is the username, and gets the sign-in codes and notifications. Only you can change it later.",
        error_messages={
            "required": "Enter the administrator’s e-mail address",
            "invalid": "Enter an e-mail address, for example name@alder.example",
        },
    )


class FactorResetForm(forms.Form):
    """How the person who lost their second factors was known (B13)."""

    identity_check = long_text(
        "How you checked who the person is",
        limit=2000,
        hint="For example: called back on the number in the register, and the name of who confirmed it. "
        "It is kept in the audit trail.",
        missing="Enter how you checked who the person is, and when",
    )


class MailFilter(forms.Form):
    """The filters of the e-mail log."""

    STATES = (("waiting", "Waiting to be sent"), ("claimed", "Being sent"), ("done", "Sent"), ("failed", "Failed"))

    state = forms.ChoiceField(label="State", required=False, choices=[*EVERYTHING, *STATES])
    address = forms.CharField(label="E-mail address", required=False, max_length=254, help_text="All or part of it")


class NotificationFilter(forms.Form):
    """The filter of the notifications beside the e-mail log."""

    address = forms.CharField(label="E-mail address", required=False, max_length=254, help_text="All or part of it")
