"""Actions on a task, by the caseworker and by the landlord. Each one locks the case first, then the task. `seen` is the version
token of the task that the caseworker looked at."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Min, QuerySet

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.audit import trail
from portal.cases import actions as cases
from portal.cases import diary_writer
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.documents import actions as documents
from portal.documents.models import Document, Visibility
from portal.landlords.people import colleague_name
from portal.lib import clock, version_tokens
from portal.lib.errors import NotAllowed, RuleBroken
from portal.lib.typed import one_line, required, tidied, within
from portal.tasks.deadlines import check_due
from portal.tasks.models import DeadlineChange, Task, TaskKind, TaskState
from portal.tasks.querysets import TaskQuerySet

REASON_LIMIT = 2000  # characters
TITLE_LIMIT = 200
DETAILS_LIMIT = 5000
FACTS_OF_TASKS = ("tasks_outstanding", "tasks_to_check", "next_due_on")  # kept on the case (docs/adr/0003)


@dataclass(frozen=True)
class NewLetter:
    """A file that comes with the task and becomes a document of the case with it."""

    name: str
    content: bytes


@transaction.atomic
def set_task(
    case: Case,
    *,
    kind: TaskKind,
    title: str,
    due_on: date,
    details: str = "",
    letter: Document | NewLetter | None = None,
    by: Actor,
) -> Task:
    """Asks the landlord for something by a date (S59, S60). A letter may be on the case or come with the task (S63)."""
    by.require(Permission.SET_TASKS)
    case = cases.lock(case, by=by)
    cases.require_open(case)
    check_due(due_on, clock.today())
    title, details = _words_of_task(title.strip() or kind.label, details)
    if kind == TaskKind.FOR_INFORMATION and letter is None:
        raise RuleBroken("Choose the letter or e-mail that the landlord should read.", field="letter")
    if isinstance(letter, Document) and (letter.case_id != case.pk or letter.visibility != Visibility.BOTH):
        raise RuleBroken("Choose a document of this case that the landlord may see.", field="letter")
    if isinstance(letter, NewLetter):
        letter = _put_on_case(case, letter, by=by)
    if letter is not None:
        documents.rely_on([letter])
    task = Task.objects.create(
        case=case,
        landlord_id=case.landlord_id,
        kind=kind,
        title=title,
        details=details,
        due_on=due_on,
        letter=letter,
        set_by_name=by.name,
        set_at=clock.now(),
    )
    record(case, Happened.TASK_SET, task, by=by)
    return task


def open_task(task_id: int, *, by: Actor) -> Task:
    """The task for a page that shows it; its first opening by the landlord is kept (D3). Raises Task.DoesNotExist."""
    task = _seen.one(by, task_id=task_id)
    trail.record(by, "task opened", task, case_reference=task.case.reference)
    if by.is_landlord:
        mark_opened([task], by=by)
    return task


@kept
def _seen(by: Actor, task_id: int) -> TaskQuerySet:
    found = Task.objects.visible_to(by).select_related("case", "case__owner", "letter__stored", "colleague")
    return found.filter(pk=task_id)


@kept
def deadlines_of(task_id: int) -> QuerySet[DeadlineChange]:
    """The deadlines that no longer stand, in the order of the changes."""
    return DeadlineChange.objects.filter(task=task_id).order_by("id")


def mark_opened(tasks: list[Task], *, by: Actor) -> None:
    """Notes that somebody of the landlord has seen the details of these tasks: New becomes Pending."""
    new = [task.pk for task in tasks if task.opened_at is None]
    if new and by.is_landlord:
        Task.objects.visible_to(by).filter(pk__in=new, opened_at__isnull=True).update(opened_at=clock.now())


@transaction.atomic
def complete_task(task: Task, *, completed_on: date, by: Actor) -> Task:
    """“Task completed”: the landlord's part ends; the caseworker checks it. “For information” ends here (D7, S68)."""
    by.require(Permission.LANDLORD_WORK_CASES)
    case, task = lock(task, by=by)
    _require_outstanding(task)
    if task.parts_open:
        raise RuleBroken(f"{_parts_left(task.parts_open)} Then you can complete the task.")
    if completed_on > clock.today():
        raise RuleBroken("The date you completed the task cannot be in the future.", field="completed_on")
    if completed_on.year < 2000:
        raise RuleBroken("Check the year of the date you completed the task.", field="completed_on")
    ends = task.kind == TaskKind.FOR_INFORMATION
    task.state = TaskState.COMPLETED if ends else TaskState.CHECKING
    task.completed_on, task.completed_at, task.completed_by_name = completed_on, clock.now(), by.name
    task.ended_at = clock.now() if ends else None
    task.unable_reason, task.return_reason = "", ""
    task.save()
    record(case, Happened.TASK_COMPLETED, task, by=by, completed_on=completed_on.isoformat(), closed=ends)
    return task


@transaction.atomic
def report_unable(task: Task, *, reason: str, by: Actor) -> Task:
    """“Unable to complete”: the reason goes to the caseworker; the task stays open (S69, S70)."""
    by.require(Permission.LANDLORD_WORK_CASES)
    case, task = lock(task, by=by)
    _require_outstanding(task)
    reason = _reason(reason, "Tell us why you cannot complete the task.")
    task.state = TaskState.UNABLE
    task.unable_reason, task.unable_at, task.unable_by_name = reason, clock.now(), by.name
    task.save()
    record(case, Happened.TASK_UNABLE, task, by=by, reason=reason)
    return task


@transaction.atomic
def assign_task(task: Task, *, colleague_id: int | None, by: Actor) -> Task:
    """Sets the landlord's person who does the task, while it is outstanding (D5)."""
    by.require(Permission.LANDLORD_WORK_CASES)
    case, task = lock(task, by=by)
    _require_outstanding(task)
    if colleague_id != task.colleague_id:
        name = colleague_name(colleague_id, landlord_id=case.landlord_id)
        task.colleague_id = colleague_id
        task.save(update_fields=["colleague"])
        record(case, Happened.TASK_ASSIGNED, task, by=by, colleague=colleague_id, name=name)
    return task


@transaction.atomic
def accept_task(task: Task, *, by: Actor, seen: str | None = None) -> Task:
    """The caseworker accepts what the landlord completed (C12)."""
    by.require(Permission.SET_TASKS)
    case, task = lock(task, by=by)
    version_tokens.check(task.version_token, seen, "task")
    if task.state != TaskState.CHECKING:
        raise RuleBroken("Only a task that the landlord has completed can be accepted.")
    _refuse_parts(task)
    task.state, task.ended_at = TaskState.COMPLETED, clock.now()
    task.save(update_fields=["state", "ended_at"])
    record(case, Happened.TASK_ACCEPTED, task, by=by)
    return task


@transaction.atomic
def return_task(task: Task, *, reason: str, due_on: date, by: Actor, seen: str | None = None) -> Task:
    """Back to the landlord, with what is missing and a new deadline (D7, C12)."""
    by.require(Permission.SET_TASKS)
    case, task = lock(task, by=by)
    version_tokens.check(task.version_token, seen, "task")
    if task.state != TaskState.CHECKING:
        raise RuleBroken("Only a task that the landlord has completed can be returned.")
    _refuse_parts(task)
    reason = _reason(reason, "Say what is missing. The landlord reads this.")
    check_due(due_on, clock.today())
    old = task.due_on
    move_deadline(task, due_on, reason, by_name=by.name)
    task.state, task.return_reason = TaskState.OUTSTANDING, reason
    task.completed_on = task.completed_at = None
    task.completed_by_name = ""
    task.save()
    record(
        case, Happened.TASK_RETURNED, task, by=by, reason=reason, old_due_on=old.isoformat(), due_on=due_on.isoformat()
    )
    return task


@transaction.atomic
def extend_task(task: Task, *, due_on: date, reason: str, by: Actor, seen: str | None = None) -> Task:
    """Another deadline, which also answers an open “unable to complete” (C11, S70). The old date is kept (D16)."""
    by.require(Permission.SET_TASKS)
    case, task = lock(task, by=by)
    version_tokens.check(task.version_token, seen, "task")
    _require_outstanding(task)
    reason = _reason(reason, "Say why the deadline changes. The landlord reads this.")
    _refuse_parts(task)
    check_due(due_on, clock.today())
    if due_on == task.due_on:
        raise RuleBroken("This is the deadline already. Choose another date.", field="due_on")
    old = task.due_on
    move_deadline(task, due_on, reason, by_name=by.name)
    mark_answered(task)
    task.save()
    record(
        case,
        Happened.TASK_DEADLINE_CHANGED,
        task,
        by=by,
        old_due_on=old.isoformat(),
        due_on=due_on.isoformat(),
        reason=reason,
    )
    return task


@transaction.atomic
def change_task(task: Task, *, title: str, details: str, by: Actor, seen: str | None = None) -> Task:
    """Changes the title or details, which also answers an open “unable to complete” (S70)."""
    by.require(Permission.SET_TASKS)
    case, task = lock(task, by=by)
    version_tokens.check(task.version_token, seen, "task")
    _require_outstanding(task)
    title, details = _words_of_task(title, details)
    before = {"title": task.title, "details": task.details}
    if (title, details) == (task.title, task.details):
        raise RuleBroken(
            "You have not changed the title or the details. Nothing was sent to the landlord.", field="title"
        )
    task.title, task.details = title, details
    mark_answered(task)
    task.save()
    record(case, Happened.TASK_CHANGED, task, by=by, before=before, old_title=before["title"])
    return task


@transaction.atomic
def answer_unable(task: Task, *, answer: str, by: Actor, seen: str | None = None) -> Task:
    """The caseworker's reply that leaves the task and its deadline as they are (S70)."""
    by.require(Permission.SET_TASKS)
    case, task = lock(task, by=by)
    version_tokens.check(task.version_token, seen, "task")
    if task.state != TaskState.UNABLE:
        raise RuleBroken("This task has no open “unable to complete”.")
    answer = _reason(answer, "Enter your answer. The landlord reads it.", field="answer")
    mark_answered(task)
    task.save()
    record(case, Happened.TASK_ANSWERED, task, by=by, reason=answer)
    return task


@transaction.atomic
def cancel_task(task: Task, *, reason: str, by: Actor, seen: str | None = None) -> Task:
    """The task is no longer asked for; it stays readable with its reason (C11)."""
    by.require(Permission.SET_TASKS)
    case, task = lock(task, by=by)
    version_tokens.check(task.version_token, seen, "task")
    if not task.is_outstanding and task.state != TaskState.CHECKING:
        raise RuleBroken("This task has ended already.")
    reason = _reason(reason, "Say why the task is cancelled. The landlord reads this.")
    task.state, task.ended_at = TaskState.CANCELLED, clock.now()
    task.save(update_fields=["state", "ended_at"])
    record(case, Happened.TASK_CANCELLED, task, by=by, reason=reason)
    return task


def lock(task: Task, *, by: Actor, must_be_open: bool = True) -> tuple[Case, Task]:
    """Case and task as they are now, held until the transaction ends. Refuses what the actor cannot see."""
    case = cases.lock(task.case, by=by)
    try:
        locked = Task.objects.visible_to(by).select_for_update(of=("self",)).get(pk=task.pk)
    except Task.DoesNotExist:
        raise NotAllowed("You cannot work on this task.") from None
    if must_be_open:
        cases.require_open(case)
    locked.case = case
    return case, locked


def record(case: Case, kind: Happened, task: Task, *, by: Actor, **details: object) -> None:
    """Updates the case's facts and writes the diary. Every action here ends with it."""
    note_facts(case)
    diary_writer.write(
        case,
        kind,
        by=by,
        task=task.pk,
        title=task.title,
        task_kind=task.kind,
        task_due_on=task.due_on.isoformat(),
        **details,
    )


def note_facts(case: Case) -> None:
    """Updates the values that the case stores about its tasks."""
    left = Task.objects.filter(case=case).outstanding().aggregate(count=Count("id"), first=Min("due_on"))
    case.tasks_outstanding, case.next_due_on = left["count"], left["first"]
    case.tasks_to_check = Task.objects.filter(case=case).checking().count()
    case.save(update_fields=[*FACTS_OF_TASKS])


def _words_of_task(title: str, details: str) -> tuple[str, str]:
    title = required(one_line(title), "Enter a title for the task.", field="title", limit=TITLE_LIMIT)
    return title, within(tidied(details), field="details", limit=DETAILS_LIMIT)


def _put_on_case(case: Case, letter: NewLetter, *, by: Actor) -> Document:
    """The task's diary entry announces the letter, so the landlord gets one notification for both."""
    try:
        return documents.share_document(
            case,
            name=letter.name,
            content=letter.content,
            category=documents.LETTER,
            visibility=Visibility.BOTH,
            by=by,
            announce=False,
        )
    except RuleBroken as refused:
        raise RuleBroken(refused.words, field="letter_file") from None


def _parts_left(count: int) -> str:
    if count == 1:
        return "You have still to answer 1 part of this task. Answer it first."
    return f"You have still to answer {count} parts of this task. Answer each of them first."


def _refuse_parts(task: Task) -> None:
    """Raises RuleBroken for a task of several parts, which are accepted, returned or extended one by one."""
    if task.parts_unaccepted:
        raise RuleBroken(
            "This task asks for compliance with orders. Accept, return or give more time to each order on the case’s "
            "determination; the task follows."
        )


def _require_outstanding(task: Task) -> None:
    if not task.is_outstanding:
        raise RuleBroken(f"This task is not outstanding any more: {TaskState(task.state).label}. Nothing was changed.")


def _reason(text: str, missing: str, *, field: str = "reason") -> str:
    return required(text, missing, field=field, limit=REASON_LIMIT)


def move_deadline(task: Task, due_on: date, reason: str, *, by_name: str) -> None:
    """The new date; the old one is kept (D16)."""
    if due_on != task.due_on:
        DeadlineChange.objects.create(
            task=task,
            landlord_id=task.landlord_id,
            old_due_on=task.due_on,
            new_due_on=due_on,
            reason=reason,
            by_name=by_name,
            at=clock.now(),
        )
        task.due_on = due_on


def mark_answered(task: Task) -> None:
    """An open “unable to complete” has its answer."""
    if task.state == TaskState.UNABLE:
        task.state, task.unable_reason = TaskState.OUTSTANDING, ""
