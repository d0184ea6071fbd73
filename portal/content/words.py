"""Reads the words that the portal team may edit, and the working calendar. Kept for half a minute in each process."""

import time
from datetime import date
from threading import Lock

from portal.content.defaults import DEFAULTS
from portal.content.models import Closure, Wording
from portal.lib.working_days import WorkingCalendar

_KEPT_SECONDS = 30.0
_lock = Lock()
_kept: tuple[float, dict[str, str], frozenset[date]] | None = None


def words(key: str) -> str:
    """The words for `key`: the portal team's, else the shipped ones. KeyError for a key that was never shipped."""
    return _read()[0].get(key) or DEFAULTS[key]


def working_calendar() -> WorkingCalendar:
    """England's working days less the closures that were entered."""
    return WorkingCalendar(_read()[1])


def forget() -> None:
    """Read anew next time: after a change, and between tests."""
    global _kept
    _kept = None


def _read() -> tuple[dict[str, str], frozenset[date]]:
    global _kept
    with _lock:
        if _kept is None or time.monotonic() - _kept[0] > _KEPT_SECONDS:
            _kept = (
                time.monotonic(),
                dict(Wording.objects.values_list("key", "text")),
                frozenset(Closure.objects.values_list("day", flat=True)),
            )
        return _kept[1], _kept[2]
