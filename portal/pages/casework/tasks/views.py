"""The tasks of a case, a new task, and one task's page. What is done to a task stands in task_steps.py."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.content.words import words
from portal.documents.models import Document, Visibility
from portal.lib.routes import address
from portal.messaging.models import Thread
from portal.messaging.querysets import ThreadQuerySet
from portal.notifications.inbox import Place
from portal.pages.casework.cases.case import frame, opened, service_item
from portal.pages.casework.tasks.forms import TaskForm
from portal.pages.casework.worklist import queues
from portal.pages.casework.worklist.views import nearness_of
from portal.pages.design.wording import long_date
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.shared.horizon import today
from portal.pages.shared.page import page
from portal.pages.shared.timeline import entries_of_task
from portal.pages.shared.writing import drafts
from portal.pages.shared.writing.answers import done, tried
from portal.pages.shared.writing.idempotency import done_once
from portal.tasks import actions
from portal.tasks.actions import NewLetter
from portal.tasks.models import Task, TaskKind, TaskState


@may(Permission.SEE_CASES)
@require_safe
def case_tasks(request: PortalRequest, reference: str) -> HttpResponse:
    """Every task of the case: what the landlord still has, what waits for a check, what ended."""
    case = opened(request, reference)
    tasks = list(Task.objects.visible_to(request.actor).on_case(case.pk).due_first())
    horizon = today()
    groups = [
        ("To check", [task for task in tasks if task.state == TaskState.CHECKING]),
        ("With the landlord", [task for task in tasks if task.is_outstanding]),
        ("Ended", [task for task in reversed(tasks) if task.state in {TaskState.COMPLETED, TaskState.CANCELLED}]),
    ]
    unsent = drafts.unsent_of(request.actor)
    context = {
        "groups": groups,
        "tasks": tasks,
        "nearness": lambda task: nearness_of(task, horizon),
        "unsent": lambda task: drafts.about_task(task, unsent),
    }
    return page(request, "casework/case_tasks.html", {**frame(case, request.actor, "Tasks"), **context})


@may(Permission.SET_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("title", "details", chosen=("kind", "letter", "due_on", "working_days"), called="Set a task")
def task_new(request: PortalRequest, reference: str) -> HttpResponse:
    """A new task, due on a date or after working days, with a letter of the case or a new one (S59-S65, D14)."""
    case, actor = opened(request, reference), request.actor
    found = Document.objects.visible_to(actor).on_case(case.pk).in_place()
    letters = found.filter(visibility=Visibility.BOTH).newest_first()
    sent = request.method == "POST"
    form = TaskForm(
        request.POST if sent else None, request.FILES if sent else None, letters=letters, initial=_suggested(request)
    )
    task = (
        tried(form, lambda: done_once(request, form, lambda: _set_task(case, form, actor), by=actor)) if sent else None
    )
    if task is not None:
        return done(
            request, f"Task set: “{task.title}”, due {long_date(task.due_on)}.", redirect("casework:task", task.pk)
        )
    kinds = [(kind.label, words(f"task.{kind.value}")) for kind in TaskKind]
    titles = list(dict.fromkeys(line for kind in TaskKind for line in words(f"task-titles.{kind.value}").splitlines()))
    context = {"form": form, "kinds": kinds, "titles": titles, "file_lost": bool(request.FILES)}
    return page(request, "casework/task_new.html", {**frame(case, actor, ""), **context})


def _suggested(request: PortalRequest) -> dict[str, str]:
    kind = request.GET.get("kind", "")
    return {"kind": kind} if kind in TaskKind.values else {}


def _set_task(case: Case, form: TaskForm, actor: Actor) -> Task:
    given = form.cleaned_data
    sent = given.get("letter_file")
    letter = NewLetter(sent.name, sent.read()) if sent else form.letters.get(given["letter"])
    return actions.set_task(
        case,
        kind=TaskKind(given["kind"]),
        title=given["title"],
        details=given["details"],
        due_on=given["deadline"],
        letter=letter,
        by=actor,
    )


def opened_task(request: PortalRequest, task_id: int) -> Task:
    with or_404():
        return actions.open_task(task_id, by=request.actor)


@may(Permission.SEE_CASES)
@require_safe
def task(request: PortalRequest, task_id: int) -> HttpResponse:
    """The task, all that happened to it, every date that stood there, and what can be done now."""
    found = opened_task(request, task_id)
    actor = request.actor
    history = [entry for entry in reversed(entries_of_task(found, actor)) if entry.kind in OF_A_TASK]
    context = {
        "task": found,
        "case": found.case,
        "state": nearness_of(found, today()),
        "deadlines": actions.deadlines_of(None, task_id=found.pk),
        "history": [{**service_item(found.case, entry, actor), "href": ""} for entry in history],
        "threads": _threads(actor, case_id=found.case_id, task_id=found.pk),
        "steps": steps_of(found, actor),
        "unsent": drafts.about_task(found, drafts.unsent_of(actor)),
        "crumbs": queues.way_back(request.GET, actor),
        "sent": _sent_since(found, actor) if found.state == TaskState.CHECKING else [],
        "sent_shown": SENT_SHOWN,
        "may_write": actor.may(Permission.WRITE_MESSAGES),
    }
    return page(request, "casework/task.html", context, shows=Place("task", found.case_id, found.pk))


@kept
def _threads(actor: Actor, case_id: int, task_id: int) -> ThreadQuerySet:
    return Thread.objects.visible_to(actor).on_case(case_id).filter(task=task_id).newest_first()


# Everything that happened to a task, in order; the diary keeps it when the task itself has moved on.
OF_A_TASK = {kind.value for kind in Happened if kind.name.startswith("TASK_")}
SENT_SHOWN = 30


def _sent_since(task: Task, actor: Actor) -> list[Document]:
    """What the landlord sent on the case since the task was set, the newest first: most likely its answer."""
    found = Document.objects.visible_to(actor).on_case(task.case_id)
    return list(found.filter(by_landlord=True, received_at__gte=task.set_at).newest_first()[: SENT_SHOWN + 1])


def steps_of(task: Task, actor: Actor) -> list[dict[str, Any]]:
    """The buttons of the page: what may be done to a task in this state. The rules stand in the actions."""
    if not actor.may(Permission.SET_TASKS):
        return []
    if task.parts_unaccepted and (task.is_outstanding or task.state == TaskState.CHECKING):
        return _steps_of_parts(task)
    answering = [("Answer", "casework:task_answer")] if task.state == TaskState.UNABLE else []
    with_landlord = [
        ("Change deadline", "casework:task_extend"),
        ("Change task", "casework:task_change"),
        ("Cancel task", "casework:task_cancel"),
    ]
    checking = [("Return task", "casework:task_return"), ("Cancel task", "casework:task_cancel")]
    steps = answering + with_landlord if task.is_outstanding else checking if task.state == TaskState.CHECKING else []
    return [{"text": text, "href": address(name, task.pk)} for text, name in steps]


def _steps_of_parts(task: Task) -> list[dict[str, Any]]:
    """Orders are accepted, returned and given more time one by one; the task follows them."""
    steps = [{"text": "Check compliance", "href": address("casework:determination", task.case.reference)}]
    if task.state == TaskState.UNABLE:
        steps.append({"text": "Answer", "href": address("casework:task_answer", task.pk)})
    return [*steps, {"text": "Cancel task", "href": address("casework:task_cancel", task.pk)}]
