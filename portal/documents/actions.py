"""Putting documents on a case and opening them."""

import logging
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.audit import trail
from portal.cases import actions as cases
from portal.cases import diary_writer
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.content.words import can_be_chosen
from portal.documents.models import Document, Submission, Visibility
from portal.files import actions as files
from portal.files import storage
from portal.files.models import ScanState, StoredFile, Upload
from portal.files.renaming import renamed
from portal.lib import clock
from portal.lib.errors import RuleBroken

log = logging.getLogger("portal.documents")

LETTER = "correspondence"  # the category of the service's own letters, which nobody chooses: also once it is retired


def target_of(case: Case) -> str:
    """Where a person's files wait before “Upload documents” is pressed on this case."""
    return f"documents:{case.reference}"


def find_case(reference: str, *, by: Actor) -> Case:
    """The case that files are sent to. Not recorded as opened, since no page is shown. Raises Case.DoesNotExist."""
    return Case.objects.visible_to(by).get(reference=reference)


def receive_document(case: Case, name: str, sent: files.Sent, *, by: Actor) -> Upload:
    """One sent file, which waits for “Upload documents”; refused ones wait too, with the reason in words (S79-S82)."""
    by.require(Permission.LANDLORD_WORK_CASES)
    cases.require_visible(case, by=by)
    cases.require_open(case, or_owing=True)
    return files.receive(name, sent, target=target_of(case), by=by)


def waiting_documents(case: Case, *, by: Actor) -> QuerySet[Upload]:
    """The person's own files that wait on this case, refusals included."""
    return files.waiting(target=target_of(case), by=by)


def waiting_now(case: Case, *, by: Actor) -> list[Upload]:
    """The same for a page that shows them."""
    return files.waiting_now(target=target_of(case), by=by)


def discard_document(case: Case, upload_id: int, *, by: Actor) -> None:
    """“Remove”: the waiting file is forgotten."""
    by.require(Permission.LANDLORD_WORK_CASES)
    files.discard(upload_id, target=target_of(case), by=by)


@transaction.atomic
def submit_documents(
    case: Case, *, categories: Mapping[int, str], names: Mapping[int, str] | None = None, by: Actor
) -> Submission:
    """“Upload documents”: the uploads named in `categories` (upload id -> category) become documents (S75, S77), under
    the name that `names` gives one of them (S83).

    Pressed twice with the same files it gives the one submission both times.
    """
    by.require(Permission.LANDLORD_WORK_CASES)
    case = cases.lock(case, by=by)
    if earlier := _submitted_before(case, categories, by=by):
        return earlier
    cases.require_open(case, or_owing=True)
    uploads = files.take(target=target_of(case), by=by, ids=categories)
    if not uploads:
        raise RuleBroken("Choose at least one file before you select “Upload documents”.", field="files")
    for upload in uploads:
        _check_category(upload, categories[upload.pk])
    refused = files.take_refusals(target=target_of(case), by=by)
    submission = lodge(case, uploads, refused=refused, categories=categories, names=names or {}, by=by)
    diary_writer.write(case, Happened.DOCUMENTS_UPLOADED, by=by, submission=submission.pk, count=len(uploads))
    return submission


def lodge(
    case: Case,
    uploads: list[Upload],
    *,
    refused: list[Upload],
    categories: Mapping[int, str],
    names: Mapping[int, str],
    by: Actor,
    replaces: Document | None = None,
) -> Submission:
    """Creates a submission with its documents and the refusals for its receipt, in the caller's transaction. The caller writes
    the diary."""
    submission = Submission.objects.create(
        case=case,
        landlord_id=case.landlord_id,
        person_id=by.user_id,
        person_name=by.name,
        by_landlord=by.is_landlord,
        submitted_at=clock.now(),
        refused=[_refusal(upload) for upload in refused],
    )
    Document.objects.bulk_create(
        _document(
            case,
            upload,
            by=by,
            **_named(upload, names.get(upload.pk)),
            category=categories[upload.pk],
            submission=submission,
            replaces=replaces,
        )
        for upload in uploads
    )
    files.settle(uploads)
    return submission


@transaction.atomic
def attach(case: Case, uploads: list[Upload], *, by: Actor) -> list[Document]:
    """Turns uploads into documents that came with a message; the message's own diary entry tells of them."""
    documents = Document.objects.bulk_create(_document(case, upload, by=by, name=upload.name) for upload in uploads)
    files.settle(uploads)
    return documents


def rely_on(documents: Iterable[Document]) -> None:
    """Marks documents as relied on, as evidence for an order or as a task's letter, so that the landlord can no longer withdraw
    them. Called under the case's lock. Raises RuleBroken if one was already withdrawn."""
    wanted = {document.pk for document in documents}
    if Document.objects.in_place().filter(pk__in=wanted).update(is_relied_on=True) != len(wanted):
        raise RuleBroken("The landlord has withdrawn this document. Choose another.")


@transaction.atomic
def share_document(
    case: Case, *, name: str, content: bytes, category: str, visibility: Visibility, by: Actor, announce: bool = True
) -> Document:
    """Adds a document of the service to the case. `announce` is False if another diary entry announces it, as for a task's
    letter (S63)."""
    by.require(Permission.SET_TASKS)
    if category != LETTER and not can_be_chosen(category):
        raise RuleBroken("Choose a category.", field="category")
    name, stored = files.store_accepted(name, content)
    case = cases.lock(case, by=by)
    cases.require_open(case)
    document = _unsaved(
        case, stored, by=by, name=name, category=category, visibility=visibility, received_at=clock.now()
    )
    document.save()
    if announce:
        kind = Happened.DOCUMENT_SHARED if visibility == Visibility.BOTH else Happened.DOCUMENT_KEPT
        diary_writer.write(case, kind, by=by, document=document.pk, name=document.name)
    else:
        trail.record(by, "document added", document, case_reference=case.reference, visibility=visibility)
    return document


@transaction.atomic
def open_document(reference: str, document_id: int, *, by: Actor) -> tuple[Document, IO[bytes]]:
    """The document of the case and its bytes: the one door to them. The opening is recorded. Raises
    Document.DoesNotExist, or RuleBroken when the file must not or cannot be opened.

    Under the document's lock: of the service's opening and the landlord's withdrawing exactly one comes first (B12).
    """
    seen = Document.objects.visible_to(by).filter(case__reference=reference)
    document = seen.select_related("stored").select_for_update(of=("self",)).get(pk=document_id)
    if document.is_withdrawn:
        raise RuleBroken(
            "This document has been withdrawn or replaced, so nobody can open it any more. "
            "The list of documents says when and why."
        )
    if document.stored.scan_state in {ScanState.INFECTED, ScanState.WAITING}:
        raise RuleBroken("This file cannot be opened: it is being checked for viruses, or one was found in it.")
    content = _bytes_of(document)
    trail.record(by, "document opened", document, case_reference=reference, name=document.name)
    # An auditor's look changes nothing but the audit trail.
    if by.may(Permission.SET_TASKS) and document.by_landlord and document.opened_by_service_at is None:
        document.opened_by_service_at = clock.now()
        document.save(update_fields=["opened_by_service_at"])
    return document, content


def _bytes_of(document: Document) -> IO[bytes]:
    try:
        return storage.documents().open(document.stored.key)
    except OSError:
        log.exception(
            "document %s is on record but its stored file %s cannot be read", document.pk, document.stored.key
        )
        raise RuleBroken(
            "We cannot reach this file at the moment. Nothing is lost. Try again later, or tell us."
        ) from None


@transaction.atomic
def mark_uploads_seen(case: Case, *, up_to: int | None = None, by: Actor) -> None:
    """The case's uploads leave the “new uploads” of the worklist once a caseworker has looked at the list of them.

    `up_to` is the newest submission that the list showed: one that came while it was read stays new.
    """
    by.require(Permission.SET_TASKS)
    unseen = Submission.objects.filter(case=case, by_landlord=True, seen_by_service_at__isnull=True)
    if up_to is not None:
        unseen = unseen.filter(pk__lte=up_to)
    if unseen.update(seen_by_service_at=clock.now()):
        trail.record(by, "uploads marked as seen", case, case_reference=case.reference)


def open_receipt(case: Case, submission_id: int, *, by: Actor) -> Submission:
    """The receipt of a batch of the case (B3), documents in the order of sending. Raises Submission.DoesNotExist."""
    files_sent = Document.objects.select_related("stored", "replaces", "replaced_by").order_by("upload_id", "pk")
    found = Submission.objects.visible_to(by).filter(case=case).select_related("case", "landlord")
    submission = found.prefetch_related(Prefetch("documents", files_sent)).get(pk=submission_id)
    trail.record(by, "receipt opened", submission, case_reference=case.reference)
    return submission


def _submitted_before(case: Case, upload_ids: Iterable[int], *, by: Actor) -> Submission | None:
    """The person's submission of exactly these uploads, if there is one."""
    wanted = set(upload_ids)
    taken = Document.objects.filter(
        case=case, person_id=by.user_id, upload_id__in=wanted, submission__isnull=False
    ).select_related("submission")
    submissions = {document.upload_id: document.submission for document in taken}
    whole = wanted and submissions.keys() == wanted and len({found.pk for found in submissions.values() if found}) == 1
    return next(iter(submissions.values())) if whole else None


def _refusal(upload: Upload) -> dict[str, str]:
    return {
        "name": upload.name,
        "rule": upload.refused_rule,
        "remedy": upload.refused_remedy,
        "received_at": upload.received_at.isoformat(),
    }


def _check_category(upload: Upload, category: str) -> None:
    if not can_be_chosen(category):
        raise RuleBroken(f"Choose a category for {upload.name}.", field=f"category-{upload.pk}")


def _named(upload: Upload, wanted: str | None) -> dict[str, str]:
    """The name of a document: as it was sent, or as its sender wishes, with the former beside it."""
    try:
        name = upload.name if wanted is None else renamed(upload.name, wanted)
    except RuleBroken as broken:
        raise RuleBroken(broken.words, field=f"name-{upload.pk}") from None
    return {"name": name, "sent_name": "" if name == upload.name else upload.name}


def _document(case: Case, upload: Upload, *, by: Actor, **fields: Any) -> Document:
    assert upload.stored is not None  # noqa: S101  take() gives only kept files
    return _unsaved(case, upload.stored, by=by, received_at=upload.received_at, upload_id=upload.pk, **fields)


def _unsaved(case: Case, stored: StoredFile, *, by: Actor, **fields: Any) -> Document:
    return Document(
        case=case,
        landlord_id=case.landlord_id,
        stored=stored,
        person_id=by.user_id,
        person_name=by.name,
        by_landlord=by.is_landlord,
        **fields,
    )
