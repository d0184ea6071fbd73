"""Reminds landlords of deadlines. Each step of each deadline is recorded once, however often and however late this runs.

When several steps were missed, only the latest sends a reminder. A reminder is a diary entry like any other event, so the
notification, the timeline and the e-mail follow from it.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from portal.cases import diary_writer
from portal.cases.diary import Happened
from portal.cases.models import Case, DiaryEntry
from portal.content.words import working_calendar
from portal.lib import clock
from portal.notifications.models import Reminder
from portal.notifications.steps import FURTHEST_AHEAD, LAST, Step, reached
from portal.tasks.models import DeadlineChange, Task

REST = timedelta(minutes=1)


class Reminding:
    """Worker task, called in every round: scans the deadlines once a minute, then reminds one by one."""

    def __init__(self) -> None:
        self.look_at: datetime | None = None
        self.left: list[int] = []

    def __call__(self, now: datetime) -> bool:
        if not self.left and (self.look_at is None or now >= self.look_at):
            self.left, self.look_at = tasks_to_remind(), now + REST
        if not self.left:
            return False
        remind(self.left.pop())
        return True


def tasks_to_remind() -> list[int]:
    """The tasks with a step that is reached and not yet recorded, nearest deadline last."""
    ended = Reminder.objects.filter(step=LAST, due_on=F("task__due_on"))
    near = (
        Task.objects.outstanding()
        .filter(case__released_at__isnull=False, case__closed_at__isnull=True)
        .filter(due_on__lte=working_calendar().add(clock.today(), FURTHEST_AHEAD + 1))
        .exclude(pk__in=ended.values("task_id"))
        .select_related("case")
        .order_by("-due_on", "-id")
    )
    tasks = list(near)
    written = set(Reminder.objects.filter(task__in=near.values("pk")).values_list("task_id", "due_on", "step"))
    changed = {
        (change.task_id, change.new_due_on): change.at
        for change in DeadlineChange.objects.filter(task__in=near.values("pk")).order_by("id")
    }
    return [
        task.pk
        for task in tasks
        if any(
            (task.pk, task.due_on, step.value) not in written
            for step in _reached(task, changed.get((task.pk, task.due_on)))
        )
    ]


@transaction.atomic
def remind(task_id: int) -> Reminder | None:
    """Records the steps that the task's current deadline has reached, and sends a reminder if the latest one is new."""
    case = Case.objects.select_for_update().get(pk=Task.objects.values("case_id").get(pk=task_id)["case_id"])
    task = Task.objects.select_for_update(of=("self",)).get(pk=task_id)
    task.case = case
    if not (task.is_outstanding and case.is_open and case.is_released):
        return None
    changes = DeadlineChange.objects.filter(task=task, new_due_on=task.due_on).order_by("-id")
    steps = _reached(task, changes.values_list("at", flat=True).first())
    written = set(Reminder.objects.filter(task=task, due_on=task.due_on).values_list("step", flat=True))
    new = [step for step in steps if step.value not in written]
    said = steps[-1] if new and new[-1] is steps[-1] else None
    entries = {said: _say(said, task)} if said else {}
    made = [Reminder.objects.create(**_facts(task), step=step.value, entry=entries.get(step)) for step in new]
    return made[-1] if said else None


def _facts(task: Task) -> dict[str, object]:
    return {"task": task, "landlord_id": task.landlord_id, "due_on": task.due_on, "at": clock.now()}


def _say(step: Step, task: Task) -> DiaryEntry:
    return diary_writer.write(
        task.case,
        Happened.TASK_OVERDUE if task.due_on < clock.today() else Happened.TASK_DUE_SOON,
        by=None,
        task=task.pk,
        title=task.title,
        task_kind=task.kind,
        task_due_on=task.due_on.isoformat(),
        due_on=task.due_on.isoformat(),
        step=step.value,
    )


def _reached(task: Task, changed_at: datetime | None) -> list[Step]:
    return reached(task.due_on, known_on=_known_on(task, changed_at), today=clock.today(), calendar=working_calendar())


def _known_on(task: Task, changed_at: datetime | None) -> date:
    """The day on which the landlord could first read of this deadline."""
    moments = [moment for moment in (task.set_at, changed_at, task.case.released_at) if moment is not None]
    return max(moments).astimezone(clock.LONDON).date()
