"""Today as deadlines see it, for a whole page: working days with the closures that the portal team entered."""

from portal.content.words import working_calendar
from portal.lib import clock
from portal.tasks.deadlines import Horizon, horizon


def today() -> Horizon:
    return horizon(clock.today(), working_calendar())
