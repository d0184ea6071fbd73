"""What the portal team fills in about the people of the service."""

from django import forms

from portal.access.roles import ROLES, SERVICE_ROLES
from portal.pages.design.fields import ReplacingForm, long_text
from portal.pages.shared.writing.person_form import PersonForm
from portal.teams.models import Team


class PlaceForm(forms.Form):
    """The role and the team of somebody of the service (C1)."""

    role = forms.ChoiceField(
        label="Role",
        widget=forms.RadioSelect,
        choices=[(role.value, f"{ROLES[role].name}: {ROLES[role].words}") for role in SERVICE_ROLES],
        error_messages={"required": "Choose the role"},
    )
    team = forms.ChoiceField(
        label="Team",
        required=False,
        choices=[("", "None"), *Team.choices],
        help_text="Enquiry officers, caseworkers and team managers belong to a team; the other roles to none",
    )


class ChangePlaceForm(ReplacingForm, PlaceForm):
    """Another role or team."""


class ServicePersonForm(PersonForm, PlaceForm):
    """A new person of the service."""

    field_order = ["name", "email", "role", "team"]


class FactorResetForm(forms.Form):
    """How the person who lost their second factors was known (B13)."""

    identity_check = long_text(
        "How you checked who the person is",
        limit=2000,
        hint="For example: called back on the number in the register, and the name of who confirmed it. "
        "It is kept in the audit trail.",
        missing="Enter how you checked who the person is, and when",
    )
