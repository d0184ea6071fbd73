"""What a caseworker does to one task, each at an address of its own: accept, return, extend, change, cancel, answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.lib.errors import RuleBroken
from portal.pages.casework.tasks.forms import AnswerForm, CancelForm, ChangeForm, ExtendForm, ReturnForm
from portal.pages.casework.tasks.views import opened_task, steps_of
from portal.pages.design.fields import ReplacingForm
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, refused, tried
from portal.tasks import actions
from portal.tasks.models import Task

Given = dict[str, Any]
NOTHING_LEFT = "There is nothing to do on this task: it has ended."
NOT_NOW = "That cannot be done while the task stands as it does."


@dataclass(frozen=True)
class Step:
    """One form about one task: what it is called, what it asks, what it does and what is said when it is done."""

    title: str
    form: type[ReplacingForm]
    act: Callable[[Task, Given, Actor], Task]
    done: str
    warning: bool = False


RETURN = Step(
    "Return task",
    ReturnForm,
    lambda task, given, by: actions.return_task(
        task, reason=given["reason"], due_on=given["deadline"], by=by, seen=given["seen"]
    ),
    "Task returned. The landlord is told what is missing and the new deadline.",
)
EXTEND = Step(
    "Change deadline",
    ExtendForm,
    lambda task, given, by: actions.extend_task(
        task, due_on=given["deadline"], reason=given["reason"], by=by, seen=given["seen"]
    ),
    "Deadline changed. The landlord is told, and the old date is kept.",
)
CHANGE = Step(
    "Change task",
    ChangeForm,
    lambda task, given, by: actions.change_task(
        task, title=given["title"], details=given["details"], by=by, seen=given["seen"]
    ),
    "Task changed. The landlord is told.",
)
CANCEL = Step(
    "Cancel task",
    CancelForm,
    lambda task, given, by: actions.cancel_task(task, reason=given["reason"], by=by, seen=given["seen"]),
    "Task cancelled. The landlord is told why.",
    warning=True,
)
ANSWER = Step(
    "Answer “unable to complete”",
    AnswerForm,
    lambda task, given, by: actions.answer_unable(task, answer=given["answer"], by=by, seen=given["seen"]),
    "Answer sent. The task and its deadline stay as they are.",
)


def _taken(request: PortalRequest, task_id: int, step: Step) -> HttpResponse:
    """The step's form: shown, refused or done."""
    task = opened_task(request, task_id)
    if request.method != "POST" and request.path not in {one["href"] for one in steps_of(task, request.actor)}:
        messages.info(request, NOTHING_LEFT if task.ended_at else NOT_NOW)
        return redirect("casework:task", task_id)
    form = step.form(request.POST or None, initial=_initial(task))
    acted = tried(form, lambda: step.act(task, form.cleaned_data, request.actor)) if request.method == "POST" else None
    if acted is None:
        now = opened_task(request, task_id) if form.is_stale else task
        return page(request, "casework/task_step.html", {"task": now, "case": now.case, "form": form, "step": step})
    return done(request, step.done, redirect("casework:task", task_id))


def _initial(task: Task) -> dict[str, str]:
    return {"title": task.title, "details": task.details, "seen": task.version_token}


@may(Permission.SET_TASKS)
@require_POST
def task_accept(request: PortalRequest, task_id: int) -> HttpResponse:
    """The caseworker is content (C12)."""
    task, back = opened_task(request, task_id), redirect("casework:task", task_id)
    try:
        actions.accept_task(task, by=request.actor, seen=request.POST.get("seen"))
    except RuleBroken as broken:
        return refused(request, broken, back)
    return done(request, "Task accepted. The landlord is told.", back)


@may(Permission.SET_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", chosen=("due_on", "working_days"), called="Return task")
def task_return(request: PortalRequest, task_id: int) -> HttpResponse:
    """Back to the landlord with what is missing and a new deadline (C12)."""
    return _taken(request, task_id, RETURN)


@may(Permission.SET_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", chosen=("due_on", "working_days"), called="Change deadline")
def task_extend(request: PortalRequest, task_id: int) -> HttpResponse:
    """Another deadline; the old one is kept (C11, D16)."""
    return _taken(request, task_id, EXTEND)


@may(Permission.SET_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("title", "details", called="Change task")
def task_change(request: PortalRequest, task_id: int) -> HttpResponse:
    """Other words for what is asked (C11)."""
    return _taken(request, task_id, CHANGE)


@may(Permission.SET_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", called="Cancel task")
def task_cancel(request: PortalRequest, task_id: int) -> HttpResponse:
    """No longer asked for (C11)."""
    return _taken(request, task_id, CANCEL)


@may(Permission.SET_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("answer", called="Answer “unable to complete”")
def task_answer(request: PortalRequest, task_id: int) -> HttpResponse:
    """The answer to “unable to complete” that leaves the task as it is (S70)."""
    return _taken(request, task_id, ANSWER)
