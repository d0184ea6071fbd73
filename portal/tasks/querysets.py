"""Reading tasks: whose they are, which are outstanding, and how near their deadlines are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.tasks.deadlines import Horizon, Nearness

if TYPE_CHECKING:
    from portal.tasks.models import Task  # noqa: F401

OUTSTANDING_STATES = ("outstanding", "unable")
ENDED_STATES = ("completed", "cancelled")


def due(nearness: Nearness, horizon: Horizon, field: str = "due_on") -> Q:
    """The dates that are so near today, as `Horizon.nearness` says of one. New and Pending are equally far."""
    if nearness is Nearness.OVERDUE:
        return Q(**{f"{field}__lt": horizon.today})
    if nearness is Nearness.APPROACHING:
        return Q(**{f"{field}__range": (horizon.today, horizon.approaching_until)})
    return Q(**{f"{field}__gt": horizon.approaching_until})


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, actor: Actor) -> TaskQuerySet:
        """The landlord's people see the tasks of its released cases; the service's people see all.

        The case's own landlord is named too: without it the database reads the cases of all landlords to count tasks.
        """
        if actor.landlord_id is not None and actor.may(Permission.LANDLORD_SEE_CASES):
            own = actor.landlord_id
            return self.filter(landlord_id=own, case__landlord_id=own, case__released_at__isnull=False)
        if not actor.is_landlord and actor.may(Permission.SEE_CASES):
            return self.all()
        return self.none()

    def outstanding(self) -> TaskQuerySet:
        """What the landlord has still to do (S25)."""
        return self.filter(state__in=OUTSTANDING_STATES)

    def checking(self) -> TaskQuerySet:
        """What the landlord has completed and the service has not yet accepted or returned (D7); latest first."""
        return self.filter(state="checking").order_by("-completed_at", "-id")

    def ended(self) -> TaskQuerySet:
        """What nobody has to do anything about any more: completed or cancelled; latest first."""
        return self.filter(state__in=ENDED_STATES).order_by("-ended_at", "-id")

    def on_case(self, case_id: int) -> TaskQuerySet:
        return self.filter(case_id=case_id)

    def assigned_to(self, user_id: int) -> TaskQuerySet:
        return self.filter(colleague_id=user_id)

    def near(self, nearness: Nearness, horizon: Horizon) -> TaskQuerySet:
        """The outstanding tasks whose text is `nearness` today."""
        found = self.outstanding().filter(due(nearness, horizon))
        if nearness in {Nearness.NEW, Nearness.PENDING}:
            return found.filter(opened_at__isnull=nearness is Nearness.NEW)
        return found

    def due_first(self) -> TaskQuerySet:
        return self.order_by("due_on", "id")
