"""Reading cases and their diary. `visible_to` is the wall between landlords: every list and page goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from portal.access.actor import Actor
from portal.access.permissions import Permission

if TYPE_CHECKING:
    from portal.cases.models import Case, DiaryEntry  # noqa: F401


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """A landlord's people see its own released cases (S1, D11); the service's people all, if their role says so."""
        if actor.landlord_id is not None and actor.may(Permission.LANDLORD_SEE_CASES):
            return self.filter(landlord_id=actor.landlord_id, released_at__isnull=False)
        if not actor.is_landlord and actor.may(Permission.SEE_CASES):
            return self.all()
        return self.none()

    def open(self) -> CaseQuerySet:
        return self.filter(closed_at__isnull=True)

    def closed(self) -> CaseQuerySet:
        return self.filter(closed_at__isnull=False)

    def due_first(self) -> CaseQuerySet:
        """Earliest deadline first; cases with nothing due come last, oldest first."""
        return self.order_by(F("next_due_on").asc(nulls_last=True), "id")

    def newest_first(self) -> CaseQuerySet:
        return self.order_by("-id")


def detail(name: str, of: str = "") -> Cast:
    """The number of a task, thread or message among the details of an entry, which `of` leads to ("entry__")."""
    return Cast(KeyTextTransform(name, f"{of}details"), models.BigIntegerField())


class DiaryQuerySet(models.QuerySet["DiaryEntry"]):
    def readable_by(self, actor: Actor) -> DiaryQuerySet:
        """The entries of a timeline that this person may read."""
        if actor.landlord_id is not None:
            return self.filter(landlord_id=actor.landlord_id, landlord_may_read=True)
        return self.filter(staff_may_read=True)

    def of_task(self, task_id: int) -> DiaryQuerySet:
        return self.alias(task=detail("task")).filter(task=task_id)

    def newest_first(self) -> DiaryQuerySet:
        return self.order_by("-id")
