"""Saves what a person has typed, restores it for the same person on the same page, and deletes it.

Passwords, codes and files never come here: portal/pages/drafting.py names the fields of each page.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from portal.access.kept import kept as statement
from portal.drafts.models import Draft
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.lib.secrets_at_rest import seal, unseal
from portal.lib.typed import storable

MOST_OF_ONE_PERSON = 100
LONGEST_KEY = 250
LONGEST = 100_000
TOO_LONG = "What you typed is too long to be saved before you send it. Keep a copy of it."
_LABEL = "draft"
# The name of an input -> its values: a radio button has one, ticked boxes several.
Chosen: TypeAlias = dict[str, list[str]]


@dataclass(frozen=True)
class Kept:
    """A saved draft: typed text and choices by field name, and when it was last saved."""

    fields: dict[str, str]
    saved_at: datetime
    chosen: Chosen = field(default_factory=dict)


def keep(
    user_id: int,
    key: str,
    fields: dict[str, str],
    chosen: Chosen | None = None,
    *,
    shown_at: datetime | None = None,
) -> bool:
    """Saves the fields of a page. Returns False when the form was sent in the meantime; raises RuleBroken when it is too long.

    Choices alone are no draft: `chosen` is saved only with typed text. `shown_at` is when the page was rendered, so that a late
    request of its script cannot restore what was sent.
    """
    beside = {storable(name): [storable(one) for one in values] for name, values in (chosen or {}).items()}
    now, fit = clock.now(), {name: storable(text) for name, text in fields.items()}
    if len(key) > LONGEST_KEY or len(json.dumps([fields, beside], ensure_ascii=False)) > LONGEST:
        raise RuleBroken(TOO_LONG)
    typed = {name: text for name, text in fit.items() if text.strip()}
    sealed = seal(_LABEL, json.dumps({"typed": typed, "chosen": beside})) if typed else ""
    with transaction.atomic():
        Draft.objects.get_or_create(user_id=user_id, key=key, defaults={"saved_at": now})
        draft = Draft.objects.select_for_update().get(user_id=user_id, key=key)
        if shown_at and draft.ended_at and shown_at <= draft.ended_at:
            return False
        draft.sealed, draft.saved_at = sealed, now
        draft.save(update_fields=["sealed", "saved_at"])
    _drop_surplus(user_id, now)
    return True


def kept(user_id: int, key: str) -> Kept | None:
    """Returns what this person typed on that page and did not send."""
    draft = _unsent_at.first(None, user_id=user_id, key=key, since=kept_since())
    inside = _opened(draft) if draft else {}
    return Kept(inside["typed"], draft.saved_at, inside["chosen"]) if draft and inside else None


def kept_since() -> datetime:
    """The moment from which drafts are kept: older ones have expired."""
    return clock.now() - settings.DRAFT_KEPT_FOR


def unsent(user_id: int, since: datetime | None = None) -> QuerySet[Draft]:
    """Returns every unsent draft of this person, latest first."""
    since = since or kept_since()
    kept = Draft.objects.filter(user_id=user_id, saved_at__gt=since).exclude(sealed="")
    return kept.order_by("-saved_at", "-id")


unsent_now = statement(unsent)


@statement
def _unsent_at(user_id: int, key: str, since: datetime) -> QuerySet[Draft]:
    return unsent(user_id, since).filter(key=key)


def typed_in(draft: Draft) -> dict[str, str]:
    """Returns the fields by name; nothing when the draft was encrypted with a key that no longer exists."""
    typed: dict[str, str] = _opened(draft).get("typed", {})
    return typed


def _opened(draft: Draft) -> dict[str, Any]:
    opened = unseal(_LABEL, draft.sealed)
    found: dict[str, Any] = json.loads(opened) if opened else {}
    return {"typed": found, "chosen": {}} if found and "typed" not in found else found  # as the first portals kept it


def discard(user_id: int, key: str) -> None:
    """Deletes the draft's text: it was sent, or its owner discarded it."""
    Draft.objects.filter(user_id=user_id, key=key).update(sealed="", ended_at=clock.now())


def discard_one(user_id: int, draft_id: int) -> None:
    """Deletes one of the person's own drafts, also when it is deleted already. Raises Draft.DoesNotExist."""
    discard(user_id, Draft.objects.get(user_id=user_id, pk=draft_id).key)


def forget_old(now: datetime) -> bool:
    """Deletes expired drafts and the rows of those that were sent. Returns whether there were any."""
    old = Draft.objects.filter(saved_at__lt=now - settings.DRAFT_KEPT_FOR)
    return old.delete()[0] + _spent(now).delete()[0] > 0


def _spent(now: datetime) -> QuerySet[Draft]:
    """Rows of drafts sent, discarded or emptied so long ago that no open page could save them again."""
    return Draft.objects.filter(sealed="").exclude(ended_at__gt=now - settings.SESSION_IN_ALL)


def _drop_surplus(user_id: int, now: datetime) -> None:
    """Deletes the oldest drafts above the limit. Rows of sent drafts are counted separately."""
    theirs = Draft.objects.filter(user_id=user_id)
    _spent(now).filter(user_id=user_id).delete()
    for kind, latest in ((theirs.exclude(sealed=""), "-saved_at"), (theirs.filter(sealed=""), "-ended_at")):
        ids = kind.order_by(latest, "-id").values_list("id", flat=True)
        surplus = list(ids[MOST_OF_ONE_PERSON : MOST_OF_ONE_PERSON + 50])
        if surplus:
            kind.filter(id__in=surplus).delete()
