"""The portal team's changes to words, categories and closures (C26, C29, D13). This process shows a change at once, every other
within half a minute. Existing deadlines never move: a closure counts only for deadlines set afterwards."""

import re
import unicodedata
from datetime import date

from django.db import IntegrityError, transaction

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.audit import trail
from portal.content import words
from portal.content.catalogue import checked
from portal.content.defaults import CATEGORIES, DEFAULTS
from portal.content.models import Category, Closure, Wording
from portal.lib import clock, version_tokens
from portal.lib.days import is_too_far
from portal.lib.errors import RuleBroken

LABEL_LIMIT = 60
REASON_LIMIT = 200
_CODE_LIMIT = 20


@transaction.atomic
def change_words(key: str, *, text: str, by: Actor, seen: str | None = None) -> Wording:
    """Replaces shipped words. Raises KeyError for a key that was never shipped.

    `seen` is words_token of the words from which the form was made.
    """
    by.require(Permission.EDIT_CONTENT)
    shipped, text = DEFAULTS[key], checked(key, text)
    return _put(key, "" if text == shipped else text, "words changed", by=by, seen=seen)


@transaction.atomic
def reset_words(key: str, *, by: Actor, seen: str | None = None) -> Wording:
    """Restores the shipped words. Raises KeyError for a key that was never shipped."""
    by.require(Permission.EDIT_CONTENT)
    _ = DEFAULTS[key]
    return _put(key, "", "words reset", by=by, seen=seen)


def words_token(key: str, now: str) -> str:
    """The version token of the words that stand under `key` now."""
    return version_tokens.token(key, now)


def _put(key: str, text: str, verb: str, *, by: Actor, seen: str | None) -> Wording:
    Wording.objects.get_or_create(key=key, defaults={"text": ""})
    row = Wording.objects.select_for_update().get(key=key)
    before = row.text or DEFAULTS[key]
    version_tokens.check(words_token(key, before), seen, "text")
    row.text, row.changed_at, row.changed_by_name = text, clock.now(), by.name
    row.save()
    trail.record(by, verb, row, key=key, before=before, after=text or DEFAULTS[key])
    transaction.on_commit(words.forget)
    return row


@transaction.atomic
def add_category(*, label: str, by: Actor) -> Category:
    """Adds a category at the end of the list. Its code is made from its first label and never changes."""
    by.require(Permission.EDIT_CONTENT)
    known = _categories()
    label = _label(label, known)
    row = Category(code=_code(label, set(known)), label=label)
    return _keep(row, "category added", by=by)


@transaction.atomic
def rename_category(code: str, *, label: str, by: Actor, seen: str | None = None) -> Category:
    """Renames a category, also on documents that have it already. Raises KeyError for an unknown code."""
    by.require(Permission.EDIT_CONTENT)
    row, known = _category(code), _categories()
    version_tokens.check(row.version_token, seen, "category")
    row.label = _label(label, {one: text for one, text in known.items() if one != code})
    return _keep(row, "category renamed", by=by, before=known[code])


@transaction.atomic
def retire_category(code: str, *, by: Actor) -> Category:
    """Retires a category: nobody can choose it, documents that have it keep it. Raises KeyError for an unknown code."""
    by.require(Permission.EDIT_CONTENT)
    row = _category(code)
    retired = set(Category.objects.filter(is_retired=True).values_list("code", flat=True))
    if code in retired:
        raise RuleBroken("This category is retired already.")
    if len(_categories()) - len(retired) < 2:
        raise RuleBroken("One category must be left: people must be able to choose one.")
    row.is_retired = True
    return _keep(row, "category retired", by=by)


@transaction.atomic
def restore_category(code: str, *, by: Actor) -> Category:
    by.require(Permission.EDIT_CONTENT)
    row = _category(code)
    if not row.is_retired:
        raise RuleBroken("This category can be chosen already.")
    row.is_retired = False
    return _keep(row, "category restored", by=by)


@transaction.atomic
def add_closure(*, day: date, reason: str, by: Actor) -> Closure:
    """Adds a closure: from now on the day is no working day (D14)."""
    by.require(Permission.EDIT_CONTENT)
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("Enter why the service is closed.", field="reason")
    if len(reason) > REASON_LIMIT:
        raise RuleBroken(f"Use {REASON_LIMIT} characters or fewer. You used {len(reason):,}.", field="reason")
    if day < clock.today():
        raise RuleBroken("This day is over. Choose today or a later day.", field="day")
    if is_too_far(day, clock.today()):
        raise RuleBroken("This day is more than three years away. Check the year.", field="day")
    if not words.working_calendar().is_working_day(day):
        raise RuleBroken("This is no working day already: a weekend, a bank holiday or a closure.", field="day")
    try:
        with transaction.atomic():
            closure = Closure.objects.create(day=day, reason=reason, changed_at=clock.now(), changed_by_name=by.name)
    except IntegrityError:
        raise RuleBroken("Somebody has just entered this day.", field="day") from None
    trail.record(by, "closure added", closure, day=day.isoformat(), reason=reason)
    transaction.on_commit(words.forget)
    return closure


@transaction.atomic
def remove_closure(closure_id: int, *, by: Actor) -> date:
    """Removes a future closure. Past closures stay, because deadlines were counted with them. Raises Closure.DoesNotExist."""
    by.require(Permission.EDIT_CONTENT)
    closure = Closure.objects.select_for_update().get(pk=closure_id)
    if closure.day < clock.today():
        raise RuleBroken("This day is over, and deadlines were counted with it. It stays.")
    trail.record(by, "closure removed", closure, day=closure.day.isoformat(), reason=closure.reason)
    closure.delete()
    transaction.on_commit(words.forget)
    return closure.day


def _categories() -> dict[str, str]:
    """Returns code -> label from the database, without the cache."""
    return {**dict(CATEGORIES), **dict(Category.objects.order_by("id").values_list("code", "label"))}


def _category(code: str) -> Category:
    """Returns the row of a category. Creates it for a shipped category that was never changed."""
    row = Category.objects.select_for_update().filter(code=code).first()
    return row or Category(code=code, label=dict(CATEGORIES)[code])


def _keep(row: Category, verb: str, *, by: Actor, **details: str) -> Category:
    row.changed_at, row.changed_by_name = clock.now(), by.name
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise RuleBroken("Somebody has just changed this category. Look at the list, then try again.") from None
    trail.record(by, verb, row, code=row.code, label=row.label, **details)
    transaction.on_commit(words.forget)
    return row


def _label(label: str, others: dict[str, str]) -> str:
    label = " ".join("".join(one if one.isprintable() else " " for one in label).split())
    if not label:
        raise RuleBroken("Enter the name of the category.", field="label")
    if len(label) > LABEL_LIMIT:
        raise RuleBroken(f"Use {LABEL_LIMIT} characters or fewer. You used {len(label):,}.", field="label")
    if label.casefold() in {text.casefold() for text in others.values()}:
        raise RuleBroken("There is a category of this name already, perhaps a retired one.", field="label")
    return label


def _code(label: str, taken: set[str]) -> str:
    """repairs-and-damp; repairs-and-damp-2 when that is taken."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_CODE_LIMIT].strip("-") or "category"
    tries = (f"{stem[: _CODE_LIMIT - len(str(number)) - 1]}-{number}" for number in range(2, 10_000))
    return stem if stem not in taken else next(code for code in tries if code not in taken)
