"""A form that is sent twice is done once: the second sending, even at the same moment, gets what the first one made."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar, cast

from django.apps import apps
from django.db import models, transaction

from portal.access.actor import Actor
from portal.accounts.models import Sending
from portal.accounts.secrets_at_rest import digest

Made = TypeVar("Made", bound=models.Model)
KEPT_FOR = timedelta(days=1)


def once(sending: str, action: Callable[[], Made], *, by: Actor | None) -> Made:
    """What `action` makes, or has made for the same `sending` ("" is none: it is simply done) by the same person.

    The row and what is made stand in one transaction: another that sends the same waits for it. When a rule refuses, no
    row is left, and the form may be sent again.
    """
    if not sending:
        return action()
    with transaction.atomic():
        key = digest(f"{by.user_id if by else ''}:{sending}")
        row, is_first = Sending.objects.get_or_create(digest=key)
        if not is_first:
            return cast(Made, apps.get_model(row.record)._default_manager.get(pk=row.record_id))
        made = action()
        row.record, row.record_id = made._meta.label, made.pk
        row.save(update_fields=["record", "record_id"])
        return made


def forget_old(now: datetime) -> bool:
    """Work for the worker: no browser sends so old a form twice at once. Says whether there were any."""
    return Sending.objects.filter(sent_at__lt=now - KEPT_FOR).delete()[0] > 0
