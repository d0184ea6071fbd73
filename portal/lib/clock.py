"""The one place that asks what time it is. The demo and the tests move it; everybody else only reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _moved.get() or datetime.now(UTC)


def today() -> date:
    """The current date in London, which is the landlord's date (D16)."""
    return now().astimezone(LONDON).date()


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Within the block it is `moment` (aware) for this thread."""
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
