"""The one place that asks what time it is. The demo and the tests move it; everybody else only reads it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_HIDDEN = datetime.min.replace(tzinfo=UTC)
_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)


def now() -> datetime:
    """The current moment, aware, in UTC."""
    moved = _moved.get()
    if moved is _HIDDEN:
        raise RuntimeError("What is made here is kept, and would keep the moment with it: pass the time as a value.")
    return moved or datetime.now(UTC)


def today() -> date:
    """The current date in London, which is the landlord's date (D16)."""
    return now().astimezone(LONDON).date()


def hidden() -> AbstractContextManager[None]:
    """Within the block nobody may ask for the time."""
    return moved_to(_HIDDEN)


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Within the block it is `moment` (aware) for this thread."""
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
