"""Reading threads through the wall between landlords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from portal.access.actor import Actor
from portal.access.permissions import Permission

A_PART = 50  # messages of an exchange on one page

if TYPE_CHECKING:
    from portal.messaging.models import Message, Thread  # noqa: F401


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, actor: Actor) -> ThreadQuerySet:
        if actor.landlord_id is not None and actor.may(Permission.LANDLORD_SEE_CASES):
            return self.filter(landlord_id=actor.landlord_id, case__released_at__isnull=False)
        if not actor.is_landlord and actor.may(Permission.SEE_CASES):
            return self.all()
        return self.none()

    def on_case(self, case_id: int) -> ThreadQuerySet:
        return self.filter(case_id=case_id)

    def unread_by_landlord_people(self) -> ThreadQuerySet:
        """Threads with something from the service that nobody of the landlord has opened."""
        return self.filter(unread_by_landlord__gt=0)

    def unread_by_staff(self) -> ThreadQuerySet:
        """Threads with something from the landlord that nobody of the service has opened."""
        return self.filter(unread_by_service__gt=0)

    def newest_first(self) -> ThreadQuerySet:
        return self.order_by("-last_message_at", "-id")


class MessageQuerySet(models.QuerySet["Message"]):
    def part(self, before: int | None) -> MessageQuerySet:
        """What one page shows of a long history: the newest messages, or the newest before a certain one."""
        asked = self if before is None else self.filter(pk__lt=before)
        return asked.order_by("-id")[:A_PART]
