"""Which of the landlord's reasons for “unable to complete” are still unanswered: the diary keeps every one of them."""

from collections.abc import Iterable

from portal.cases.diary import Happened
from portal.cases.models import DiaryEntry
from portal.tasks.models import Task, TaskState

# Each of these ended the reasons that were given before it.
ANSWERS = frozenset(
    {
        Happened.TASK_ANSWERED,
        Happened.TASK_CHANGED,
        Happened.TASK_DEADLINE_CHANGED,
        Happened.TASK_COMPLETED,
        Happened.ORDER_RETURNED,
        Happened.ORDER_DATE_CHANGED,
    }
)


def open_reasons(task: Task, entries: Iterable[DiaryEntry]) -> list[DiaryEntry]:
    """The task's unanswered reasons, the earliest first; `entries` are its own, the newest first."""
    found: list[DiaryEntry] = []
    if task.state != TaskState.UNABLE:
        return found
    for entry in entries:
        if entry.kind in ANSWERS:
            break
        if entry.kind == Happened.TASK_UNABLE:
            found.append(entry)
    return found[::-1]
