"""The caseworker's start page: how much waits in each queue, and each queue's list."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.documents.models import Document
from portal.lib.routes import address
from portal.pages.casework.worklist import queues
from portal.pages.casework.worklist.queues import QUEUES, WHOSE_WORDS, Queue, Whose
from portal.pages.guards import PortalRequest, may, staff
from portal.pages.shared.horizon import today
from portal.pages.shared.lists.sorting import Column, Sorting, dates_column, label_column, numbers_column, words_column
from portal.pages.shared.page import page
from portal.tasks.deadlines import Horizon
from portal.tasks.models import Task, TaskState
from portal.teams.models import Team

A_PAGE = 25
_FIRST = Document.objects.in_place().filter(submission=OuterRef("pk")).order_by("upload_id", "pk")[:1]
WIDEN: dict[str, Callable[[Any], Any]] = {
    "submissions": lambda rows: rows.select_related("case__landlord", "case__owner").annotate(
        count=Count("documents", filter=Q(documents__withdrawn_at__isnull=True)),
        first=Subquery(_FIRST.values("name")),
        first_sort_key=Subquery(_FIRST.values("name_sort_key")),
    ),
    "threads": lambda rows: rows.select_related("case__landlord", "case__owner"),
    "tasks": lambda rows: rows.select_related("case__landlord", "case__owner"),
}
_CASE = (numbers_column("case", "Case", "case__reference"), words_column("owner", "Owner", "case__owner__name"))
_TASK = (
    words_column("task", "Task", "title"),
    label_column("state", "State", "state", TaskState.choices),
    dates_column("due", "Due", "due_on"),
    *_CASE,
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "submissions": (
        words_column("upload", "Upload", "first"),
        *_CASE,
        words_column("sender", "Sent by", "person_name"),
        dates_column("received", "Received", "submitted_at"),
    ),
    "threads": (
        words_column("subject", "Subject", "subject"),
        *_CASE,
        numbers_column("unread", "Unread", "unread_by_service"),
        dates_column("last", "Last message", "last_message_at"),
    ),
    "tasks": _TASK,
}
OWN = {"new-uploads": "received", "unread-replies": "last", "overdue": "due", "due-this-week": "due"}
NOUNS = {"submissions": "upload", "threads": "exchange", "tasks": "task"}


@staff
@require_safe
def worklist(request: PortalRequest) -> HttpResponse:
    """People who have no cases start elsewhere: the portal team with the landlords, IT support with its reports."""
    actor = request.actor
    if not actor.may(Permission.SEE_CASES):
        return redirect("office:landlords" if actor.may(Permission.SEE_LANDLORDS) else "office:support")
    whose = queues.whose_of(actor, request.GET.get("whose"))
    counted = queues.counts(actor, whose)
    rows = [{"queue": queue, "count": counted[queue.key], "href": queue.address(whose)} for queue in QUEUES]
    context = {
        "rows": rows,
        "waiting": sum(counted.values()),
        "team": _team_of(actor),
        **_switch(actor, whose, address("casework:worklist")),
    }
    return page(request, "casework/worklist.html", context)


@may(Permission.SEE_CASES)
@require_safe
def queue(request: PortalRequest, key: str) -> HttpResponse:
    """The list behind a number of the worklist."""
    actor, found = request.actor, queues.queue_of(key)
    if found is None:
        raise Http404
    whose = queues.whose_of(actor, request.GET.get("whose"))
    sorting = Sorting(COLUMNS[found.shape], OWN.get(found.key, ""))
    sort = sorting.understood(request.GET.get("sort", ""))
    listed = sorting.applied(WIDEN[found.shape](found.rows(actor, whose, today())), sort)
    base = found.address(whose)
    context = {
        "queue": found,
        "rows": Paginator(listed, A_PAGE).get_page(request.GET.get("page")),
        "noun": NOUNS[found.shape],
        "head": sorting.head(sort, lambda key: f"{base}&sort={key}" if key else base),
        "nearness": nearness_of,
        "horizon": today(),
    }
    return page(request, "casework/queue.html", {**context, **_own(actor, found, whose)})


def nearness_of(task: Task, horizon: Horizon) -> str:
    """What stands beside a task: how near its deadline is while the landlord has it, and then what became of it."""
    if task.state == TaskState.OUTSTANDING:
        return horizon.nearness(task.due_on, opened=task.opened_at is not None).value
    return "Unable to complete" if task.state == TaskState.UNABLE else TaskState(task.state).label


def _own(actor: Actor, found: Queue, whose: Whose) -> dict[str, Any]:
    return _switch(actor, whose, address("casework:queue", found.key))


def _switch(actor: Actor, whose: Whose, address: str) -> dict[str, Any]:
    """My cases or my team's: two addresses of the same page."""
    choices = queues.choices_of(actor)
    links = [{"text": WHOSE_WORDS[one], "href": f"{address}?whose={one}", "current": one is whose} for one in choices]
    return {"switch": links if len(links) > 1 else [], "whose": whose, "whose_words": WHOSE_WORDS[whose]}


def _team_of(actor: Actor) -> str:
    return Team(actor.team).label if actor.team else ""
