"""Writing and opening messages. Both sides may start a thread, on the case or from a task, and reply (D6, S52)."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import F, QuerySet

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.audit import trail
from portal.cases import actions as cases
from portal.cases import diary_writer
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.documents import actions as documents
from portal.files import actions as files
from portal.files.models import Upload
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.lib.typed import one_line, required, tidied
from portal.messaging.models import Attachment, Message, Thread
from portal.messaging.querysets import ThreadQuerySet
from portal.tasks.models import Task

BODY_LIMIT = 10_000  # characters
MISSING = {"subject": "Enter a subject", "body": "Enter your message"}  # what must not be empty
SUBJECT_LIMIT = 200


def target_of(case: Case, thread: Thread | None = None) -> str:
    """Where files wait that a person has attached to a message not yet sent."""
    return f"messages:{case.reference}:{thread.pk if thread else 'new'}"


def receive_attachment(case: Case, name: str, sent: files.Sent, *, by: Actor, thread: Thread | None = None) -> Upload:
    """One sent file, which waits to go with a message; the file rules are those of every document (S54)."""
    _require_may_write(by)
    cases.require_visible(case, by=by)
    cases.require_open(case)
    if thread is not None and thread.case_id != case.pk:
        raise NotAllowed("You cannot write in this exchange.")
    return files.receive(name, sent, target=target_of(case, thread), by=by)


def waiting_attachments(case: Case, *, by: Actor, thread: Thread | None = None) -> QuerySet[Upload]:
    """The person's own files that wait to go with a message, refusals included."""
    return files.waiting(target=target_of(case, thread), by=by)


def attachments_now(case: Case, *, by: Actor, thread: Thread | None = None) -> list[Upload]:
    """The same for a page that shows them."""
    return files.waiting_now(target=target_of(case, thread), by=by)


def discard_attachment(case: Case, upload_id: int, *, by: Actor, thread: Thread | None = None) -> None:
    _require_may_write(by)
    files.discard(upload_id, target=target_of(case, thread), by=by)


def task_of(case: Case, task_id: int, *, by: Actor) -> Task:
    """The task of the case that a new message is about. Raises Task.DoesNotExist."""
    return Task.objects.visible_to(by).on_case(case.pk).get(pk=task_id)


@transaction.atomic
def start_thread(
    case: Case,
    *,
    subject: str,
    body: str,
    by: Actor,
    task: Task | None = None,
    upload_ids: Collection[int] = (),
    after: int | None = None,
) -> Thread:
    """Starts a thread on the case or about one of its tasks (S5).

    `after` is the newest message of the case when the form was rendered: the same words sent twice from one form become one
    message. Without it every call starts a new thread.
    """
    _require_may_write(by)
    case = cases.lock(case, by=by)
    subject = one_line(subject)
    if after is not None and not _still_wait(upload_ids, target_of(case), by=by):
        same_thread = Message.objects.filter(thread__case=case, thread__subject=subject, thread__task=task)
        if earlier := _sent_before(same_thread, by, body=tidied(body), after=after).first():
            return earlier.thread
    cases.require_open(case)
    if task is not None and task.case_id != case.pk:
        raise RuleBroken("Choose a task of this case.", field="task")
    _check_subject(subject)
    thread = Thread.objects.create(
        case=case, landlord_id=case.landlord_id, task=task, subject=subject, started_at=clock.now()
    )
    _send(case, thread, body=body, by=by, upload_ids=upload_ids, target=target_of(case))
    return thread


@transaction.atomic
def reply(
    thread: Thread, *, body: str, by: Actor, upload_ids: Collection[int] = (), after: int | None = None
) -> Message:
    """One more message in the thread. `after`, as in start_thread, is the newest message that the page showed."""
    _require_may_write(by)
    case = cases.lock(thread.case, by=by)
    try:
        thread = _held.one(by, case_id=case.pk, thread_id=thread.pk)
    except Thread.DoesNotExist:
        raise NotAllowed("You cannot write in this exchange.") from None
    target = target_of(case, thread)
    if after is not None and not _still_wait(upload_ids, target, by=by):
        earlier = _replied_before.first(by, thread_id=thread.pk, body=tidied(body), after=after)
        if earlier is not None:
            return earlier
    cases.require_open(case)
    return _send(case, thread, body=body, by=by, upload_ids=upload_ids, target=target)


def open_thread(case: Case, thread_id: int, *, before: int | None = None, by: Actor) -> Thread:
    """The thread for a page that shows a part of it: the newest messages, or those before the message `before`. What the
    other side wrote in that part is now read. Raises Thread.DoesNotExist.

    An auditor's look changes nothing but the audit trail; a landlord's person has read it whether or not they may answer.
    """
    thread = _seen.one(by, case_id=case.pk, thread_id=thread_id)
    trail.record(by, "messages opened", thread, case_reference=case.reference)
    unread = thread.unread_by_landlord if by.is_landlord else thread.unread_by_service
    if unread and (by.is_landlord or _may_write(by)):
        _mark_read(thread, before, by=by)
    return thread


@kept
def _seen(by: Actor, case_id: int, thread_id: int) -> ThreadQuerySet:
    return Thread.objects.visible_to(by).on_case(case_id).select_related("case", "task").filter(pk=thread_id)


@kept
def _held(by: Actor, case_id: int, thread_id: int) -> ThreadQuerySet:
    return Thread.objects.visible_to(by).on_case(case_id).select_for_update(of=("self",)).filter(pk=thread_id)


@transaction.atomic
def _mark_read(thread: Thread, before: int | None, *, by: Actor) -> None:
    """What stands earlier than the part that is shown stays unread, and is counted so (C14)."""
    Thread.objects.select_for_update().get(pk=thread.pk)
    shown = list(thread.messages.part(before).values_list("pk", flat=True))
    unread = thread.messages.filter(by_landlord=not by.is_landlord, read_at__isnull=True)
    unread.filter(pk__in=shown).update(read_at=clock.now(), read_by_name=by.name)
    field = "unread_by_landlord" if by.is_landlord else "unread_by_service"
    Thread.objects.filter(pk=thread.pk).update(**{field: unread.count()})


def _send(case: Case, thread: Thread, *, body: str, by: Actor, upload_ids: Iterable[int], target: str) -> Message:
    body = required(body, MISSING["body"], field="body", limit=BODY_LIMIT)
    uploads = files.take(target=target, by=by, ids=upload_ids)
    now = clock.now()
    message = Message.objects.create(
        thread=thread,
        landlord_id=thread.landlord_id,
        body=body,
        author_id=by.user_id,
        author_name=by.name,
        by_landlord=by.is_landlord,
        sent_at=now,
    )
    if uploads:
        attached = documents.attach(case, uploads, by=by)
        Attachment.objects.bulk_create(
            [Attachment(message=message, landlord_id=thread.landlord_id, document=document) for document in attached]
        )
    files.take_refusals(target=target, by=by)
    field = "unread_by_service" if by.is_landlord else "unread_by_landlord"
    Thread.objects.filter(pk=thread.pk).update(**{field: F(field) + 1, "last_message_at": now})
    kind = Happened.MESSAGE_FROM_LANDLORD if by.is_landlord else Happened.MESSAGE_FROM_SERVICE
    diary_writer.write(
        case, kind, by=by, thread=thread.pk, message=message.pk, subject=thread.subject, attachments=len(uploads)
    )
    return message


def _still_wait(upload_ids: Collection[int], target: str, *, by: Actor) -> bool:
    """Whether a file has yet to be sent: then the same words are not the same message."""
    return bool(upload_ids) and files.waiting(target=target, by=by).filter(pk__in=upload_ids).exists()


def _sent_before(messages: QuerySet[Message], by: Actor, *, body: str, after: int) -> QuerySet[Message]:
    """The messages that a repeated “Send” from the same page would duplicate."""
    same = messages.filter(pk__gt=after, author_id=by.user_id, body=body)
    return same.select_related("thread").order_by("id")


@kept
def _replied_before(by: Actor, thread_id: int, body: str, after: int) -> QuerySet[Message]:
    return _sent_before(Message.objects.filter(thread=thread_id), by, body=body, after=after)


def _check_subject(subject: str) -> None:
    required(subject, MISSING["subject"], field="subject", limit=SUBJECT_LIMIT)


def _may_write(by: Actor) -> bool:
    return by.may(_writing(by))


def _require_may_write(by: Actor) -> None:
    by.require(_writing(by))


def _writing(by: Actor) -> Permission:
    return Permission.LANDLORD_WRITE_MESSAGES if by.is_landlord else Permission.WRITE_MESSAGES
