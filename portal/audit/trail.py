"""Writes the audit trail: the only door to it. Called by actions and by the diary, never by pages."""

from typing import Any

from django.db.models import Model

from portal.access.actor import Actor
from portal.audit.models import AuditRow


def record(
    by: Actor | None, verb: str, subject: Model | type[Model], /, *, case_reference: str = "", **details: Any
) -> None:
    """Adds the row that `by` (None: the portal itself) did `verb` to `subject`; a list of them is its
    class. Joins the caller's transaction."""
    AuditRow.objects.create(
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
