"""The first page after signing in (S21-S23): open cases, outstanding tasks, unread messages. Nine statements."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.drafts import actions as drafts
from portal.lib import clock
from portal.messaging.models import Thread
from portal.messaging.querysets import ThreadQuerySet
from portal.notifications import inbox
from portal.pages.guards import PortalRequest, landlord, signed_in
from portal.pages.landlord import back
from portal.pages.landlord.cases.rows import case_items, listed, task_status, with_us
from portal.pages.shared.horizon import today
from portal.pages.shared.lists.counts import counted, lengths
from portal.pages.shared.lists.paging import pages, part
from portal.pages.shared.page import page
from portal.tasks.deadlines import Horizon, Nearness
from portal.tasks.models import Task
from portal.tasks.querysets import TaskQuerySet

A_PAGE = 25
TASKS_SHOWN = 5
THREADS_SHOWN = 5
NEW_FOR = timedelta(days=30)


@signed_in
@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """The landlord's homepage. Staff are redirected to their worklist."""
    if not request.actor.is_landlord:
        return redirect("casework:worklist")
    actor, seen = request.actor, today()
    numbers = counted(_numbers(actor, seen, since=drafts.kept_since()))
    rows = pages(_open_cases, actor, numbers["cases"], A_PAGE).get_page(request.GET.get("page"))
    context = {
        "counted": numbers,
        "rows": rows,
        "cases": case_items(rows, seen, actor),
        "tasks": [(task, task_status(task, seen), with_us(task)) for task in _nearest_tasks(actor)],
        "threads": _newest_threads(actor),
        "here": back.here(request),
        "is_new": not numbers["every"] or _is_new(request),
    }
    return page(request, "landlord/home.html", context, counted=numbers)


@landlord
@require_safe
def unread_messages(request: PortalRequest) -> HttpResponse:
    """The threads with a message that nobody of the landlord has opened: the list behind the homepage's number."""
    rows = Paginator(_unread(request.actor).select_related("case"), A_PAGE).get_page(request.GET.get("page"))
    return page(request, "landlord/unread_messages.html", {"rows": rows})


@kept
def _numbers(actor: Actor, seen: Horizon, since: datetime) -> QuerySet[Any]:
    tasks, cases = Task.objects.visible_to(actor).outstanding(), Case.objects.visible_to(actor)
    return lengths(
        cases=cases.open(),
        every=part(cases, 0, 1),  # whether there is any, open or closed
        tasks=tasks,
        overdue=tasks.near(Nearness.OVERDUE, seen),
        approaching=tasks.near(Nearness.APPROACHING, seen),
        threads=_unread(actor),
        bell=inbox.unread(actor),
        drafts=drafts.unsent(actor.user_id, since),
    )


@kept
def _open_cases(actor: Actor, first: int, last: int) -> CaseQuerySet:
    cases = listed(Case.objects.visible_to(actor).open().due_first())
    rows: CaseQuerySet = part(cases, first, last, is_indexed=True)
    return rows


@kept
def _nearest_tasks(actor: Actor) -> TaskQuerySet:
    tasks = Task.objects.visible_to(actor).outstanding().select_related("case").due_first()
    return tasks.only("title", "due_on", "state", "opened_at", "case__reference")[:TASKS_SHOWN]


@kept
def _newest_threads(actor: Actor) -> ThreadQuerySet:
    shown = ("subject", "last_message_at", "unread_by_landlord", "case__reference")
    return _unread(actor).select_related("case").only(*shown)[:THREADS_SHOWN]


def _unread(actor: Actor) -> ThreadQuerySet:
    return Thread.objects.visible_to(actor).unread_by_landlord_people().newest_first()


def _is_new(request: PortalRequest) -> bool:
    """Whether to show the greeting: the account or the landlord's use of the portal is younger than a month."""
    activated = request.landlord.activated_at if request.landlord else None
    since = [moment for moment in (request.user.created_at, activated) if moment]  # type: ignore[union-attr]
    return clock.now() - max(since) < NEW_FOR
