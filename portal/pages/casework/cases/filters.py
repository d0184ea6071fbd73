"""The filters of the service's list of cases: their fields, the rows that match, and the sort orders."""

from django import forms
from django.http import QueryDict

from portal.access.actor import Actor
from portal.cases.querysets import CaseQuerySet
from portal.cases.statuses import Status
from portal.landlords import register
from portal.pages.casework.worklist.queues import Whose, cases_of
from portal.pages.design.fields import EVERYTHING, Choices
from portal.pages.shared.lists.filtering import Filter
from portal.pages.shared.lists.narrowing import NARROWINGS, NOBODY
from portal.pages.shared.lists.sorting import (
    Sorting,
    dates_column,
    label_column,
    numbers_column,
    steps_column,
    words_column,
)
from portal.search import finding
from portal.search.kinds import Kind
from portal.teams.models import Team

CASE_SORTING = Sorting(
    (
        numbers_column("reference", "Case", "reference"),
        words_column("resident", "Resident", "resident_name", is_never_missing=True),
        words_column("landlord", "Landlord", "landlord__name"),
        steps_column("status", "Status", "status", list(Status)),
        label_column("team", "Team", "team", Team.choices),
        words_column("owner", "Owner", "owner__name"),
        dates_column("deadline", "Next deadline", "next_due_on"),
    ),
    "deadline",
    (dates_column("created", "Created", "created_at", falls_first=True),),
)


class CaseFilter(Filter):
    """The filters of the list of cases."""

    reference = forms.CharField(
        label="Case reference", required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    resident = forms.CharField(label="Resident’s name or address", required=False, max_length=100)
    landlord = forms.CharField(label="Landlord", required=False, max_length=200)
    status = forms.ChoiceField(label="Status", required=False, choices=EVERYTHING + list(Status.choices))
    team = forms.ChoiceField(label="Team", required=False, choices=EVERYTHING + list(Team.choices))
    owner = forms.ChoiceField(label="Owner", required=False)
    show = forms.ChoiceField(
        label="Open or closed",
        required=False,
        choices=[("", "Open"), ("closed", "Closed"), ("hidden", "Open, not yet released"), ("all", "Open and closed")],
    )
    whose = forms.ChoiceField(label="Whose cases", required=False)

    def __init__(self, data: QueryDict, *, whose: Choices, owner: Choices) -> None:
        super().__init__(data, sorting=CASE_SORTING)
        self.fields["owner"].choices = [*EVERYTHING, (NOBODY, "Nobody"), *owner]  # type: ignore[attr-defined]
        self.fields["whose"].choices = [("", "Everyone’s cases"), *whose]  # type: ignore[attr-defined]

    def cases(self, actor: Actor) -> CaseQuerySet:
        """Returns the cases that match every filter, in the requested order, otherwise by deadline."""
        asked = self.asked()
        found = _shown(cases_of(actor, Whose(asked.get("whose", Whose.ALL))), asked.get("show", ""))
        for name, value in asked.items():
            if name in NARROWINGS:
                found = found.filter(NARROWINGS[name](value))
        if "landlord" in asked:
            found = found.filter(landlord__in=register.named(asked["landlord"], by=actor))
        if "resident" in asked:
            found, is_close = finding.narrow(found, asked["resident"], actor, (Kind.RESIDENT, Kind.HOME))
            self.close |= {"resident"} if is_close else set()
        return self.sorting.applied(found, self.sort())


def _shown(found: CaseQuerySet, show: str) -> CaseQuerySet:
    if show == "closed":
        return found.closed()
    if show == "hidden":
        return found.open().filter(released_at__isnull=True)
    return found if show == "all" else found.open()
