"""Work in the background is a state in a row. A worker claims a row under a lease, does the work and finishes the row.

At least once: a worker that dies leaves its row claimed, and when the lease ends another takes it. The attempt number is
the fence: whoever lost the row cannot finish it. Work that fails is tried again for some three days, so that no outage of
a mail server loses anything; a row that kills its workers is given up after a few deaths.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Q, QuerySet

MAX_ATTEMPTS = 80  # with rests growing to an hour: three days
MAX_DEATHS = 5
LONGEST_REST = timedelta(hours=1)
_KILLER = "The work was begun several times and each time the worker ended before it was done."
log = logging.getLogger(__name__)


class ClaimState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    CLAIMED = "claimed", "In hand"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class LostLease(Exception):
    """Another worker has the lease now; this worker's changes are rolled back."""


class Claimable(models.Model):
    """A row that a background worker must act on once."""

    claim_state = models.CharField(max_length=8, choices=ClaimState, default=ClaimState.WAITING)
    claim_due_at = models.DateTimeField()
    claim_lease_until = models.DateTimeField(null=True, blank=True)
    claim_attempts = models.PositiveSmallIntegerField(default=0)
    claim_deaths = models.PositiveSmallIntegerField(default=0)  # how many workers ended while they held the row
    claim_error = models.TextField(blank=True, default="")

    class Meta:
        abstract = True


def claim_indexes() -> list[models.Index]:
    """Partial indexes for `claim`, for the Meta of every claimable model: waiting and claimed rows, never finished ones."""
    waiting = Q(claim_state=ClaimState.WAITING)
    in_hand = Q(claim_state=ClaimState.CLAIMED)
    return [
        models.Index(fields=["claim_due_at", "id"], condition=waiting, name="%(class)s_waiting"),
        models.Index(fields=["claim_lease_until", "id"], condition=in_hand, name="%(class)s_in_hand"),
    ]


Row = TypeVar("Row", bound=Claimable)
Moment = Callable[[Any], datetime]  # of each row, the moment at which it is worked on


def claim(rows: QuerySet[Row], *, now: datetime) -> Row | None:
    """The next due row of `rows`, now leased to the caller; None when nothing is due."""
    found = claim_many(rows, now=now, limit=1)
    return found[0] if found else None


def claim_many(rows: QuerySet[Row], *, now: datetime, limit: int) -> list[Row]:
    """Up to `limit` of the next due rows of `rows`, in their order, now leased to the caller.

    What a dead worker left comes first, then what has waited longest: two questions, each answered by the first rows of
    an index however many wait. A row that was tried before comes alone, so that it takes no other with it.
    """
    with transaction.atomic():
        return _orphan(rows, now) or _waiting(rows, now, limit)


def due(rows: QuerySet[Row], now: datetime) -> tuple[QuerySet[Row], QuerySet[Row]]:
    """The rows that `claim` would take, as two queries with an index each: left by a dead worker, or waiting."""
    orphans = rows.filter(claim_state=ClaimState.CLAIMED, claim_lease_until__lt=now)
    return orphans, rows.filter(claim_state=ClaimState.WAITING, claim_due_at__lte=now)


def _orphan(rows: QuerySet[Row], now: datetime) -> list[Row]:
    left, _ = due(rows, now)
    for row_id, _ in _first(left, "claim_lease_until", 1):
        row = rows.get(pk=row_id)
        deaths = row.claim_deaths + 1
        if deaths < MAX_DEATHS:
            return _leased(rows, [row_id], now, claim_deaths=deaths)
        _save(row, claim_state=ClaimState.FAILED, claim_deaths=deaths, claim_error=_KILLER)
        return _orphan(rows, now)
    return []


def _waiting(rows: QuerySet[Row], now: datetime, limit: int) -> list[Row]:
    _, waiting = due(rows, now)
    found = _first(waiting, "claim_due_at", limit)
    fresh = [row_id for row_id, attempts in takewhile(lambda one: one[1] == 0, found)]
    wanted = fresh or [row_id for row_id, _ in found[:1]]
    return _leased(rows, wanted, now) if wanted else []


def _leased(rows: QuerySet[Row], row_ids: list[int], now: datetime, **fields: Any) -> list[Row]:
    rows.model._default_manager.filter(pk__in=row_ids).update(
        claim_state=ClaimState.CLAIMED,
        claim_attempts=F("claim_attempts") + 1,
        claim_lease_until=now + settings.CLAIM_LEASE,
        **fields,
    )
    found = rows.in_bulk(row_ids)
    return [found[row_id] for row_id in row_ids]


def _first(rows: QuerySet[Row], order: str, limit: int) -> list[tuple[int, int]]:
    """Ids and attempts alone: most rounds find nothing, and to ask for whole rows takes Django four times as long."""
    free = _free(rows.select_related(None)).order_by(order, "pk")
    return list(free.values_list("pk", "claim_attempts")[:limit])


def _free(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Held until the transaction ends, without those that another worker holds."""
    return rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def finish(row: Claimable, **fields: Any) -> bool:
    """Marks the row done, with `fields` changed beside. False when the lease was lost meanwhile: then nothing changes."""
    return finish_many([row], **fields)


def finish_many(rows: Sequence[Claimable], **fields: Any) -> bool:
    """Marks all these rows done alike. False when the lease of one was lost meanwhile: the caller then rolls back."""
    return _fenced(rows, claim_state=ClaimState.DONE, claim_lease_until=None, claim_error="", **fields)


def work(rows: Sequence[Row], act: Callable[[Sequence[Row]], bool], *, now: datetime) -> None:
    """Does `act` for all the rows in one transaction. It ends by finishing them or putting them off, and says whether
    they were its own. Where it fails for several, each is done alone: a row that cannot be worked on holds up no other.
    """
    try:
        with transaction.atomic():
            if not act(rows):
                raise LostLease
    except Exception as error:
        if len(rows) > 1:
            log.warning("%d of %s failed together (%r): each alone", len(rows), rows[0]._meta.model_name, error)
            for row in rows:
                work([row], act, now=now)
        else:
            _not_done(rows[0], error, now)


def _not_done(row: Claimable, error: Exception, now: datetime) -> None:
    if isinstance(error, LostLease):
        log.warning("%s %s was taken over by another worker", row._meta.model_name, row.pk)
        return
    log.error("%s %s failed", row._meta.model_name, row.pk, exc_info=error)
    try_again(row, f"{type(error).__name__}: {error}", now=now)


def put_off(row: Claimable, until: datetime) -> bool:
    """Back among the waiting rows until then: it was claimed before its time had come."""
    return put_off_many([row], until)


def put_off_many(rows: Sequence[Claimable], until: datetime) -> bool:
    return _fenced(rows, claim_state=ClaimState.WAITING, claim_due_at=until, claim_lease_until=None)


def try_again(row: Claimable, error: str, *, now: datetime) -> bool:
    """Puts the row back with a growing rest (2, 4, 8 seconds ... an hour), or ends it as failed after the last attempt."""
    last = row.claim_attempts >= MAX_ATTEMPTS
    return _fenced(
        [row],
        claim_state=ClaimState.FAILED if last else ClaimState.WAITING,
        claim_due_at=now + min(LONGEST_REST, timedelta(seconds=2 ** min(row.claim_attempts, 20))),
        claim_lease_until=None,
        claim_error=error[:2000],
    )


def give_up(row: Claimable, error: str, **fields: Any) -> bool:
    """Ends the row as failed at once: trying again could not help."""
    return _fenced([row], claim_state=ClaimState.FAILED, claim_lease_until=None, claim_error=error[:2000], **fields)


def held(rows: Sequence[Claimable]) -> QuerySet[Any]:
    """Those of the rows, claimed together or one alone, whose lease was not lost."""
    attempts = {row.claim_attempts for row in rows}
    mine = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])
    return mine.filter(claim_state=ClaimState.CLAIMED, claim_attempts__in=attempts)


def _fenced(rows: Sequence[Claimable], **fields: Any) -> bool:
    return held(rows).update(**fields) == len(rows)


def _save(row: Claimable, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
