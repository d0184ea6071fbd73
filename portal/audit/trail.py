"""Writes the audit trail: the only door to it. Called by actions and by the diary, never by pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model

from portal.access.actor import Actor
from portal.audit.models import AuditRow

A_TIME = 500  # rows of one statement
_kept: ContextVar[list[AuditRow] | None] = ContextVar("kept", default=None)


@contextmanager
def together() -> Iterator[None]:
    """What is recorded within the block is written in one go as it ends. For long work in one transaction."""
    rows: list[AuditRow] = []
    token = _kept.set(rows)
    try:
        yield
    finally:
        _kept.reset(token)
    AuditRow.objects.bulk_create(rows, batch_size=A_TIME)


def record(
    by: Actor | None, verb: str, subject: Model | type[Model], /, *, case_reference: str = "", **details: Any
) -> None:
    """Adds the row that `by` (None: the portal itself) did `verb` to `subject`; a list of them is its
    class. Joins the caller's transaction."""
    row = AuditRow(
        actor_id=by.user_id if by else None,
        actor_name=by.name if by else "The portal",
        landlord_id=by.landlord_id if by else None,
        verb=verb,
        record=subject._meta.model_name or "",
        record_id="" if isinstance(subject, type) else str(subject.pk),
        case_reference=case_reference,
        details=details,
        ip=by.ip if by else None,
        request_id=by.request_id if by else "",
    )
    if (kept := _kept.get()) is None:
        row.save()
    else:
        kept.append(row)
