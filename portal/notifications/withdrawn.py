"""Of uploads that were withdrawn: nobody is told of a batch of which nothing is left, nor that something ended of which
they had not heard (B12)."""

from collections.abc import Iterable

from portal.cases.diary import Happened
from portal.cases.models import DiaryEntry
from portal.documents.models import Document
from portal.notifications.models import Notification

ARRIVALS = (Happened.DOCUMENTS_UPLOADED.value, Happened.DOCUMENT_REPLACED.value)


def wholly_withdrawn(submission_ids: Iterable[int]) -> set[int]:
    """Those of the submissions of which all that came was withdrawn or replaced meanwhile."""
    came = Document.objects.filter(submission__in=list(submission_ids))
    left = came.in_place().values_list("submission_id", flat=True)
    return set(came.values_list("submission_id", flat=True)) - set(left)


def asks_who_heard(entry: DiaryEntry) -> bool:
    return entry.kind == Happened.DOCUMENT_WITHDRAWN


def who_heard(entry: DiaryEntry) -> set[int] | None:
    """Of a withdrawal: the people who had been told that the document came. None where that does not matter."""
    if not asks_who_heard(entry):
        return None
    told = Notification.objects.filter(
        entry__case_id=entry.case_id,
        entry__kind__in=ARRIVALS,
        entry__details__submission=entry.details["submission"],
        at__lte=entry.at,
    )
    return set(told.values_list("person_id", flat=True))
