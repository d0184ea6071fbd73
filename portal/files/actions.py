"""Receives files. Each is inspected, then stored, then recorded as an upload that is not yet submitted: the row comes last."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.files import storage
from portal.files.inspection import Accepted, Reason, Received, Refused, judge, read_into
from portal.files.inspection.verdicts import refuse
from portal.files.models import StoredFile, Upload
from portal.files.names import clean_name
from portal.lib import clock
from portal.lib.errors import RuleBroken

_IN_MEMORY_BYTES = 256 * 1024


@dataclass(frozen=True)
class Whole:
    """A received file, with its size and hash."""

    file: "File[bytes]"
    received: Received

    @property
    def content(self) -> BinaryIO:
        """The underlying file: zipfile needs methods that Django's wrapper lacks."""
        return cast(BinaryIO, self.file.file)


Sent = Iterable[bytes] | Whole | None  # None: the sender's page held it back, since it is over the limit (D9)


def receive(name: str, sent: Sent, *, target: str, by: Actor) -> Upload:
    """Inspects one file and stores it, or records why it was refused. Its received time is that of the last byte (D16).

    A process that dies between storing and recording leaves bytes without a row, never a row without bytes. orphans.py deletes
    such bytes.
    """
    _require_room(target, by)
    if sent is None:
        held_back = refuse(clean_name(name), Reason.TOO_LARGE)
        return _note(held_back, "", target=target, by=by, received_at=clock.now())
    with _whole(sent) as whole:
        verdict = judge(name, whole.received, whole.content)
        received_at = clock.now()
        key = "" if isinstance(verdict, Refused) else storage.keep(whole.file)
    return _note(verdict, key, target=target, by=by, received_at=received_at)


def store_accepted(name: str, content: bytes) -> tuple[str, StoredFile]:
    """Inspects and stores a file that the portal makes or that staff send. Raises RuleBroken when it is refused."""
    with _whole([content]) as whole:
        verdict = judge(name, whole.received, whole.content)
        if isinstance(verdict, Refused):
            raise RuleBroken(f"{verdict.name}: {verdict.rule} {verdict.remedy}")
        return verdict.name, _row(verdict, storage.keep(whole.file))


@contextmanager
def _whole(sent: Iterable[bytes] | Whole) -> Iterator[Whole]:
    if isinstance(sent, Whole):
        yield sent
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as spool:
        received = read_into(cast(BinaryIO, spool), sent)
        yield Whole(File(spool), received)


def waiting(*, target: str, by: Actor) -> QuerySet[Upload]:
    """The person's own unexpired uploads for the target, refusals included, in the order in which they were sent (H19)."""
    return _waiting.plainly(by, target, clock.now())


def waiting_now(*, target: str, by: Actor) -> list[Upload]:
    """The same uploads, as a list for a page."""
    return _waiting(by, target=target, now=clock.now())


@kept
def _waiting(by: Actor, target: str, now: datetime) -> QuerySet[Upload]:
    mine = Upload.objects.filter(user_id=by.user_id, landlord_id=by.landlord_id, target=target, expires_at__gt=now)
    return mine.select_related("stored").order_by("id")


def take(*, target: str, by: Actor, ids: Iterable[int] | None = None) -> list[Upload]:
    """Locks the waiting uploads that are about to be submitted. With `ids`, exactly these; raises RuleBroken when one is
    missing."""
    found = waiting(target=target, by=by).filter(stored__isnull=False).select_for_update(of=("self",))
    if ids is None:
        return list(found)
    wanted = set(ids)
    uploads = list(found.filter(pk__in=wanted)) if wanted else []
    if len(uploads) != len(wanted):
        raise RuleBroken(
            "One of these files is no longer waiting. Look through the list and choose the missing file again."
        )
    return uploads


def settle(uploads: Iterable[Upload]) -> None:
    """Deletes the rows of uploads whose stored files now belong to documents."""
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()


@transaction.atomic
def discard(upload_id: int, *, target: str, by: Actor) -> None:
    """Deletes a file that is not yet submitted. Does nothing when there is no such file."""
    upload = waiting(target=target, by=by).filter(pk=upload_id).select_for_update(of=("self",)).first()
    if upload is not None:
        _forget(upload)


def take_refusals(*, target: str, by: Actor) -> list[Upload]:
    """Deletes and returns the refusals among the waiting uploads, so that the submission can mention them."""
    refused = [upload for upload in waiting_now(target=target, by=by) if upload.stored_id is None]
    if refused:
        Upload.objects.filter(pk__in=[upload.pk for upload in refused]).delete()
    return refused


def expire_uploads(now: datetime) -> int:
    """Deletes uploads that were not submitted in time, with their files. Returns how many."""
    late = late_uploads(now).order_by("expires_at").values_list("pk", flat=True)[:200]
    return sum(_expire(upload_id, now) for upload_id in list(late))


def late_uploads(now: datetime) -> QuerySet[Upload]:
    """Uploads that were not submitted in time."""
    return Upload.objects.filter(expires_at__lte=now)


def expire_now(user_id: int) -> None:
    """Ends a person's unsubmitted uploads now: the worker deletes them in its next round."""
    now = clock.now()
    Upload.objects.filter(user_id=user_id, expires_at__gt=now).update(expires_at=now)


@transaction.atomic
def _expire(upload_id: int, now: datetime) -> bool:
    """Locks the upload and checks it again: the person may be submitting it at this moment."""
    still = Upload.objects.filter(pk=upload_id, expires_at__lte=now).select_related("stored")
    upload = still.select_for_update(of=("self",)).first()
    if upload is not None:
        _forget(upload)
    return upload is not None


def _require_room(target: str, by: Actor) -> None:
    """Raises RuleBroken when the waiting uploads are at the limit, so that the person must submit first."""
    there = (
        waiting(target=target, by=by)
        .filter(stored__isnull=False)
        .aggregate(count=Count("pk"), size=Sum("stored__size"))
    )
    if there["count"] >= settings.WAITING_UPLOADS_LIMIT or (there["size"] or 0) >= settings.WAITING_UPLOADS_LIMIT_BYTES:
        raise RuleBroken(
            "Too many files are waiting here, so this one was not kept. "
            "Submit those that wait, or remove some, then send the rest."
        )


def _forget(upload: Upload) -> None:
    stored = upload.stored
    upload.delete()
    if stored is not None:
        stored.delete()
        transaction.on_commit(lambda: storage.documents().delete(stored.key))


def _row(verdict: Accepted, key: str) -> StoredFile:
    return StoredFile.objects.create(
        key=key,
        size=verdict.size,
        sha256=verdict.sha256,
        kind=verdict.kind,
        media_type=verdict.media_type,
        has_macros=verdict.has_macros,
    )


@transaction.atomic
def _note(verdict: Accepted | Refused, key: str, *, target: str, by: Actor, received_at: datetime) -> Upload:
    upload = Upload(
        user_id=by.user_id,
        landlord_id=by.landlord_id,
        target=target,
        name=verdict.name,
        received_at=received_at,
        expires_at=received_at + settings.UPLOAD_KEPT_FOR,
    )
    if isinstance(verdict, Refused):
        upload.refused_rule, upload.refused_remedy = verdict.rule, verdict.remedy
    else:
        upload.stored = _row(verdict, key)
    upload.save()
    if upload.is_refused:
        _drop_old_refusals(target, by)
    return upload


def _drop_old_refusals(target: str, by: Actor) -> None:
    """Keeps only the newest refusals. Refusals do not count towards the limit on uploads."""
    refused = waiting(target=target, by=by).filter(stored__isnull=True).order_by("-id")
    kept = list(refused.values_list("pk", flat=True)[: settings.WAITING_UPLOADS_LIMIT])
    refused.filter(pk__lt=kept[-1]).delete()
