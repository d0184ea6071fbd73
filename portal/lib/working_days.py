"""Working days (D14): Monday to Friday less England's bank holidays and the closures that the portal team enters."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import holidays

_DAY = timedelta(days=1)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def bank_holidays(year: int) -> dict[date, str]:
    """England's bank holidays of the year in their order, each with its name."""
    return dict(sorted(holidays.country_holidays("GB", subdiv="ENG", years=year).items()))


@dataclass(frozen=True)
class WorkingCalendar:
    """England's working days, less the service's own closures."""

    closures: frozenset[date] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in _bank_holidays(day.year) and day not in self.closures

    def from_day(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        return day if self.is_working_day(day) else self.add(day, 1)

    def add(self, start: date, days: int) -> date:
        """The date `days` working days after `start` (before it when negative). Nought gives `start` itself."""
        step = _DAY if days >= 0 else -_DAY
        day, left = start, abs(days)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working_day(start + _DAY * n) for n in range(1, (end - start).days + 1))
