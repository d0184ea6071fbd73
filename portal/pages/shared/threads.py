"""Messages as both areas show them: the list of a case's threads, one thread with its reply, a new thread.

Without a script files are attached by a button of the same form, and everything typed stays. An area's view checks who
may come in and calls one of these; `area` is the name of its addresses.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages as banners
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect

from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.cases.models import Case
from portal.content.words import words
from portal.documents.models import Document
from portal.files.inspection import LIMIT_BYTES
from portal.files.models import Upload
from portal.lib.errors import RuleBroken
from portal.lib.repeats import Repeated
from portal.lib.routes import address
from portal.lib.typed import number_in, tidied
from portal.lib.version_tokens import Stale
from portal.messaging import actions as messaging
from portal.messaging.models import Attachment, Message, Thread
from portal.messaging.querysets import MessageQuerySet
from portal.notifications import delivery_log
from portal.notifications.inbox import Place
from portal.pages.design.fields import FilesField, TypedText, add_rule, replace_value
from portal.pages.design.wording import moment
from portal.pages.guards import PortalRequest, or_404
from portal.pages.shared.lists.counts import counted, lengths
from portal.pages.shared.page import page
from portal.pages.shared.writing import drafts, uploads
from portal.tasks.models import Task

A_PAGE = 25
SENT = "Your message has been sent."


class ReplyForm(forms.Form):
    """What is typed. Its rules are the action's own; here it is only kept."""

    body = TypedText(
        label="Your message",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": messaging.BODY_LIMIT}),
    )
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)
    may_repeat = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = FilesField(label="Attach a document", required=False)

    def shown_as(self) -> dict[str, Any]:
        """What the form says of the page that it stood on: the newest message, and whether a repeat was refused once."""
        given = self.cleaned_data
        return {"after": number_in(str(given.get("after") or 0)), "may_repeat": bool(given.get("may_repeat"))}


class NewThreadForm(ReplyForm):
    subject = forms.CharField(label="Subject", required=False)

    field_order = ["subject", "body"]


@dataclass(frozen=True)
class Desk:
    """The place where a message is being written: a new thread of the case, or an existing one."""

    request: PortalRequest
    area: str
    case: Case
    thread: Thread | None = None
    task: Task | None = None
    before: int | None = None  # the part of a long history that is shown ends before this message

    @property
    def form_class(self) -> type[ReplyForm]:
        return ReplyForm if self.thread else NewThreadForm

    def newest(self) -> int:
        return _newest.first(None, self.thread is None, number=self.thread.pk if self.thread else self.case.pk) or 0


Send = Callable[[ReplyForm, list[int]], Thread]


def list_context(request: PortalRequest, case: Case) -> dict[str, Any]:
    """The case's threads, the latest first, for the Messages tab of either area (shared/threads.html draws them)."""
    found = Thread.objects.visible_to(request.actor).on_case(case.pk).select_related("task").newest_first()
    threads = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    landlord, unsent = request.actor.is_landlord, drafts.unsent_of(request.actor)
    rows = [
        {
            "thread": thread,
            "unread": thread.unread_by_landlord if landlord else thread.unread_by_service,
            "is_draft": bool(drafts.about_thread(thread, unsent)),
        }
        for thread in threads
    ]
    return {
        "threads": threads,
        "rows": rows,
        "unsent": drafts.new_messages(case, unsent),
        "may_write": may_write(request, case),
        "area": _area(request),
    }


def thread_view(request: PortalRequest, case: Case, thread_id: int) -> HttpResponse:
    """The whole view of one thread: its history, and a reply below it."""
    before = number_in(request.GET.get("before", "")) or None
    with or_404():
        thread = messaging.open_thread(case, thread_id, before=before, by=request.actor)
    desk = Desk(request, _area(request), case, thread=thread, task=thread.task, before=before)

    def send(form: ReplyForm, upload_ids: list[int]) -> Thread:
        body = form.cleaned_data["body"]
        messaging.reply(thread, body=body, by=request.actor, upload_ids=upload_ids, **form.shown_as())
        return thread

    return _write(desk, send)


def new_thread_view(request: PortalRequest, case: Case) -> HttpResponse:
    """The whole view of a new thread, on the case or about the task that ?task= names."""
    task = _task_asked_for(request, case)
    desk = Desk(request, _area(request), case, task=task)

    def send(form: ReplyForm, upload_ids: list[int]) -> Thread:
        subject, body = form.cleaned_data["subject"], form.cleaned_data["body"]
        return messaging.start_thread(
            case,
            subject=subject,
            body=body,
            by=request.actor,
            task=task,
            upload_ids=upload_ids,
            **form.shown_as(),
        )

    return _write(desk, send)


def may_write(request: PortalRequest, case: Case) -> bool:
    """Whether the page offers a form. The actions decide again when it is sent."""
    needed = Permission.LANDLORD_WRITE_MESSAGES if request.actor.is_landlord else Permission.WRITE_MESSAGES
    return case.is_open and request.actor.may(needed)


def _area(request: PortalRequest) -> str:
    return "landlord" if request.actor.is_landlord else "casework"


def _task_asked_for(request: PortalRequest, case: Case) -> Task | None:
    asked = request.GET.get("task", "")
    if not asked:
        return None
    with or_404():
        return messaging.task_of(case, number_in(asked), by=request.actor)


def _write(desk: Desk, send: Send) -> HttpResponse:
    if desk.request.method != "POST":
        return _draw(desk, None)
    form = desk.form_class(desk.request.POST)
    form.is_valid()
    if _pressed(desk) == "remove":
        _remove(desk)
        return _draw(desk, form)
    upload_ids = _listed(desk) + _bring_files(desk, form)
    if _pressed(desk) == "attach" or form.errors:
        return _draw(desk, form)
    return _sent(desk, form, lambda: send(form, upload_ids))


def _sent(desk: Desk, form: ReplyForm, send: Callable[[], Thread]) -> HttpResponse:
    waiting = messaging.attachments_now(desk.case, by=desk.request.actor, thread=desk.thread)
    left_out = [upload.name for upload in waiting if upload.is_refused]
    try:
        thread = send()
    except RuleBroken as error:
        add_rule(form, error)
        _say_what_else_is_missing(form, error)
        if isinstance(error, Repeated):
            replace_value(form, "may_repeat", "on")
        if isinstance(error, Stale):
            replace_value(form, "after", error.now)
            desk = replace(desk, before=None)
        return _draw(desk, form)
    banners.success(desk.request, f"{SENT} Not attached: {', '.join(left_out)}." if left_out else SENT)
    return redirect(address(f"{desk.area}:thread", desk.case.reference, thread.pk))


def _say_what_else_is_missing(form: ReplyForm, error: RuleBroken) -> None:
    """An action stops at the first rule that is broken; a person should hear of every field at once."""
    for name, missing in messaging.MISSING.items():
        if name in form.fields and name != error.field and not tidied(form.cleaned_data.get(name, "")):
            add_rule(form, RuleBroken(missing, field=name))


def _new_form(desk: Desk, history: dict[str, Any]) -> ReplyForm:
    """It says which message was the newest when the page was drawn."""
    newest = history["last"] if history and desk.before is None else desk.newest()
    return desk.form_class(initial={"after": newest, "subject": desk.task.title if desk.task else ""})


def _bring_files(desk: Desk, form: ReplyForm) -> list[int]:
    """Receives the files that came with the form; refusals become errors. Gives the ids of what now waits."""
    arrived = uploads.receive_all(
        desk.request,
        lambda name, chunks: messaging.receive_attachment(
            desk.case, name, chunks, by=desk.request.actor, thread=desk.thread
        ),
    )
    if arrived.problem and (_pressed(desk) == "attach" or arrived.problem != uploads.NONE_ARRIVED):
        form.add_error("files", arrived.problem)
    for upload in arrived.refused:
        form.add_error("files", f"{upload.name} was not attached. {uploads.refusal_of(upload)}")
    return [upload.pk for upload in arrived.uploads if not upload.is_refused]


def _waiting(desk: Desk) -> QuerySet[Upload]:
    return messaging.waiting_attachments(desk.case, by=desk.request.actor, thread=desk.thread)


def _pressed(desk: Desk) -> str:
    return "remove" if "remove" in desk.request.POST else desk.request.POST.get("do", "send")


def _remove(desk: Desk) -> None:
    upload_id = number_in(desk.request.POST["remove"])
    uploads.say_removed(desk.request, _waiting(desk), upload_id)
    messaging.discard_attachment(desk.case, upload_id, by=desk.request.actor, thread=desk.thread)


def _listed(desk: Desk) -> list[int]:
    """The files that the page showed when “Send” was pressed."""
    return [number_in(posted) for posted in desk.request.POST.getlist("attachment")]


def _draw(desk: Desk, form: ReplyForm | None) -> HttpResponse:
    history = _history(desk, desk.thread) if desk.thread else {}
    form = form or _new_form(desk, history)
    writing = may_write(desk.request, desk.case)
    waiting = messaging.attachments_now(desk.case, by=desk.request.actor, thread=desk.thread) if writing else []
    context = {
        "case": desk.case,
        "area": desk.area,
        "thread": desk.thread,
        "task": desk.task,
        "form": form if writing or form.is_bound else None,
        **uploads.listed(waiting),
        "may_write": writing,
        **history,
        "guidance_href": words("link.evidence-guidance"),
        "max_bytes": LIMIT_BYTES,
        "too_large": uploads.too_large_words(),
        "errors": bool(form.errors),
    }
    if desk.thread is None:
        return page(desk.request, "shared/message_new.html", context)
    shows = Place("thread", desk.case.pk, desk.thread.pk)
    return page(desk.request, "shared/thread.html", context, shows=shows)


def _history(desk: Desk, thread: Thread) -> dict[str, Any]:
    """One page of the thread, oldest first, with the number of messages before and after it."""
    asked = {"thread_id": thread.pk} | ({"before": desk.before} if desk.before else {})
    shown = _part(None, **asked)[::-1]
    unread = [message for message in shown if not message.by_landlord and message.read_at is None]
    mails = {} if desk.request.actor.is_landlord else delivery_log.of_messages(thread, unread)
    first, last = (shown[0].pk, shown[-1].pk) if shown else (0, 0)
    around = counted(_around(None, thread_id=thread.pk, first=first, last=last))
    files: dict[int, list[Document]] = defaultdict(list)
    for attachment in _attached(None, thread_id=thread.pk, first=first, last=last):
        files[attachment.message_id].append(attachment.document)
    items = [_item(desk, message, mails, files[message.pk]) for message in shown]
    return {"items": items, "first": first, "last": last, "earlier": around["earlier"], "later": around["later"]}


@kept
def _newest(on_case: bool, number: int) -> QuerySet[Message, int]:
    """The newest message of a thread, or of all those of a case."""
    found = Message.objects.filter(thread__case=number) if on_case else Message.objects.filter(thread=number)
    return found.order_by("-id").values_list("id", flat=True)[:1]


@kept
def _part(thread_id: int, before: int | None = None) -> MessageQuerySet:
    """The latest first."""
    return Message.objects.filter(thread=thread_id).part(before)


@kept
def _around(thread_id: int, first: int, last: int) -> QuerySet[Any]:
    messages = Message.objects.filter(thread=thread_id)
    return lengths(earlier=messages.filter(pk__lt=first), later=messages.filter(pk__gt=last))


@kept
def _attached(thread_id: int, first: int, last: int) -> QuerySet[Attachment]:
    found = Attachment.objects.filter(message__thread=thread_id, message__id__range=(first, last))
    return found.select_related("document__stored").order_by("id")


def _item(desk: Desk, message: Message, mails: dict[int, str], files: list[Document]) -> dict[str, Any]:
    mine = message.by_landlord == desk.request.actor.is_landlord
    return {
        "id": message.pk,
        "sender": message.author_name,
        "at": message.sent_at,
        "text": message.body,
        "mine": mine,
        "read": _read(message, mails.get(message.pk, "")) if mine and not message.by_landlord else "",
        "attachments": [_file(desk, document) for document in files],
    }


def _read(message: Message, mails: str) -> str:
    """For the service: whether and when the landlord opened it, and who did (C14); until then whether it was told."""
    if message.read_at is None:
        return f"Not yet read by the landlord. {mails}".strip()
    return f"Read by {message.read_by_name} on {moment(message.read_at)}"


def _file(desk: Desk, document: Document) -> dict[str, Any]:
    href = address(f"{desk.area}:document", desk.case.reference, document.pk)
    return {"name": document.name, "href": href, "size": document.stored.size}
