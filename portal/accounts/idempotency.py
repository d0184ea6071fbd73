"""Idempotency key for forms: a repeated or concurrent submit returns the first result; a form that is filled in the same once
more is done only on purpose (lib/repeats.py)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar, cast

from django.apps import apps
from django.db import models, transaction

from portal.access.actor import Actor
from portal.accounts.models import IdempotencyKey
from portal.lib import clock
from portal.lib.repeats import Repeated, repeat_since
from portal.lib.secrets_at_rest import digest

Made = TypeVar("Made", bound=models.Model)
KEPT_FOR = timedelta(days=1)


def once(key: str, action: Callable[[], Made], *, by: Actor | None, same: str = "", may_repeat: bool = False) -> Made:
    """Runs `action` once for each key and person and returns its record; a repeat returns the record of the first run.
    Without a key ("") the action simply runs.

    `same` says what was filled in and where, without the key. A signed-in person who fills in the same under another key
    within lib/repeats.REPEAT_WITHIN raises Repeated, unless `may_repeat`.

    The key and the record are written in one transaction, so a concurrent repeat waits for the first. If a rule refuses
    the action, no key is left and the form may be sent again.
    """
    if not key:
        return action()
    with transaction.atomic():
        row, is_first = IdempotencyKey.objects.get_or_create(digest=_of(by, key))
        if not is_first:
            return cast(Made, apps.get_model(row.record)._default_manager.get(pk=row.record_id))
        if by and same:
            _note(_of(by, same), may_repeat=may_repeat)
        made = action()
        row.record, row.record_id = made._meta.label, made.pk
        row.save(update_fields=["record", "record_id"])
        return made


def _of(by: Actor | None, key: str) -> str:
    return digest(f"{by.user_id if by else ''}:{key}")


def _note(content: str, *, may_repeat: bool) -> None:
    row, is_first = IdempotencyKey.objects.get_or_create(digest=content)
    if is_first:
        return
    if row.sent_at > repeat_since() and not may_repeat:
        raise Repeated
    row.sent_at = clock.now()
    row.save(update_fields=["sent_at"])


def forget_old(now: datetime) -> bool:
    """Work for the worker: no browser sends so old a form twice at once. Says whether there were any."""
    return IdempotencyKey.objects.filter(sent_at__lt=now - KEPT_FOR).delete()[0] > 0
