"""The filters of the landlord's lists: their fields, the rows that match, and the sort orders (S30, S31)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict

from portal.access.actor import Actor
from portal.cases.querysets import CaseQuerySet
from portal.cases.statuses import Status
from portal.landlords.people import names_at
from portal.lib import pasted
from portal.pages.design.fields import DateField
from portal.pages.shared.horizon import today
from portal.pages.shared.lists import narrowing
from portal.pages.shared.lists.filtering import Filter
from portal.pages.shared.lists.narrowing import NOBODY
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
from portal.tasks.deadlines import Nearness
from portal.tasks.models import TaskKind
from portal.tasks.querysets import TaskQuerySet, due
from portal.teams.models import Team

ME = "me"
ANY = [("", "Any")]
DEADLINES = (
    ("overdue", "Overdue"),
    ("approaching", "Approaching"),
    ("later", "Later"),
    ("none", "No deadline"),
)
TASK_STATES = (("outstanding", "Outstanding tasks"), ("none", "No outstanding tasks"))
NEARNESS = tuple((one.name.lower(), one.value) for one in Nearness)
CASE_COLUMNS = (
    numbers_column("reference", "Reference", "reference"),
    words_column("resident", "Resident and home", "resident_name", is_never_missing=True),
    steps_column("status", "Status", "status", list(Status)),
    label_column("team", "Managing team", "team", Team.choices),
    words_column("owner", "Case owner", "owner__name"),
    words_column("assigned", "Assigned to", "colleague__name"),
)
OPENED = (dates_column("opened", "Opened to you", "released_at", falls_first=True),)
BY_DEADLINE = Sorting((*CASE_COLUMNS, dates_column("deadline", "Next deadline", "next_due_on")), "deadline", OPENED)
BY_CLOSING = Sorting(
    (*CASE_COLUMNS, dates_column("closed", "Closed on", "closed_at", falls_first=True)), "-closed", OPENED
)
VIEWS = (("", "Outstanding"), ("checking", "Completed, being checked"), ("ended", "Ended"))  # of My tasks
TASK_COLUMNS = (
    dates_column("deadline", "Deadline", "due_on"),
    words_column("task", "Task", "title"),
    label_column("kind", "Kind of task", "kind", TaskKind.choices),
    numbers_column("case", "Case", "case__reference"),
    words_column("resident", "Resident", "case__resident_name"),
    words_column("assigned", "Assigned to", "colleague__name"),
)
TASK_SORTING = {
    "": Sorting(TASK_COLUMNS, "deadline"),
    "checking": Sorting(
        (*TASK_COLUMNS, dates_column("completed", "Completed", "completed_at", falls_first=True)), "-completed"
    ),
    "ended": Sorting((*TASK_COLUMNS, dates_column("ended", "Ended", "ended_at", falls_first=True)), "-ended"),
}


class AssignedFilter(Filter):
    """The field that the filters of cases and tasks share: the assigned colleague (D5)."""

    def offer_colleagues(self, actor: Actor) -> None:
        """Includes colleagues who can no longer sign in, so that their work can be found and reassigned."""
        everybody = names_at(None, landlord_id=actor.landlord_id or 0)
        people = [(str(one.user_id), one.user.name_now) for one in everybody]
        self.fields["assigned"].choices = [*ANY, (ME, "Me"), (NOBODY, "Nobody"), *people]  # type: ignore[attr-defined]

    def words(self, name: str, value: Any) -> dict[str, str]:
        said = super().words(name, value)
        if name != "assigned":
            return said
        return {
            "category": "",
            "text": f"Assigned to {said['text'].lower() if value in {ME, NOBODY} else said['text']}",
        }


class CaseFilter(AssignedFilter):
    reference = forms.CharField(label="Reference", max_length=20, required=False)
    resident = forms.CharField(label="Resident", max_length=200, required=False)
    address = forms.CharField(label="Address of the home", max_length=400, required=False)
    status = forms.ChoiceField(label="Status", choices=[*ANY, *Status.choices], required=False)
    team = forms.ChoiceField(label="Managing team", choices=[*ANY, *Team.choices], required=False)
    owner = forms.ChoiceField(label="Case owner", required=False)
    assigned = forms.ChoiceField(label="Assigned to", required=False)
    deadline = forms.ChoiceField(label="Next deadline", choices=[*ANY, *DEADLINES], required=False)
    tasks = forms.ChoiceField(label="Tasks", choices=[*ANY, *TASK_STATES], required=False)
    text = forms.CharField(label="Words in the case", max_length=200, required=False)
    due_from = DateField(label="Deadline from", required=False)
    due_to = DateField(label="Deadline to", required=False)

    def __init__(self, data: QueryDict, *, actor: Actor, owners: list[tuple[str, str]], sorting: Sorting) -> None:
        super().__init__(data, sorting=sorting)
        self.fields["owner"].choices = [*ANY, (NOBODY, "Not yet named"), *owners]  # type: ignore[attr-defined]
        self.offer_colleagues(actor)

    def clean(self) -> None:
        first, last = self.cleaned_data.get("due_from"), self.cleaned_data.get("due_to")
        if first and last and last < first:
            self.add_error(
                "due_to",
                ValidationError("Deadline to must be the same as or after deadline from", code="unreal-day-month-year"),
            )

    def narrow(self, cases: CaseQuerySet, actor: Actor) -> CaseQuerySet:
        """Returns the cases that match every filter, in the requested order, otherwise in the list's own."""
        asked = self.asked()
        for name, value in asked.items():
            if name in NARROWINGS:
                cases = cases.filter(NARROWINGS[name](value))
        if "assigned" in asked:
            cases = cases.filter(_assigned(asked["assigned"], actor))
        for name, kinds in SEARCHED.items():
            if name in asked:
                cases, is_close = finding.narrow(cases, asked[name], actor, kinds)
                self.close |= {name} if is_close else set()
        return self.sorting.applied(cases, self.sort())


class TaskFilter(AssignedFilter):
    assigned = forms.ChoiceField(label="Assigned to", required=False)
    nearness = forms.ChoiceField(label="Deadline", choices=[*ANY, *NEARNESS], required=False)
    kind = forms.ChoiceField(label="Kind of task", choices=[*ANY, *TaskKind.choices], required=False)
    case = forms.CharField(label="Case", max_length=20, required=False)
    show = forms.ChoiceField(choices=VIEWS, required=False)

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        shown = data.get("show", "")
        super().__init__(data, sorting=TASK_SORTING.get(shown, TASK_SORTING[""]))
        self.offer_colleagues(actor)
        if shown in {"checking", "ended"}:
            self.fields["nearness"].choices = ANY  # type: ignore[attr-defined]  # their deadlines no longer press

    def narrow(self, tasks: TaskQuerySet, actor: Actor) -> TaskQuerySet:
        """Returns the tasks that match every filter: in the requested order, otherwise outstanding ones by deadline and
        completed ones latest first."""
        asked = self.asked()
        tasks = {"checking": tasks.checking, "ended": tasks.ended}.get(asked.get("show", ""), tasks.outstanding)()
        if "assigned" in asked:
            tasks = tasks.filter(_assigned(asked["assigned"], actor))
        if "nearness" in asked:
            tasks = tasks.near(Nearness[asked["nearness"].upper()], today())
        if "kind" in asked:
            tasks = tasks.filter(kind=asked["kind"])
        if "case" in asked:
            tasks = tasks.filter(case__reference__contains=pasted.reference(asked["case"]))
        return self.sorting.applied(tasks, self.sort())


def _assigned(value: str, actor: Actor) -> Q:
    """“Me” is the person who reads the list, also in a shared filter."""
    if value == NOBODY:
        return Q(colleague_id__isnull=True)
    return Q(colleague_id=actor.user_id if value == ME else int(value))


def _near(key: str) -> Q:
    if key == "none":
        return Q(next_due_on__isnull=True)
    nearness = {"overdue": Nearness.OVERDUE, "approaching": Nearness.APPROACHING, "later": Nearness.PENDING}[key]
    return due(nearness, today(), "next_due_on")


# Looked for as the search does: the things of a case in which the words may stand; none named is all of them.
SEARCHED: dict[str, tuple[Kind, ...]] = {"resident": (Kind.RESIDENT,), "address": (Kind.HOME,), "text": ()}
NARROWINGS: dict[str, Callable[[Any], Q]] = {
    **narrowing.NARROWINGS,
    "deadline": _near,
    "tasks": lambda value: Q(tasks_outstanding=0) if value == "none" else Q(tasks_outstanding__gt=0),
    "due_from": lambda value: Q(next_due_on__gte=value),
    "due_to": lambda value: Q(next_due_on__lte=value),
}
