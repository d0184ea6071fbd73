"""Reading documents: what a landlord sees of a case's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef

from portal.access.actor import Actor
from portal.access.permissions import Permission

if TYPE_CHECKING:
    from portal.documents.models import Document, Submission  # noqa: F401


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: Actor) -> DocumentQuerySet:
        """The landlord's people see what its released cases hold and staff have not kept for themselves (D8)."""
        if actor.landlord_id is not None and actor.may(Permission.LANDLORD_SEE_CASES):
            return self.filter(landlord_id=actor.landlord_id, case__released_at__isnull=False, visibility="both")
        if not actor.is_landlord and actor.may(Permission.SEE_CASES):
            return self.all()
        return self.none()

    def on_case(self, case_id: int) -> DocumentQuerySet:
        """With what a list says of each: its size, and what it replaced or was replaced by."""
        return self.filter(case_id=case_id).select_related("stored", "replaces", "replaced_by")

    def in_place(self) -> DocumentQuerySet:
        """Documents that have not been withdrawn or replaced."""
        return self.filter(withdrawn_at__isnull=True)

    def newest_first(self) -> DocumentQuerySet:
        return self.order_by("-received_at", "-id")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, actor: Actor) -> SubmissionQuerySet:
        """The landlord's people see the batches of its released cases, the service's people all."""
        if actor.landlord_id is not None and actor.may(Permission.LANDLORD_SEE_CASES):
            return self.filter(landlord_id=actor.landlord_id, case__released_at__isnull=False)
        if not actor.is_landlord and actor.may(Permission.SEE_CASES):
            return self.all()
        return self.none()

    def new_uploads(self) -> SubmissionQuerySet:
        """Submissions from landlords that nobody has marked as seen and that still have a document in place."""
        from portal.documents.models import Document

        left = Document.objects.in_place().filter(submission=OuterRef("pk"))
        return self.filter(Exists(left), by_landlord=True, seen_by_service_at__isnull=True)
