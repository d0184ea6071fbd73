"""My tasks, a task's page, and what a landlord does with a task (S25, S56-S70, D5, D7)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.content.words import words
from portal.determinations import actions as determinations
from portal.determinations.models import Order
from portal.filters.models import List
from portal.lib.routes import address
from portal.notifications.inbox import Place
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, landlord, may, or_404
from portal.pages.landlord import back
from portal.pages.landlord.cases.filters import TASK_SORTING, VIEWS, TaskFilter
from portal.pages.landlord.cases.rows import options_of, order_links, task_item, task_status, with_us
from portal.pages.landlord.tasks.forms import (
    AssignForm,
    Choices,
    CompletedForm,
    UnableForm,
    choices_of_people,
    with_the_one_who_left,
)
from portal.pages.shared.determinations import order_items
from portal.pages.shared.horizon import today
from portal.pages.shared.lists.counts import length, lengths
from portal.pages.shared.lists.paging import in_parts, pages, part
from portal.pages.shared.lists.saved_filters import saved_filters
from portal.pages.shared.page import page
from portal.pages.shared.timeline import entries_of_task, item_of
from portal.pages.shared.writing import drafts
from portal.pages.shared.writing.answers import tried
from portal.tasks import actions
from portal.tasks.models import Task, TaskKind, TaskState
from portal.tasks.querysets import TaskQuerySet
from portal.tasks.unable import open_reasons

A_PAGE = 25
NOUNS = {
    "": ("outstanding task", "outstanding tasks"),
    "checking": ("task being checked", "tasks being checked"),
    "ended": ("ended task", "ended tasks"),
}


@landlord
@require_safe
def listing(request: PortalRequest) -> HttpResponse:
    """My tasks: outstanding ones by deadline; completed ones in views of their own."""
    if tidy := back.tidied(request):
        return tidy
    actor, seen, base = request.actor, today(), address("landlord:tasks")
    unsent = drafts.unsent_of(actor)
    form = TaskFilter(request.GET, actor=actor)
    rows = _listed(form, actor).get_page(request.GET.get("page"))
    shown = form.asked().get("show", "")
    chips = form.chips(base, hidden=("show",))
    context = {
        "form": form,
        "shown": shown,
        "noun": NOUNS[shown],
        "views": [
            {"text": text, "href": form.href(base, **_view(key)), "current": key == shown} for key, text in VIEWS
        ],
        "rows": rows,
        "items": [task_item(task, seen, actor, unsent) for task in rows],
        "chips": chips,
        "clear_href": form.cleared(base, kept=("show",)) if chips else "",
        "saved": saved_filters(List.TASKS, actor, form.query()),
        "head": form.head(base),
        "here": back.here(request),
    }
    return page(request, "landlord/tasks.html", context)


def _listed(form: TaskFilter, actor: Actor) -> Paginator:  # type: ignore[type-arg]
    """Returns the rows. The list without a filter is requested most, so its SQL statements are kept."""
    if not form.narrows():
        return pages(_rows, actor, length(_length, actor), A_PAGE, form.sort())
    return in_parts(_shown(form.narrow(Task.objects.visible_to(actor), actor)), A_PAGE)


@kept
def _length(actor: Actor) -> QuerySet[Any]:
    return lengths(tasks=Task.objects.visible_to(actor).outstanding())


@kept
def _rows(actor: Actor, first: int, last: int, sort: str) -> TaskQuerySet:
    tasks = TASK_SORTING[""].applied(Task.objects.visible_to(actor).outstanding(), sort)
    rows: TaskQuerySet = part(_shown(tasks), first, last, is_indexed=not sort)
    return rows


def _shown(tasks: TaskQuerySet) -> TaskQuerySet:
    """With the columns that the list shows, and no others."""
    own = ("kind", "title", "details", "due_on", "state", "opened_at", "completed_on", "completed_by_name")
    reasons = ("return_reason", "unable_reason")
    others = ("case__reference", "case__resident_name", "colleague__name", "colleague__is_active")
    return tasks.select_related("case", "colleague").only("case", "colleague", *own, *reasons, *others)


def _view(key: str) -> dict[str, Any]:
    """Another view has other orders, and only what is outstanding is near."""
    return {"without": ("sort",), "show": key} if key else {"without": ("sort", "show")}


@landlord
@require_safe
def task(request: PortalRequest, task_id: int) -> HttpResponse:
    """A task with its messages. Opening it turns New into Pending (D3)."""
    return _task_page(request, _opened(request, task_id), None)


@may(Permission.LANDLORD_WORK_CASES)
@require_POST
def task_assign(request: PortalRequest, task_id: int) -> HttpResponse:
    """Says which colleague does the task (D5)."""
    found = _opened(request, task_id)
    form = AssignForm(request.POST, people=_people(request, found))
    if not tried(
        form, lambda: actions.assign_task(found, colleague_id=form.cleaned_data["colleague"], by=request.actor)
    ):
        return _task_page(request, found, form)
    messages.success(request, f"Task {form.words}")
    return redirect("landlord:task", found.pk)


@may(Permission.LANDLORD_WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def task_completed(request: PortalRequest, task_id: int) -> HttpResponse:
    """“Task completed”: when was it? (S68)"""
    found = _opened(request, task_id)
    if request.method != "POST" and not found.is_outstanding:
        return _not_outstanding(request, found)
    if found.parts_open and found.is_outstanding:
        return page(request, "landlord/task_unfinished.html", {"task": found, "parts": _parts_left(request, found)})
    form = CompletedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and tried(form, lambda: _complete(found, form, request)) is not None:
        return redirect("landlord:task", found.pk)
    return page(request, "landlord/task_completed.html", {"task": found, "form": form})


def _parts_left(request: PortalRequest, found: Task) -> list[dict[str, str]]:
    """Returns the orders or recommendations that the landlord must answer first, each with its link."""
    left = determinations.unanswered_of_task(found, by=request.actor)
    return [
        {
            "text": f"{'order' if isinstance(part, Order) else 'recommendation'} {part.number}",
            "words": part.words,
            "href": address(
                "landlord:order_confirm" if isinstance(part, Order) else "landlord:recommendation",
                found.case.reference,
                part.pk,
            ),
        }
        for part in left
    ]


def _complete(found: Task, form: forms.Form, request: PortalRequest) -> Task:
    task = actions.complete_task(found, completed_on=form.cleaned_data["completed_on"], by=request.actor)
    ended = task.state == TaskState.COMPLETED
    messages.success(
        request,
        "Task completed."
        if ended
        else "Completed, being checked. We tell you when we have accepted the task, or what is missing.",
    )
    return task


@may(Permission.LANDLORD_WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", called="Unable to complete")
def task_unable(request: PortalRequest, task_id: int) -> HttpResponse:
    """“Unable to complete”: why? (S69)"""
    found = _opened(request, task_id)
    if request.method != "POST" and not found.is_outstanding:
        return _not_outstanding(request, found)
    form = UnableForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and tried(form, lambda: actions.report_unable(found, reason=form.cleaned_data["reason"], by=request.actor))
        is not None
    ):
        messages.success(request, "Your reason is with us. The task and its deadline stay until we answer.")
        return redirect("landlord:task", found.pk)
    return page(request, "landlord/task_unable.html", {"task": found, "form": form})


def _opened(request: PortalRequest, task_id: int) -> Task:
    with or_404():
        return actions.open_task(task_id, by=request.actor)


def _not_outstanding(request: PortalRequest, found: Task) -> HttpResponse:
    """The page for a task that is no longer outstanding, reached by an old link."""
    messages.info(request, f"There is nothing to do on this task: {found.get_state_display()}.")
    return redirect("landlord:task", found.pk)


def _people(request: PortalRequest, found: Task) -> Choices:
    return with_the_one_who_left(choices_of_people(request.actor), found.colleague)


def _task_page(request: PortalRequest, found: Task, form: AssignForm | None) -> HttpResponse:
    actor, initial = request.actor, {"colleague": found.colleague_id or ""}
    entries = entries_of_task(found, actor)
    complies = found.kind == TaskKind.CONFIRM_COMPLIANCE
    orders = determinations.orders_of_task(found, by=actor) if complies else []
    context: dict[str, Any] = {
        "task": found,
        "case": found.case,
        "orders": order_items(orders, today(), lambda order: order_links(order, found.case, actor)),
        "status": task_status(found, today()),
        "with_us": with_us(found),
        "reasons": open_reasons(found, entries),
        "back_to": back.way_back(request, "landlord:tasks"),
        "about": words(f"task.{found.kind}"),
        "options": options_of(found, actor),
        "unsent": drafts.about_task(found, drafts.unsent_of(actor)),
        "may_work": actor.may(Permission.LANDLORD_WORK_CASES),
        "may_write": actor.may(Permission.LANDLORD_WRITE_MESSAGES),
        "deadlines": actions.deadlines_of(None, task_id=found.pk)[::-1],
        "items": [item_of(found.case.reference, entry, actor) | {"href": ""} for entry in entries],
        "form": form or AssignForm(None, people=_people(request, found), initial=initial),
    }
    return page(request, "landlord/task.html", context, shows=Place("task", found.case_id, found.pk))
