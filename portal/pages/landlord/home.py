"""The first page after signing in (S21-S23): open cases, outstanding tasks, unread messages. Nine statements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET

from portal.access.actor import Actor
from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.drafts import actions as drafts
from portal.lib import clock
from portal.messaging.models import Thread
from portal.messaging.querysets import ThreadQuerySet
from portal.notifications import bell
from portal.pages.guards import PortalRequest, landlord, signed_in
from portal.pages.landlord import back
from portal.pages.landlord.standing import case_items, standing, with_us
from portal.pages.shared.counts import counts
from portal.pages.shared.horizon import today
from portal.pages.shared.page import page
from portal.tasks.deadlines import Nearness
from portal.tasks.models import Task

A_PAGE = 25
TASKS_SHOWN = 5
THREADS_SHOWN = 5
NEW_FOR = timedelta(days=30)


class Counted(Paginator):  # type: ignore[type-arg]
    """A list whose length another statement has found already."""

    def __init__(self, rows: Any, a_page: int, length: int) -> None:
        super().__init__(rows, a_page)
        self._length = length

    @cached_property
    def count(self) -> int:
        return self._length


@signed_in
@require_GET
def home(request: PortalRequest) -> HttpResponse:
    """The landlord's homepage; the service's people start with their worklist."""
    if not request.actor.is_landlord:
        return redirect("casework:worklist")
    actor, seen = request.actor, today()
    tasks, threads, cases = Task.objects.visible_to(actor).outstanding(), _unread(actor), _open_cases(actor)
    overdue, approaching = tasks.near(Nearness.OVERDUE, seen), tasks.near(Nearness.APPROACHING, seen)
    every = Case.objects.visible_to(actor)
    counted = counts(
        cases=cases,
        every=every,
        tasks=tasks,
        overdue=overdue,
        approaching=approaching,
        threads=threads,
        bell=bell.unread(actor),
        drafts=drafts.unsent(actor.user_id),
    )
    rows = _page_of(cases, counted["cases"], request)
    nearest = tasks.select_related("case").due_first()[:TASKS_SHOWN]
    context = {
        "counted": counted,
        "rows": rows,
        "cases": case_items(rows, seen, actor),
        "tasks": [(task, standing(task, seen), with_us(task)) for task in nearest],
        "threads": threads.select_related("case")[:THREADS_SHOWN],
        "here": back.here(request),
        "is_new": not counted["every"] or _is_new(request),
    }
    return page(request, "landlord/home.html", context, counted=counted)


@landlord
@require_GET
def unread_messages(request: PortalRequest) -> HttpResponse:
    """Every exchange with something that nobody of the landlord has opened: the list behind the homepage's number."""
    rows = Paginator(_unread(request.actor).select_related("case"), A_PAGE).get_page(request.GET.get("page"))
    return page(request, "landlord/unread_messages.html", {"rows": rows})


def _open_cases(actor: Actor) -> CaseQuerySet:
    return Case.objects.visible_to(actor).open().due_first()


def _unread(actor: Actor) -> ThreadQuerySet:
    return Thread.objects.visible_to(actor).unread_by_landlord_people().newest_first()


def _page_of(cases: CaseQuerySet, length: int, request: PortalRequest) -> Page[Case]:
    return Counted(cases, A_PAGE, length).get_page(request.GET.get("page"))


def _is_new(request: PortalRequest) -> bool:
    """Whether to greet: the person's account or the landlord's use of the portal is younger than a month."""
    activated = request.landlord.activated_at if request.landlord else None
    since = [moment for moment in (request.user.created_at, activated) if moment]  # type: ignore[union-attr]
    return clock.now() - max(since) < NEW_FOR
