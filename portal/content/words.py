"""Reads what the portal team may edit: words, categories, the working calendar. Kept for half a minute in each process."""

import time
from dataclasses import dataclass
from datetime import date
from threading import Lock

from portal.content.defaults import CATEGORIES, DEFAULTS
from portal.content.models import Category, Closure, Wording
from portal.lib.working_days import WorkingCalendar

_KEPT_SECONDS = 30.0
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Content:
    read_at: float
    words: dict[str, str]
    labels: dict[str, str]  # every category that ever was, in the order in which people choose
    retired: frozenset[str]
    closures: frozenset[date]


_lock = Lock()
_kept: _Content | None = None


def words(key: str) -> str:
    """Returns the portal team's words for `key`, otherwise the shipped ones. Raises KeyError for a key that was never shipped."""
    return _read().words.get(key) or DEFAULTS[key]


def categories() -> Choices:
    """Returns the categories that can be chosen: the shipped ones in their order, then the added ones."""
    read = _read()
    return tuple((code, label) for code, label in read.labels.items() if code not in read.retired)


def can_be_chosen(code: str) -> bool:
    """Whether the code is that of a category that is not retired."""
    return code in dict(categories())


def category_label(code: str) -> str:
    """Returns the label of a category, also of a retired one; "" for a document without a category."""
    return _read().labels.get(code, code)


def category_labels() -> dict[str, str]:
    """Code -> label of every category, also the retired ones."""
    return dict(_read().labels)


def working_calendar() -> WorkingCalendar:
    """Returns England's working days without the closures."""
    return WorkingCalendar(_read().closures)


def forget() -> None:
    """Clears the cache: after a change, and between tests."""
    global _kept
    _kept = None


def _read() -> _Content:
    global _kept
    with _lock:
        if _kept is None or time.monotonic() - _kept.read_at > _KEPT_SECONDS:
            changed = list(Category.objects.order_by("id").values_list("code", "label", "is_retired"))
            _kept = _Content(
                time.monotonic(),
                dict(Wording.objects.values_list("key", "text")),
                {**dict(CATEGORIES), **{code: label for code, label, _ in changed}},
                frozenset(code for code, _, is_retired in changed if is_retired),
                frozenset(Closure.objects.values_list("day", flat=True)),
            )
        return _kept
