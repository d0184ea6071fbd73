"""The filters of the landlord's lists: what the address asks for, which rows that leaves, how it shows (S30, S31)."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case as Switch
from django.db.models import F, Q, When
from django.http import QueryDict

from portal.access.actor import Actor
from portal.cases.querysets import CaseQuerySet
from portal.cases.statuses import Status
from portal.lib.references import tidy
from portal.pages.design.fields import PARTS, DateField
from portal.pages.design.wording import long_date
from portal.pages.landlord.standing import today
from portal.search import finding
from portal.search.models import Kind
from portal.tasks.deadlines import Nearness
from portal.tasks.models import TaskKind
from portal.tasks.querysets import TaskQuerySet
from portal.teams.models import Team

NOBODY = "nobody"
ANY = [("", "Any")]
DEADLINES = (
    ("overdue", "Overdue"),
    ("approaching", "Approaching"),
    ("later", "Later"),
    ("none", "No deadline"),
)
TASK_STATES = (("outstanding", "Outstanding tasks"), ("none", "No outstanding tasks"))
NEARNESS = tuple((one.name.lower(), one.value) for one in Nearness)
SORTS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "deadline": ("Next deadline", ()),  # the queryset's own due_first
    "reference": ("Reference", ("reference",)),
    "resident": ("Resident", ("resident_name", "id")),
    "status": ("Status", (Switch(*(When(status=status, then=place) for place, status in enumerate(Status))), "id")),
    "team": ("Managing team", ("team", "id")),
    "newest": ("Newest first", (F("released_at").desc(), "-id")),
    "closed": ("Latest closed first", ("-closed_at", "-id")),
}


class Filter(forms.Form):
    """A filter form complains only of what a person typed: a choice that it does not offer narrows nothing."""

    def full_clean(self) -> None:
        super().full_clean()
        for name in [name for name in self.errors if isinstance(self.fields.get(name), forms.ChoiceField)]:
            del self.errors[name]

    def asked(self) -> dict[str, Any]:
        """The filters that are applied, by field, in the order of the form."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in self.fields if self.cleaned_data.get(name) not in (None, "")}

    def chips(self, base: str, hidden: tuple[str, ...] = ()) -> list[dict[str, str]]:
        """Each applied filter in words, with the address that takes it away."""
        asked = {name: value for name, value in self.asked().items() if name not in hidden}
        return [{**self._words(name, value), "href": self.href(base, without=name)} for name, value in asked.items()]

    def href(self, base: str, *, without: str = "", **changed: str) -> str:
        """The list's address with these filters, one left out or changed."""
        pairs: dict[str, str] = {}
        for name, value in self.asked().items():
            if name != without and name not in changed:
                pairs |= _typed(name, value)
        query = urlencode({**pairs, **changed})
        return f"{base}?{query}" if query else base

    def _words(self, name: str, value: Any) -> dict[str, str]:
        label = str(self.fields[name].label)
        if value is True:
            return {"category": "", "text": label}
        if isinstance(value, date):
            return {"category": label, "text": long_date(value)}
        choices = dict(getattr(self.fields[name], "choices", ()))
        return {"category": label, "text": str(choices.get(value, value))}


class CaseFilter(Filter):
    reference = forms.CharField(label="Reference", max_length=20, required=False)
    resident = forms.CharField(label="Resident", max_length=200, required=False)
    address = forms.CharField(label="Address of the home", max_length=400, required=False)
    status = forms.ChoiceField(label="Status", choices=[*ANY, *Status.choices], required=False)
    team = forms.ChoiceField(label="Managing team", choices=[*ANY, *Team.choices], required=False)
    owner = forms.ChoiceField(label="Case owner", required=False)
    deadline = forms.ChoiceField(label="Next deadline", choices=[*ANY, *DEADLINES], required=False)
    tasks = forms.ChoiceField(label="Tasks", choices=[*ANY, *TASK_STATES], required=False)
    text = forms.CharField(label="Words in the case", max_length=200, required=False)
    due_from = DateField(label="Deadline from", required=False)
    due_to = DateField(label="Deadline to", required=False)
    sort = forms.ChoiceField(
        label="Sort by", choices=[(key, words) for key, (words, _) in SORTS.items()], required=False
    )

    def __init__(self, data: QueryDict, *, owners: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["owner"].choices = [*ANY, (NOBODY, "Not yet named"), *owners]  # type: ignore[attr-defined]
        self.close: set[str] = set()  # the filters that nothing fits as it was typed

    def clean(self) -> None:
        first, last = self.cleaned_data.get("due_from"), self.cleaned_data.get("due_to")
        if first and last and last < first:
            self.add_error(
                "due_to",
                ValidationError("Deadline to must be the same as or after deadline from", code="unreal-day-month-year"),
            )

    def narrow(self, cases: CaseQuerySet, actor: Actor, sort: str = "deadline") -> CaseQuerySet:
        """The cases that fit every filter, in the order asked for, or else by `sort`."""
        asked = self.asked()
        for name, value in asked.items():
            if name in NARROWINGS:
                cases = cases.filter(NARROWINGS[name](value))
        for name, kinds in SEARCHED.items():
            if name in asked:
                cases, is_close = finding.narrow(cases, asked[name], actor, kinds)
                self.close |= {name} if is_close else set()
        order = SORTS[asked.get("sort", sort)][1]
        return cases.order_by(*order) if order else cases.due_first()

    def _words(self, name: str, value: Any) -> dict[str, str]:
        chip = super()._words(name, value)
        return {**chip, "text": f"{chip['text']} (close matches)"} if name in self.close else chip


class TaskFilter(Filter):
    mine = forms.BooleanField(label="Assigned to me", required=False)
    nearness = forms.ChoiceField(label="Deadline", choices=[*ANY, *NEARNESS], required=False)
    kind = forms.ChoiceField(label="Kind of task", choices=[*ANY, *TaskKind.choices], required=False)
    case = forms.CharField(label="Case", max_length=20, required=False)
    show = forms.ChoiceField(
        choices=[("", "Outstanding"), ("checking", "Completed, being checked"), ("ended", "Ended")], required=False
    )

    def asked(self) -> dict[str, Any]:
        return {name: value for name, value in super().asked().items() if value is not False}

    def narrow(self, tasks: TaskQuerySet, user_id: int) -> TaskQuerySet:
        """The tasks that fit every filter: outstanding by deadline, completed ones latest first."""
        asked = self.asked()
        shown = asked.get("show", "")
        tasks = {"checking": tasks.checking, "ended": tasks.ended}.get(shown, tasks.outstanding().due_first)()
        if "mine" in asked:
            tasks = tasks.assigned_to(user_id)
        if "nearness" in asked and not shown:
            tasks = tasks.near(Nearness[asked["nearness"].upper()], today())
        if "kind" in asked:
            tasks = tasks.filter(kind=asked["kind"])
        return tasks.filter(case__reference__contains=tidy(asked["case"])) if "case" in asked else tasks


def _near(key: str) -> Q:
    seen = today()
    return {
        "overdue": Q(next_due_on__lt=seen.today),
        "approaching": Q(next_due_on__gte=seen.today, next_due_on__lte=seen.approaching_until),
        "later": Q(next_due_on__gt=seen.approaching_until),
        "none": Q(next_due_on__isnull=True),
    }[key]


# Looked for as the search does: the things of a case in which the words may stand; none named is all of them.
SEARCHED: dict[str, tuple[Kind, ...]] = {"resident": (Kind.RESIDENT,), "address": (Kind.HOME,), "text": ()}
NARROWINGS: dict[str, Callable[[Any], Q]] = {
    "reference": lambda value: Q(reference__contains=tidy(value)),
    "status": lambda value: Q(status=value),
    "team": lambda value: Q(team=value),
    "owner": lambda value: Q(owner_id__isnull=True) if value == NOBODY else Q(owner_id=int(value)),
    "deadline": _near,
    "tasks": lambda value: Q(tasks_outstanding=0) if value == "none" else Q(tasks_outstanding__gt=0),
    "due_from": lambda value: Q(next_due_on__gte=value),
    "due_to": lambda value: Q(next_due_on__lte=value),
}


def _typed(name: str, value: Any) -> dict[str, str]:
    """A filter as it stands in an address."""
    if isinstance(value, date):
        return {f"{name}-{part}": str(getattr(value, part)) for part in PARTS}
    return {name: "on" if value is True else str(value)}
