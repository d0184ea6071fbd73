"""Reading saved filters: whoever saved one sees it, and a shared one the landlord's other people too (H47)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from portal.access.actor import Actor
from portal.access.permissions import Permission

if TYPE_CHECKING:
    from portal.filters.models import SavedFilter  # noqa: F401


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, actor: Actor) -> SavedFilterQuerySet:
        """Those saved at the place where the actor is now. Whoever changes landlord leaves all of them behind."""
        if actor.landlord_id is not None and actor.may(Permission.LANDLORD_SEE_CASES):
            return self.filter(Q(user_id=actor.user_id) | Q(is_shared=True), landlord_id=actor.landlord_id)
        if not actor.is_landlord and actor.may(Permission.SEE_CASES):
            return self.of(actor)
        return self.none()

    def of(self, actor: Actor) -> SavedFilterQuerySet:
        """The actor's own, here."""
        place = Q(landlord_id__isnull=True) if actor.landlord_id is None else Q(landlord_id=actor.landlord_id)
        return self.filter(place, user_id=actor.user_id)

    def deletable_by(self, actor: Actor) -> SavedFilterQuerySet:
        """One's own; for the administrator also what colleagues share."""
        visible = self.visible_to(actor)
        if actor.may(Permission.LANDLORD_MANAGE_PEOPLE):
            return visible
        return visible.filter(user_id=actor.user_id)

    def own_first(self, actor: Actor) -> SavedFilterQuerySet:
        """As the top of a list shows them: one's own by name, then what colleagues share."""
        is_others = models.Case(models.When(user_id=actor.user_id, then=0), default=1)
        return self.select_related("user").order_by(is_others, "list", "name_sort_key", "id")
