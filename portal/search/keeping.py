"""Keeps the index in step with the diary, and makes it anew.

An entry of the diary waits here until `index_due_at` is empty. Claiming it moves that moment on by a lease: a worker that
dies, or a case that cannot be read, comes up again by itself. The work may be done twice, so it needs no more than that.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from portal.cases.models import Case, DiaryEntry
from portal.search.models import Entry, Word
from portal.search.querysets import WordQuerySet
from portal.search.writing import write

A_TIME = 200  # cases of one transaction of a rebuild
TOGETHER = 50  # entries that the worker takes at once
LATE = timedelta(minutes=10)  # by then it was tried several times, or no worker runs
Say = Callable[[str], None]
log = logging.getLogger("portal.search")


def index_one(now: datetime) -> bool:
    """Indexes the case of the entry that has waited longest. False when nothing waits."""
    return index_many(now, limit=1)


def index_many(now: datetime, *, limit: int = TOGETHER) -> bool:
    """Indexes the cases of the entries that have waited longest. False when nothing waits."""
    claimed = _claim(now, limit)
    if claimed:
        _index(claimed)
    return bool(claimed)


def waiting(now: datetime) -> QuerySet[DiaryEntry]:
    """The entries whose cases are to be looked at by now."""
    return DiaryEntry.objects.filter(index_due_at__lte=now)


def _index(claimed: dict[int, list[int]]) -> None:
    """All in one transaction; where that fails each alone, so that one that cannot be read holds up no other."""
    try:
        with transaction.atomic():
            write(list(claimed))
            DiaryEntry.objects.filter(pk__in=chain(*claimed.values())).update(index_due_at=None)
    except Exception:
        if len(claimed) == 1:
            log.exception("case %s could not be indexed for search; it is tried again", *claimed)
            return
        log.warning("%d cases could not be indexed together: each alone", len(claimed))
        for case_id, entry_ids in claimed.items():
            _index({case_id: entry_ids})


def cases_late(now: datetime) -> int:
    """Of how many cases a search does not find the latest, because they could not be indexed so far."""
    waiting = DiaryEntry.objects.filter(index_due_at__isnull=False, at__lt=now - LATE)
    return waiting.values("case_id").distinct().count()


@transaction.atomic
def _claim(now: datetime, limit: int = 1) -> dict[int, list[int]]:
    """case -> the entries of it that have come about by now."""
    due = waiting(now).order_by("index_due_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    found = list(due.values_list("case_id", "pk")[:limit])
    if not found:
        return {}
    claimed: dict[int, list[int]] = {case_id: [] for case_id, _ in found}
    for case_id, entry_id in due.filter(case__in=claimed).values_list("case_id", "pk"):
        claimed[case_id].append(entry_id)
    DiaryEntry.objects.filter(pk__in=chain(*claimed.values())).update(index_due_at=now + settings.CLAIM_LEASE)
    return claimed


def rebuild(say: Say = lambda line: None) -> None:
    """The whole index, case by case, while the portal runs. What no case holds any more is forgotten."""
    newest = Word.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    done, total = 0, Case.objects.count()
    for case_ids in _in_pieces():
        with transaction.atomic():
            waiting = list(
                DiaryEntry.objects.filter(case__in=case_ids, index_due_at__isnull=False).values_list("pk", flat=True)
            )
            write(case_ids)
            DiaryEntry.objects.filter(pk__in=waiting).update(index_due_at=None)
        done += len(case_ids)
        say(f"{done:,} of {total:,} cases")
    _forget_unused_words(newest)


def _in_pieces() -> Iterator[list[int]]:
    last = 0
    while found := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:A_TIME]):
        yield found
        last = found[-1]


def _forget_unused_words(newest: int) -> None:
    """Words learnt before the rebuild that no entry holds now, such as those of a name that was put right."""
    known = Word.objects.filter(pk__lte=newest)
    for landlord_id in known.filter(landlord__isnull=False).values_list("landlord_id", flat=True).distinct():
        _forget(known.filter(landlord_id=landlord_id), _words_of(landlord_id))
    elsewhere = Word.objects.filter(landlord__isnull=False, word=OuterRef("word"))
    known.filter(~Exists(elsewhere), landlord__isnull=True).delete()


def _forget(known: WordQuerySet, used: set[str]) -> None:
    unused = [pk for pk, word in known.values_list("pk", "word").iterator() if word not in used]
    for at in range(0, len(unused), A_TIME):
        Word.objects.filter(pk__in=unused[at : at + A_TIME]).delete()


def _words_of(landlord_id: int) -> set[str]:
    held: set[str] = set()
    for words in Entry.objects.filter(landlord_id=landlord_id).values_list("words", flat=True).iterator():
        held.update(words.split())
    return held
