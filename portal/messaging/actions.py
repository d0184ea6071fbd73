"""Writing and opening messages. Both sides may start a thread, on the case or from a task, and reply (D6, S52)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

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
from portal.lib.repeats import Repeated, repeat_since
from portal.lib.typed import one_line, required, tidied
from portal.lib.version_tokens import Stale
from portal.messaging.models import Attachment, Message, Thread
from portal.messaging.querysets import ThreadQuerySet
from portal.tasks.models import Task

BODY_LIMIT = 10_000  # characters
MISSING = {"subject": "Enter a subject", "body": "Enter your message"}  # what must not be empty
SUBJECT_LIMIT = 200
CROSSED = (
    "Somebody has written in this exchange since you opened it. Your message was not sent and is still below. Read what is "
    "new, then press “Send” again."
)
MOST_LOOKED_AT = 50  # of the messages that may be the same as one that is being sent


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
    may_repeat: bool = False,
) -> Thread:
    """Starts a thread on the case or about one of its tasks (S5).

    `after` is the newest message of the case when the form was rendered: the same words sent twice from one form become one
    message. Sent again from a later form they raise Repeated, unless they `may_repeat`. Without `after` every call starts a
    new thread.
    """
    _require_may_write(by)
    case = cases.lock(case, by=by)
    subject = one_line(subject)
    if after is not None and not _still_wait(upload_ids, target_of(case), by=by):
        same = Message.objects.filter(thread__case=case, thread__subject=subject, thread__task=task, body=tidied(body))
        theirs = same.filter(Q(pk__gt=after) | Q(sent_at__gt=repeat_since()), author_id=by.user_id)
        earlier = _sent_before(theirs.select_related("thread").order_by("-id")[:MOST_LOOKED_AT], after, may_repeat)
        if earlier is not None:
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
    thread: Thread,
    *,
    body: str,
    by: Actor,
    upload_ids: Collection[int] = (),
    after: int | None = None,
    may_repeat: bool = False,
) -> Message:
    """One more message in the thread. `after`, as in start_thread, is the newest message that the page showed.

    Raises Stale if somebody else has written since, so that two answers do not cross.
    """
    _require_may_write(by)
    case = cases.lock(thread.case, by=by)
    try:
        thread = _held.one(by, case_id=case.pk, thread_id=thread.pk)
    except Thread.DoesNotExist:
        raise NotAllowed("You cannot write in this exchange.") from None
    target = target_of(case, thread)
    if after:
        same = tidied(body)
        recent = _recent(None, thread_id=thread.pk, author_id=by.user_id, body=same, after=after, since=repeat_since())
        if not _still_wait(upload_ids, target, by=by):
            theirs = [message for message in recent if message.author_id == by.user_id and message.body == same]
            earlier = _sent_before(theirs, after, may_repeat)
            if earlier is not None:
                return earlier
        if any(message.pk > after and message.author_id != by.user_id for message in recent):
            raise Stale(CROSSED, str(recent[0].pk))
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


def _sent_before(same: Iterable[Message], after: int, may_repeat: bool) -> Message | None:
    """The first of the same messages that was sent from this form: a repeated “Send”. Raises Repeated if there is none, but
    one from an earlier form, and it may not be repeated."""
    same = list(same)
    from_here = [message for message in same if message.pk > after]
    if same and not from_here and not may_repeat:
        raise Repeated
    return from_here[-1] if from_here else None


@kept
def _recent(thread_id: int, author_id: int, body: str, after: int, since: datetime) -> QuerySet[Message]:
    """What was written since the page showed the message `after`, and the person's own same words, the latest first."""
    same = Q(author_id=author_id, body=body, sent_at__gt=since)
    return Message.objects.filter(Q(pk__gt=after) | same, thread=thread_id).order_by("-id")[:MOST_LOOKED_AT]


def _check_subject(subject: str) -> None:
    required(subject, MISSING["subject"], field="subject", limit=SUBJECT_LIMIT)


def _may_write(by: Actor) -> bool:
    return by.may(_writing(by))


def _require_may_write(by: Actor) -> None:
    by.require(_writing(by))


def _writing(by: Actor) -> Permission:
    return Permission.LANDLORD_WRITE_MESSAGES if by.is_landlord else Permission.WRITE_MESSAGES
