"""A wrong upload is withdrawn or replaced by its landlord, with who, when and why, or given another category, until the
service has opened it (B12).

`why_not` is the one place that says whether it still can be. Row and bytes stay: the list shows what was there, the
receipt what was received, and open_document gives the bytes to nobody.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.cases import actions as cases
from portal.cases import diary_writer
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.content.words import can_be_chosen, category_label
from portal.documents.actions import lodge
from portal.documents.models import Document, Submission
from portal.files import actions as files
from portal.files.models import Upload
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.lib.typed import required

REASON_LIMIT = 500
_MESSAGE = "To correct it, send us a message."


def why_not(document: Document, case: Case) -> str:
    """Why the landlord cannot withdraw, replace or recategorise this document, and what to do instead; "" when it can."""
    if document.is_withdrawn:
        return "This document has been withdrawn or replaced already."
    if not document.by_landlord:
        return "We put this document on the case, so only we can change that. Send us a message about it."
    if document.submission_id is None:
        return f"This document came with a message, and a message stays as it was sent. {_MESSAGE}"
    if not case.is_open:
        return "This case is closed, so nothing on it can be changed, withdrawn or replaced. If something is wrong, contact us."
    if document.opened_by_service_at is not None:
        return f"We have opened this document, so it can no longer be changed, withdrawn or replaced. {_MESSAGE}"
    if document.is_relied_on:
        return f"The case relies on this document, for example as evidence for an order, so it stays. {_MESSAGE}"
    return ""


def find_document(case: Case, document_id: int, *, by: Actor) -> Document:
    """A document of the case for the page on which it is withdrawn or replaced. Raises Document.DoesNotExist."""
    return Document.objects.visible_to(by).on_case(case.pk).get(pk=document_id)


@transaction.atomic
def withdraw_document(document: Document, *, reason: str, by: Actor) -> Document:
    """“Withdraw document”. Pressed twice, the first reason stands."""
    case, document = _lock(document, by=by)
    if document.is_withdrawn and document.successor is None:
        return document
    _require_possible(document, case)
    _end(document, reason, by=by)
    diary_writer.write(
        case,
        Happened.DOCUMENT_WITHDRAWN,
        by=by,
        document=document.pk,
        name=document.name,
        submission=document.submission_id,
        reason=document.withdrawn_reason,
    )
    return document


def target_of(document: Document) -> str:
    """The upload target for a replacement of this document."""
    return f"replacement:{document.pk}"


def receive_replacement(document: Document, name: str, sent: files.Sent, *, by: Actor) -> Upload:
    """One sent file under the rules of every upload; it waits for “Replace document”. Raises Document.DoesNotExist."""
    by.require(Permission.LANDLORD_WORK_CASES)
    case = document.case
    _require_possible(find_document(case, document.pk, by=by), case)
    return files.receive(name, sent, target=target_of(document), by=by)


def waiting_replacements(document: Document, *, by: Actor) -> QuerySet[Upload]:
    return files.waiting(target=target_of(document), by=by)


def discard_replacement(document: Document, upload_id: int, *, by: Actor) -> None:
    by.require(Permission.LANDLORD_WORK_CASES)
    files.discard(upload_id, target=target_of(document), by=by)


@transaction.atomic
def replace_document(
    document: Document, *, reason: str, names: Mapping[int, str] | None = None, by: Actor
) -> Submission:
    """“Replace document”: the file that waits becomes a document of the same category, under the name that `names` may
    give it, with a receipt of its own, and the former is withdrawn. Pressed twice it gives the one submission both times.
    """
    case, document = _lock(document, by=by)
    if (earlier := document.successor) and earlier.person_id == by.user_id and earlier.submission:
        return earlier.submission
    _require_possible(document, case)
    upload = _the_one(files.take(target=target_of(document), by=by))
    _end(document, reason, by=by)
    categories = {upload.pk: document.category}
    refused = files.take_refusals(target=target_of(document), by=by)
    submission = lodge(
        case, [upload], refused=refused, categories=categories, names=names or {}, by=by, replaces=document
    )
    new = submission.documents.get()
    diary_writer.write(
        case,
        Happened.DOCUMENT_REPLACED,
        by=by,
        document=document.pk,
        name=document.name,
        new=new.pk,
        new_name=new.name,
        submission=submission.pk,
        reason=document.withdrawn_reason,
    )
    return submission


@transaction.atomic
def change_category(document: Document, *, category: str, by: Actor) -> Document:
    """“Change category”. The receipt stays with the one that the document came with."""
    case, document = _lock(document, by=by)
    _require_possible(document, case)
    if not can_be_chosen(category):
        raise RuleBroken("Choose a category", field="category")
    if category == document.category:
        return document
    was, sent = document.category_label, document.sent_category or document.category
    document.category, document.sent_category = category, "" if category == sent else sent
    document.save(update_fields=["category", "sent_category"])
    diary_writer.write(
        case,
        Happened.DOCUMENT_RECATEGORISED,
        by=by,
        document=document.pk,
        name=document.name,
        was=was,
        now=category_label(category),
    )
    return document


def _lock(document: Document, *, by: Actor) -> tuple[Case, Document]:
    """Case and document as they are now, held until the transaction ends. Refuses what the actor cannot see."""
    by.require(Permission.LANDLORD_WORK_CASES)
    case = cases.lock(document.case, by=by)
    try:
        seen = Document.objects.visible_to(by).filter(case=case).select_related("replaced_by__submission")
        return case, seen.select_for_update(of=("self",)).get(pk=document.pk)
    except Document.DoesNotExist:
        raise NotAllowed("You cannot change this document.") from None


def _require_possible(document: Document, case: Case) -> None:
    if words := why_not(document, case):
        raise RuleBroken(words)


def _the_one(uploads: list[Upload]) -> Upload:
    if not uploads:
        raise RuleBroken("Choose the document that takes its place.", field="files")
    if len(uploads) > 1:
        raise RuleBroken(
            "One document takes the place of another. Remove those that you do not want to send.", field="files"
        )
    return uploads[0]


def _end(document: Document, reason: str, *, by: Actor) -> None:
    missing = "Enter why you are withdrawing the document"
    document.withdrawn_reason = required(reason, missing, field="reason", limit=REASON_LIMIT)
    document.withdrawn_at, document.withdrawn_by_name = clock.now(), by.name
    document.save(update_fields=["withdrawn_at", "withdrawn_by_name", "withdrawn_reason"])
