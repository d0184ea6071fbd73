"""A task of several parts, such as the orders of a determination: how the task changes with its parts.

The package that owns the parts passes their counts and writes the diary entry about the part itself.
"""

from datetime import date

from django.db import transaction

from portal.access.actor import Actor
from portal.cases.diary import Happened
from portal.lib import clock
from portal.tasks.actions import lock, mark_answered, move_deadline, note_facts, record
from portal.tasks.models import Task, TaskState

THE_PORTAL = "the portal"  # moved a deadline that followed from what the landlord did: a landlord moves none itself


@transaction.atomic
def follow(
    task: Task, *, unanswered: int, unaccepted: int, due_on: date, reason: str = "", news: str = "", by: Actor
) -> Task:
    """The counts of the parts and the task's deadline as they are now.

    A task that was being checked comes back when a part has to be answered again; it ends with its last acceptance.
    `reason` is the service's, for the landlord; `news` says why the deadline moves when nobody gave a reason.
    """
    case, task = lock(task, by=by, must_be_open=False)  # open orders are worked on even then (S103)
    had_parts = task.parts_unaccepted > 0
    task.parts_open, task.parts_unaccepted = unanswered, unaccepted
    live = task.is_outstanding or task.state == TaskState.CHECKING
    if live and due_on != task.due_on:
        move_deadline(task, due_on, reason or news, by_name=THE_PORTAL if by.is_landlord else by.name)
    if reason:  # the service's words on a part answer an open “unable to complete”
        mark_answered(task)
    if task.state == TaskState.CHECKING and unanswered:
        _come_back(task, reason)
    ends = live and had_parts and not unaccepted
    if ends:
        task.state, task.ended_at, task.unable_reason = TaskState.COMPLETED, clock.now(), ""
    task.save()
    if ends:
        record(case, Happened.TASK_ACCEPTED, task, by=by)
    else:
        note_facts(case)
    return task


def _come_back(task: Task, reason: str) -> None:
    task.state, task.return_reason = TaskState.OUTSTANDING, reason
    task.completed_on = task.completed_at = None
    task.completed_by_name = ""
