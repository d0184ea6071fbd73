"""Reading determinations through the wall between landlords. A draft exists for the service alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models import Prefetch

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.determinations.kinds import PENDING, DeterminationState

if TYPE_CHECKING:
    from portal.determinations.models import Determination, Review  # noqa: F401

Record = TypeVar("Record", bound=models.Model)


class OfCaseQuerySet(models.QuerySet[Record]):
    """What hangs on a determination or a case. Rows of a draft are hidden from the landlord by `DeterminationQuerySet`."""

    def visible_to(self, actor: Actor) -> OfCaseQuerySet[Record]:
        if actor.landlord_id is not None and actor.may(Permission.LANDLORD_SEE_CASES):
            issued = {"determination__issued_at__isnull": False, "case__released_at__isnull": False}
            return self.filter(landlord_id=actor.landlord_id, **issued)
        if not actor.is_landlord and actor.may(Permission.SEE_CASES):
            return self.all()
        return self.none()

    def in_force(self) -> OfCaseQuerySet[Record]:
        """What belongs to the determination in force."""
        return self.filter(determination__state=DeterminationState.ISSUED)

    def on_case(self, case_id: int) -> OfCaseQuerySet[Record]:
        return self.filter(case_id=case_id)


class ReviewQuerySet(OfCaseQuerySet["Review"]):
    def pending(self) -> ReviewQuerySet:
        return self.filter(state__in=PENDING)


class DeterminationQuerySet(models.QuerySet["Determination"]):
    def visible_to(self, actor: Actor) -> DeterminationQuerySet:
        """The landlord's people see what was issued on its released cases; the service's people all."""
        if actor.landlord_id is not None and actor.may(Permission.LANDLORD_SEE_CASES):
            return self.filter(landlord_id=actor.landlord_id, issued_at__isnull=False, case__released_at__isnull=False)
        if not actor.is_landlord and actor.may(Permission.SEE_CASES):
            return self.all()
        return self.none()

    def on_case(self, case_id: int) -> DeterminationQuerySet:
        return self.filter(case_id=case_id)

    def in_force(self) -> DeterminationQuerySet:
        return self.filter(state=DeterminationState.ISSUED)

    def draft(self) -> DeterminationQuerySet:
        return self.filter(state=DeterminationState.DRAFT)

    def whole(self) -> DeterminationQuerySet:
        """With everything that its page shows, in a fixed number of statements."""
        from portal.determinations.models import Confirmation, Order

        confirmations = Confirmation.objects.prefetch_related(Prefetch("evidence", _documents()))
        orders = Order.objects.prefetch_related(Prefetch("confirmations", confirmations), "former_dates")
        return self.select_related("letter__stored", "resident_letter__stored", "task").prefetch_related(
            "complaints", Prefetch("orders", orders), "recommendations"
        )


def _documents() -> models.QuerySet[Any]:
    from portal.documents.models import Document

    return Document.objects.select_related("stored").order_by("name_sort_key", "pk")
