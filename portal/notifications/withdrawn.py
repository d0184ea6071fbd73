"""Rules for withdrawn uploads (B12): nobody is notified about a batch that is completely withdrawn, or about the withdrawal of
something they were never notified about."""

from collections.abc import Iterable

from portal.cases.diary import Happened
from portal.cases.models import DiaryEntry
from portal.documents.models import Document
from portal.notifications.models import Notification

ARRIVALS = (Happened.DOCUMENTS_UPLOADED.value, Happened.DOCUMENT_REPLACED.value)


def wholly_withdrawn(submission_ids: Iterable[int]) -> set[int]:
    """The submissions whose documents have all been withdrawn or replaced since."""
    came = Document.objects.filter(submission__in=list(submission_ids))
    left = came.in_place().values_list("submission_id", flat=True)
    return set(came.values_list("submission_id", flat=True)) - set(left)


def needs_notified_people(entry: DiaryEntry) -> bool:
    return entry.kind == Happened.DOCUMENT_WITHDRAWN


def people_notified(entry: DiaryEntry) -> set[int] | None:
    """For a withdrawal, the people who were notified about the upload. None for every other kind."""
    if not needs_notified_people(entry):
        return None
    notified = Notification.objects.filter(
        entry__case_id=entry.case_id,
        entry__kind__in=ARRIVALS,
        entry__details__submission=entry.details["submission"],
        at__lte=entry.at,
    )
    return set(notified.values_list("person_id", flat=True))
