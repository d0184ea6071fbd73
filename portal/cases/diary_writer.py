"""Writes the diary: one row for each event, with its audit row, in the transaction of the change."""

from typing import Any

from portal.access.actor import Actor
from portal.audit import trail
from portal.cases.diary import READERS, TOLD_AT_RELEASE, Happened, Readers
from portal.cases.models import Case, DiaryEntry
from portal.lib import clock


def write(case: Case, kind: Happened, /, *, by: Actor | None, **details: Any) -> DiaryEntry:
    """Adds an entry, and the audit row of the same act, to the caller's transaction. `details` must be plain JSON.

    `by` is None when the portal itself did it.
    """
    readers = READERS[kind]
    entry = _entry(
        case,
        kind,
        by=by,
        details=details,
        landlord_may_read=case.is_released and readers is not Readers.STAFF,
        staff_may_read=readers is not Readers.LANDLORD,
    )
    trail.record(by, kind.value, case, case_reference=case.reference, **details)
    return entry


def tell_at_release(case: Case, *, by: Actor) -> None:
    """Writes new entries, dated now, for each task, document and message that waited for the release.

    Only the landlord reads them; the service read the original entries. A task is shown with the words and deadline of its
    latest entry, and not at all if it was cancelled before the release.
    """
    earlier = list(case.diary.filter(landlord_may_read=False).order_by("id"))
    latest = {entry.details["task"]: entry for entry in earlier if "task" in entry.details}
    for entry in earlier:
        name = TOLD_AT_RELEASE.get(Happened(entry.kind))
        if name is None:
            continue
        stands = latest[entry.details["task"]] if name == "task" else entry
        if stands.kind != Happened.TASK_CANCELLED:
            details = {key: stands.details[key] for key in entry.details}
            _entry(
                case,
                Happened(entry.kind),
                by=by,
                details=details,
                landlord_may_read=True,
                staff_may_read=False,
            )


def _entry(case: Case, kind: Happened, *, by: Actor | None, details: dict[str, Any], **readers: bool) -> DiaryEntry:
    now = clock.now()
    return DiaryEntry.objects.create(
        case=case,
        landlord_id=case.landlord_id,
        kind=kind.value,
        at=now,
        actor_id=by.user_id if by else None,
        actor_name=by.name if by else "The portal",
        by_landlord=by.is_landlord if by else False,
        details=details,
        claim_due_at=now,
        **readers,
    )
