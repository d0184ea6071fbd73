"""The caseworker's queues (C9): each is one queryset, from which come both its number on the worklist and its list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.access.roles import Role
from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.documents.models import Submission
from portal.lib.routes import address
from portal.messaging.models import Thread
from portal.pages.shared.horizon import today
from portal.pages.shared.lists.counts import counted, lengths
from portal.tasks.deadlines import Horizon, Nearness
from portal.tasks.models import Task, TaskState
from portal.tasks.querysets import TaskQuerySet

Rows = QuerySet[Any]


class Whose(StrEnum):
    """Whose cases a queue looks at."""

    MINE = "mine"
    TEAM = "team"
    ALL = "all"


WHOSE_WORDS = {Whose.MINE: "My cases", Whose.TEAM: "My team’s cases", Whose.ALL: "Everyone’s cases"}


def choices_of(actor: Actor) -> tuple[Whose, ...]:
    """People of the four teams have cases and a team; an auditor has neither and looks at everyone's."""
    return (Whose.MINE, Whose.TEAM) if actor.team else (Whose.ALL,)


def whose_of(actor: Actor, asked: str | None) -> Whose:
    """What was asked for, where the person has such a choice. A team manager starts with the team."""
    choices = choices_of(actor)
    if asked in choices:
        return Whose(asked)
    return Whose.TEAM if actor.role is Role.TEAM_MANAGER and Whose.TEAM in choices else choices[0]


def cases_of(actor: Actor, whose: Whose) -> CaseQuerySet:
    """The cases that the actor may see, as far as they are the actor's own or the team's."""
    narrowed = {Whose.MINE: Q(owner_id=actor.user_id), Whose.TEAM: Q(team=actor.team), Whose.ALL: Q()}
    return Case.objects.visible_to(actor).filter(narrowed[whose])


def _open_cases(actor: Actor, whose: Whose, seen: Horizon) -> Rows:
    return cases_of(actor, whose).open().due_first()


def _new_uploads(actor: Actor, whose: Whose, seen: Horizon) -> Rows:
    fresh = Submission.objects.visible_to(actor).new_uploads().filter(case__in=cases_of(actor, whose))
    return fresh.order_by("submitted_at", "id")


def _unread(actor: Actor, whose: Whose, seen: Horizon) -> Rows:
    return Thread.objects.filter(case__in=cases_of(actor, whose)).unread_by_staff().order_by("last_message_at", "id")


def _tasks(actor: Actor, whose: Whose) -> TaskQuerySet:
    found: TaskQuerySet = Task.objects.filter(case__in=cases_of(actor, whose)).due_first()
    return found


def _unable(actor: Actor, whose: Whose, seen: Horizon) -> Rows:
    return _tasks(actor, whose).filter(state=TaskState.UNABLE).order_by("unable_at", "id")


def _to_check(actor: Actor, whose: Whose, seen: Horizon) -> Rows:
    return _tasks(actor, whose).filter(state=TaskState.CHECKING).order_by("completed_at", "id")


def _overdue(actor: Actor, whose: Whose, seen: Horizon) -> Rows:
    return _tasks(actor, whose).near(Nearness.OVERDUE, seen)


def _due_this_week(actor: Actor, whose: Whose, seen: Horizon) -> Rows:
    sunday = seen.today + timedelta(days=6 - seen.today.weekday())
    return _tasks(actor, whose).outstanding().filter(due_on__gte=seen.today, due_on__lte=sunday)


@dataclass(frozen=True)
class Queue:
    """`shape` says what its rows are: cases, submissions, threads or tasks."""

    key: str
    title: str
    words: str
    empty: str
    shape: str
    rows: Callable[[Actor, Whose, Horizon], Rows]

    def address(self, whose: Whose) -> str:
        """Where the list stands that the number counts."""
        page = address("casework:cases") if self.shape == "cases" else address("casework:queue", self.key)
        return f"{page}?whose={whose}"


QUEUES: tuple[Queue, ...] = (
    Queue(
        key="new-uploads",
        title="New uploads",
        words="Documents from landlords that nobody has marked as seen",
        empty="No new uploads.",
        shape="submissions",
        rows=_new_uploads,
    ),
    Queue(
        key="unread-replies",
        title="Unread replies",
        words="Messages from landlords that nobody has opened",
        empty="No unread replies.",
        shape="threads",
        rows=_unread,
    ),
    Queue(
        key="unable-to-complete",
        title="Unable to complete",
        words="Tasks that a landlord cannot do and that wait for your answer",
        empty="No task waits for an answer.",
        shape="tasks",
        rows=_unable,
    ),
    Queue(
        key="to-check",
        title="Completed, to check",
        words="Tasks that a landlord completed, for you to accept or return",
        empty="No task waits to be checked.",
        shape="tasks",
        rows=_to_check,
    ),
    Queue(
        key="overdue",
        title="Overdue",
        words="Tasks whose deadline has passed",
        empty="No task is overdue.",
        shape="tasks",
        rows=_overdue,
    ),
    Queue(
        key="due-this-week",
        title="Due this week",
        words="Tasks due from today to Sunday",
        empty="No task is due this week.",
        shape="tasks",
        rows=_due_this_week,
    ),
    Queue(
        key="cases",
        title="Open cases",
        words="Cases that are not closed, earliest deadline first",
        empty="No open cases.",
        shape="cases",
        rows=_open_cases,
    ),
)


def queue_of(key: str) -> Queue | None:
    return next((queue for queue in QUEUES if queue.key == key and queue.shape != "cases"), None)


def way_back(asked: QueryDict, actor: Actor) -> list[dict[str, str]]:
    """The crumbs before a case: the queue one came from when the address names one of ours, else all cases."""
    found = queue_of(asked.get("from", ""))
    if found is None:
        return [{"text": "Cases", "href": address("casework:cases")}]
    whose = whose_of(actor, asked.get("whose"))
    worklist = f"{address('casework:worklist')}?whose={whose}"
    return [{"text": "Worklist", "href": worklist}, {"text": found.title, "href": found.address(whose)}]


def counts(actor: Actor, whose: Whose) -> dict[str, int]:
    """The length of every queue, in one statement made of the queues' own querysets."""
    return counted(_lengths(actor, whose, today()))


@kept
def _lengths(actor: Actor, whose: Whose, seen: Horizon) -> Rows:
    return lengths(**{queue.key: queue.rows(actor, whose, seen) for queue in QUEUES})
