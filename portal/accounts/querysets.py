"""Reading what the sign-in keeps: a person's live sessions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from portal.accounts.models import Session  # noqa: F401


class SessionQuerySet(models.QuerySet["Session"]):
    def live_of(self, user_id: int, *, now: datetime) -> SessionQuerySet:
        """The person's sessions that would still open a page, the last used first."""
        theirs = self.filter(user_id=user_id, locked_at=None)
        fresh = theirs.filter(
            last_active_at__gt=now - settings.SESSION_IDLE, started_at__gt=now - settings.SESSION_IN_ALL
        )
        return fresh.order_by("-last_active_at", "-pk")
