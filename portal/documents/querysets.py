"""Reading documents: what a landlord sees of a case's files, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, Exists, OuterRef, Value, When
from django.db.models.functions import Lower

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.content.words import category_labels

if TYPE_CHECKING:
    from portal.documents.models import Document, Submission  # noqa: F401

SORTS: dict[str, tuple[Any, ...]] = {
    "newest": ("-received_at", "-id"),
    "oldest": ("received_at", "id"),
    "name": (Lower("name"), "id"),
}


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
        """Those that nobody has withdrawn or replaced."""
        return self.filter(withdrawn_at__isnull=True)

    def sorted_by(self, sort: str) -> DocumentQuerySet:
        """By category or one of SORTS; anything else gives the newest first."""
        if sort == "category":
            return self.order_by(_by_label(), Lower("name"), "id")
        return self.order_by(*SORTS.get(sort, SORTS["newest"]))


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, actor: Actor) -> SubmissionQuerySet:
        """The landlord's people see the batches of its released cases, the service's people all."""
        if actor.landlord_id is not None and actor.may(Permission.LANDLORD_SEE_CASES):
            return self.filter(landlord_id=actor.landlord_id, case__released_at__isnull=False)
        if not actor.is_landlord and actor.may(Permission.SEE_CASES):
            return self.all()
        return self.none()

    def new_uploads(self) -> SubmissionQuerySet:
        """What came from a landlord, that nobody has marked as seen, and of which something is still in place."""
        from portal.documents.models import Document

        left = Document.objects.in_place().filter(submission=OuterRef("pk"))
        return self.filter(Exists(left), by_landlord=True, seen_by_service_at__isnull=True)


def _by_label() -> Case:
    """The categories as people read them in a list, A to Z; what came with a message has none and stands last."""
    labels = sorted(category_labels().items(), key=lambda category: category[1])
    places = (When(category=code, then=Value(place)) for place, (code, _) in enumerate(labels))
    return Case(*places, default=Value(len(labels)))
