"""When a notification e-mail may be sent: within sending hours on London's working days, in the daily digest, or at the next
full hour.

Pure: no database, no clock, no settings.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from portal.lib.clock import LONDON
from portal.lib.working_days import WorkingCalendar

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
DIGEST_WITHOUT_HOURS = time(7)


@dataclass(frozen=True)
class SendingHours:
    """One person's sending hours. `window` of None, or `any_time`, is at any time on any day."""

    window: tuple[time, time] | None
    calendar: WorkingCalendar
    any_time: bool = False

    def opening(self, moment: datetime) -> datetime:
        """The first moment from `moment` on at which an e-mail may leave: `moment` itself within the hours."""
        if self.window is None or self.any_time:
            return moment
        opens, closes = self.window
        local = moment.astimezone(LONDON)
        if self._is_sending_day(local) and opens <= local.time() < closes:
            return moment
        return self._next(moment, opens)

    def digest(self, moment: datetime) -> datetime:
        """When the next daily digest leaves: as the hours open, later than `moment`."""
        return self._next(moment, self.window[0] if self.window else DIGEST_WITHOUT_HOURS)

    def after_the_hour(self, moment: datetime) -> datetime:
        """When e-mails over the hourly limit are sent: at the next full hour within sending hours."""
        full = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
        return self.opening(full)

    def _next(self, moment: datetime, at: time) -> datetime:
        day = moment.astimezone(LONDON).date()
        while True:
            found = datetime.combine(day, at, LONDON)
            if found > moment and self._is_sending_day(found):
                return found.astimezone(UTC)
            day += _DAY

    def _is_sending_day(self, local: datetime) -> bool:
        return self.window is None or self.any_time or self.calendar.is_working_day(local.date())
