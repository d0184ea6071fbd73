"""Of uploads that were withdrawn: nobody is told of a batch of which nothing is left, nor that something ended of which
they had not heard (B12)."""

from portal.cases.diary import Happened
from portal.cases.models import DiaryEntry
from portal.documents.models import Document
from portal.notifications.models import BellEntry

ARRIVALS = (Happened.DOCUMENTS_UPLOADED.value, Happened.DOCUMENT_REPLACED.value)


def is_nothing_left(entry: DiaryEntry) -> bool:
    """Whether all that the entry tells of as having come was withdrawn or replaced meanwhile."""
    if entry.kind not in ARRIVALS:
        return False
    came = Document.objects.filter(submission=entry.details["submission"])
    return came.exists() and not came.in_place().exists()


def who_heard(entry: DiaryEntry) -> set[int] | None:
    """Of a withdrawal: the people who had been told that the document came. None where that does not matter."""
    if entry.kind != Happened.DOCUMENT_WITHDRAWN:
        return None
    told = BellEntry.objects.filter(
        entry__case_id=entry.case_id,
        entry__kind__in=ARRIVALS,
        entry__details__submission=entry.details["submission"],
        at__lte=entry.at,
    )
    return set(told.values_list("person_id", flat=True))
