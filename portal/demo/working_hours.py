"""When things happen in the demo: on the service's working days, in office hours, London time, before today."""

from datetime import date, datetime, time, timedelta
from random import Random

from portal.lib.clock import LONDON
from portal.lib.working_days import WorkingCalendar

WORKING_DAYS_TOLD = 187  # about nine months
_LAST_MINUTE = time(17, 45)


class WorkingHours:
    """The working days before `today`, counted backwards: the day 1 ago is the last working day before it.

    Nothing happens on `today` itself, so that a demo built at nine and one built at five on the same day are alike.
    """

    def __init__(self, today: date, calendar: WorkingCalendar) -> None:
        self.today, self.calendar = today, calendar
        self._days = [calendar.add(today, -ago) for ago in range(WORKING_DAYS_TOLD + 1)]

    def day(self, ago: int) -> date:
        return self._days[min(ago, WORKING_DAYS_TOLD)]

    def due(self, ahead: int) -> date:
        """The deadline `ahead` working days after today, or before it when negative."""
        return self.calendar.add(self.today, ahead)

    def moment(self, ago: int, rng: Random) -> datetime:
        """Some minute of the working day `ago` days before today."""
        return self._at(self.day(ago), rng)

    def next_after(self, last: datetime, rng: Random) -> datetime:
        """A little later than `last`: the same afternoon, or the next morning when the office closes before."""
        is_last_day = last.astimezone(LONDON).date() >= self.day(1)
        later = last + timedelta(minutes=rng.randint(1, 7 if is_last_day else 38), seconds=rng.randint(1, 59))
        if is_last_day or later.astimezone(LONDON).time() <= _LAST_MINUTE:
            return later
        return self._at(self.calendar.add(later.astimezone(LONDON).date(), 1), rng, latest=10)

    def earliest(self) -> datetime:
        return datetime.combine(self._days[-1], time(9), LONDON)

    def _at(self, day: date, rng: Random, latest: int = 16) -> datetime:
        return datetime.combine(day, time(rng.randint(9, latest), rng.randint(0, 59), rng.randint(0, 59)), LONDON)
