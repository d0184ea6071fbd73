"""The status of a task or deadline today, in the landlord's words and colours (D3, S58)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.content.words import words
from portal.determinations.kinds import OrderState
from portal.determinations.models import Order
from portal.lib.routes import address
from portal.pages.shared.writing.drafts import Unsent, about_task
from portal.tasks.deadlines import Horizon
from portal.tasks.models import Task, TaskState


def task_status(task: Task, seen: Horizon) -> str:
    """Returns New, Pending, Approaching or Overdue while the landlord has something to do, afterwards the outcome."""
    if task.is_outstanding:
        return seen.nearness(task.due_on, opened=task.opened_at is not None).value
    return TaskState(task.state).label


def with_us(task: Task) -> str:
    """The second tag, while a reason for “unable to complete” waits for the service's answer."""
    return "Unable to complete, with us" if task.state == TaskState.UNABLE else ""


def task_item(task: Task, seen: Horizon, actor: Actor, unsent: Sequence[Unsent] = ()) -> dict[str, Any]:
    """Returns a row of a list of tasks, with the person's unsent draft."""
    return {
        "task": task,
        "status": task_status(task, seen),
        "with_us": with_us(task),
        "about": words(f"task.{task.kind}"),
        "options": options_of(task, actor),
        "unsent": about_task(task, unsent),
    }


def options_of(task: Task, actor: Actor) -> list[dict[str, str]]:
    """The three-dot menu: exactly these two, while there is something to do (S67) and the person may do it (S8)."""
    if not task.is_outstanding or not actor.may(Permission.LANDLORD_WORK_CASES):
        return []
    return [
        {"text": "Task completed", "href": address("landlord:task_completed", task.pk)},
        {"text": "Unable to complete", "href": address("landlord:task_unable", task.pk)},
    ]


def order_links(order: Order, case: Case, actor: Actor) -> list[dict[str, str]]:
    """Returns the links to act on an order, while it is outstanding and the person may act (S8)."""
    if order.state != OrderState.OWED or not actor.may(Permission.LANDLORD_WORK_CASES):
        return []
    return [{"text": "Confirm compliance", "href": address("landlord:order_confirm", case.reference, order.pk)}]


def listed(cases: CaseQuerySet) -> CaseQuerySet:
    """Reads only the columns that a list shows."""
    own = ("reference", "resident_name", "resident_address", "status", "team", "next_due_on", "closed_at")
    people = ("owner__name", "colleague__name", "colleague__is_active")
    return cases.select_related("owner", "colleague").only("owner", "colleague", *own, *people)


def urgency(case: Case, seen: Horizon) -> str:
    return seen.urgency(case.next_due_on)


def case_items(cases: Iterable[Case], seen: Horizon, actor: Actor) -> list[dict[str, Any]]:
    """Returns the rows of a list of cases, each with the nearness of its next deadline and the deadlines after it (S23)."""
    rows = list(cases)
    due = _deadlines(rows, actor)
    return [
        {
            "case": case,
            "urgency": urgency(case, seen),
            "later": [day for day in due[case.pk] if day != case.next_due_on],
        }
        for case in rows
    ]


def _deadlines(cases: list[Case], actor: Actor) -> dict[int, list[date]]:
    """Returns the due dates of the outstanding tasks of each case, with one statement for a page."""
    found: dict[int, list[date]] = defaultdict(list)
    for case_id, due_on in _due_on(actor, case_ids=[case.pk for case in cases]):
        found[case_id].append(due_on)
    return found


@kept
def _due_on(actor: Actor, case_ids: list[int]) -> QuerySet[Task, tuple[int, date]]:
    waiting = Task.objects.visible_to(actor).outstanding().filter(case__id__in=case_ids)
    return waiting.order_by("due_on").values_list("case_id", "due_on").distinct()
