"""Work in the background is a state in a row. A worker claims a row under a lease, does the work and finishes the row.

At least once: a worker that dies leaves its row claimed, and when the lease ends another takes it. The attempt number is
the fence: whoever lost the row cannot finish it. Work that fails is tried again for some three days, so that no outage of
a mail server loses anything; a row that kills its workers is given up after a few deaths.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q, QuerySet

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
    """Another worker holds the row now: what this one wrote is rolled back."""


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
    """What `claim` looks through, for the Meta of every kind of row: only those that wait or are in hand, never the done."""
    waiting = Q(claim_state=ClaimState.WAITING)
    in_hand = Q(claim_state=ClaimState.CLAIMED)
    return [
        models.Index(fields=["claim_due_at", "id"], condition=waiting, name="%(class)s_waiting"),
        models.Index(fields=["claim_lease_until", "id"], condition=in_hand, name="%(class)s_in_hand"),
    ]


Row = TypeVar("Row", bound=Claimable)


def claim(rows: QuerySet[Row], *, now: datetime) -> Row | None:
    """The next due row of `rows`, now leased to the caller; None when nothing is due.

    What a dead worker left comes first, then what has waited longest: two questions, each answered by the first row of
    an index however many rows wait.
    """
    with transaction.atomic():
        row_id = _first_orphan(rows, now) or _first_waiting(rows, now)
        if row_id is None:
            return None
        row = rows.get(pk=row_id)
        row.claim_deaths += row.claim_state == ClaimState.CLAIMED
        if row.claim_deaths >= MAX_DEATHS:
            _save(row, claim_state=ClaimState.FAILED, claim_deaths=row.claim_deaths, claim_error=_KILLER)
            return claim(rows, now=now)
        _save(
            row,
            claim_state=ClaimState.CLAIMED,
            claim_attempts=row.claim_attempts + 1,
            claim_deaths=row.claim_deaths,
            claim_lease_until=now + settings.CLAIM_LEASE,
        )
        return row


def _first_orphan(rows: QuerySet[Row], now: datetime) -> int | None:
    return _first(rows.filter(claim_state=ClaimState.CLAIMED, claim_lease_until__lt=now), "claim_lease_until")


def _first_waiting(rows: QuerySet[Row], now: datetime) -> int | None:
    return _first(rows.filter(claim_state=ClaimState.WAITING, claim_due_at__lte=now), "claim_due_at")


def _first(rows: QuerySet[Row], order: str) -> int | None:
    """The id alone: most rounds find nothing, and to ask for a whole row takes Django four times as long."""
    return _free(rows.select_related(None)).order_by(order, "pk").values_list("pk", flat=True).first()


def _free(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Held until the transaction ends, without those that another worker holds."""
    return rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def finish(row: Claimable, **fields: Any) -> bool:
    """Marks the row done, with `fields` changed beside. False when the lease was lost meanwhile: then nothing changes."""
    return _fenced(row, claim_state=ClaimState.DONE, claim_lease_until=None, claim_error="", **fields)


def work(row: Claimable, act: Callable[[], bool], *, now: datetime) -> None:
    """Does `act` in one transaction. It ends by finishing the row or putting it off, and says whether the row was its own."""
    try:
        with transaction.atomic():
            if not act():
                raise LostLease
    except LostLease:
        log.warning("%s %s was taken over by another worker", row._meta.model_name, row.pk)
    except Exception as error:
        log.exception("%s %s failed", row._meta.model_name, row.pk)
        try_again(row, f"{type(error).__name__}: {error}", now=now)


def put_off(row: Claimable, until: datetime) -> bool:
    """Back among the waiting rows until then: it was claimed before its time had come."""
    return _fenced(row, claim_state=ClaimState.WAITING, claim_due_at=until, claim_lease_until=None)


def try_again(row: Claimable, error: str, *, now: datetime) -> bool:
    """Puts the row back with a growing rest (2, 4, 8 seconds ... an hour), or ends it as failed after the last attempt."""
    last = row.claim_attempts >= MAX_ATTEMPTS
    return _fenced(
        row,
        claim_state=ClaimState.FAILED if last else ClaimState.WAITING,
        claim_due_at=now + min(LONGEST_REST, timedelta(seconds=2 ** min(row.claim_attempts, 20))),
        claim_lease_until=None,
        claim_error=error[:2000],
    )


def give_up(row: Claimable, error: str, **fields: Any) -> bool:
    """Ends the row as failed at once: trying again could not help."""
    return _fenced(row, claim_state=ClaimState.FAILED, claim_lease_until=None, claim_error=error[:2000], **fields)


def _fenced(row: Claimable, **fields: Any) -> bool:
    mine = type(row)._default_manager.filter(
        pk=row.pk, claim_state=ClaimState.CLAIMED, claim_attempts=row.claim_attempts
    )
    return mine.update(**fields) == 1


def _save(row: Claimable, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
