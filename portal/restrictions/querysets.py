"""Reading restrictions: for the service's people who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from portal.access.actor import Actor
from portal.access.permissions import Permission

if TYPE_CHECKING:
    from portal.restrictions.models import Restriction


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def visible_to(self, actor: Actor) -> RestrictionQuerySet:
        """All, for those who may see them; nothing for anybody else, and never for a landlord's people."""
        return self.none() if actor.is_landlord or not actor.may(Permission.SEE_RESTRICTIONS) else self.all()

    def in_force(self) -> RestrictionQuerySet:
        """The open ones, the next review first."""
        return self.filter(ended_at__isnull=True).order_by("review_on", "id")

    def ended(self) -> RestrictionQuerySet:
        return self.filter(ended_at__isnull=False).order_by("-ended_at", "-id")

    def levels_at(self, landlord_id: int, actor: Actor) -> dict[int, Restriction]:
        """The open restrictions of a landlord's people, by the person's id. Whoever of the service sees the landlord knows
        the level of each, and nothing else of it.
        """
        if actor.is_landlord or not actor.may(Permission.SEE_LANDLORDS):
            return {}
        return {one.user_id: one for one in self.in_force().filter(landlord_id=landlord_id).only("user_id", "level")}
