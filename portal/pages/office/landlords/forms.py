"""What the portal team fills in to invite a landlord and to look after its accounts."""

from typing import Any

from django import forms

from portal.landlords.main_account import CHECK_LIMIT, Former
from portal.landlords.models import Membership
from portal.landlords.sub_accounts import MOST
from portal.pages.design.fields import AddressField, ReplacingForm, long_text, too_long, whole_number
from portal.pages.shared.writing.person_form import address_field, name_field

SOMEBODY_NEW = "new"


def check_field() -> forms.CharField:
    return long_text(
        "How you checked who is asking",
        limit=CHECK_LIMIT,
        rows=3,
        hint="For example: called back on the number that we hold, and spoke to the company secretary. "
        "It is kept in the audit trail with your name.",
        missing="Enter how you checked who is asking",
    )


class LimitForm(ReplacingForm):
    """How many active sub accounts a landlord may have (D4)."""

    limit = whole_number("Limit", most=MOST, hint="How many active sub accounts the landlord may have")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["limit"].required = True
        self.fields["limit"].error_messages["required"] = "Enter the limit"


class AddressForm(ReplacingForm):
    """Another address for somebody's account (D10)."""

    email = address_field("New e-mail address")
    checked = check_field()


class HandOverForm(ReplacingForm):
    """Who holds the landlord's main account from now on."""

    successor = forms.ChoiceField(
        label="New administrator",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the new administrator"},
    )
    name = name_field("Name of somebody new", required=False)
    email = address_field("E-mail address of somebody new", required=False)
    former = forms.ChoiceField(
        label="What becomes of the former administrator",
        widget=forms.RadioSelect,
        choices=[
            (Former.STAYS, "They keep an account, as a sub account"),
            (Former.LEAVES, "Their account is deactivated"),
        ],
        error_messages={"required": "Choose what becomes of the former administrator"},
    )
    checked = check_field()

    def __init__(self, *args: Any, people: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(member.pk), f"{member.user.name} ({member.user.email})") for member in people]
        self.fields["successor"].choices = [*known, (SOMEBODY_NEW, "Somebody new")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("successor") == SOMEBODY_NEW:
            for name, words in (("name", "Enter the person’s name"), ("email", "Enter the e-mail address")):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return self.cleaned_data

    def given(self) -> dict[str, Any]:
        """The hand-over as the action takes it."""
        chosen, new = self.cleaned_data, self.cleaned_data["successor"] == SOMEBODY_NEW
        return {
            "successor_id": None if new else int(chosen["successor"]),
            "name": chosen["name"] if new else "",
            "email": chosen["email"] if new else "",
            "former": Former(chosen["former"]),
            "checked": chosen["checked"],
            "seen": chosen["seen"],
        }


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
