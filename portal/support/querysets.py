"""Who sees which support ticket: its reporter; the portal team and auditors all; IT what was referred to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.lib import clock
from portal.support.states import State

if TYPE_CHECKING:
    from portal.support.models import Ticket  # noqa: F401


GOES_ON_FOR = timedelta(days=14)  # after a question was resolved


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, actor: Actor) -> TicketQuerySet:
        """For the desk. Reporters see their own by `reported_by`, whatever they are else."""
        if actor.is_landlord or not actor.may(Permission.SEE_SUPPORT):
            return self.none()
        if actor.may(Permission.SEE_ALL_SUPPORT):
            return self.all()
        return self.filter(referred_at__isnull=False, is_suspected_spam=False)

    def reported_by(self, actor: Actor) -> TicketQuerySet:
        """The actor's own. Who has changed landlord no longer sees what was reported for the former one (H47)."""
        mine = self.filter(reporter_id=actor.user_id)
        return (
            mine.filter(landlord_id=actor.landlord_id) if actor.landlord_id else mine.filter(landlord_id__isnull=True)
        )

    def genuine(self) -> TicketQuerySet:
        return self.filter(is_suspected_spam=False, discarded_at__isnull=True)

    def suspected(self) -> TicketQuerySet:
        """What the spam trap caught and nobody has looked through yet (S101)."""
        return self.filter(is_suspected_spam=True, discarded_at__isnull=True)

    def unresolved(self) -> TicketQuerySet:
        return self.exclude(state=State.RESOLVED)

    def going_on(self) -> TicketQuerySet:
        """Not resolved, or so lately that whoever writes again means the same thing."""
        return self.exclude(state=State.RESOLVED, resolved_at__lt=clock.now() - GOES_ON_FOR)

    def numbered(self, reference: str) -> TicketQuerySet:
        """By what people type: SR-000123, it-123 or 123."""
        number = reference.strip().upper().removeprefix("SR-").removeprefix("IT-")
        is_number = number.isascii() and number.isdigit() and len(number) <= 12
        return self.filter(pk=int(number)) if is_number else self.none()

    def newest_first(self) -> TicketQuerySet:
        return self.order_by("-last_post_at", "-id")
