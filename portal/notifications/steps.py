"""When a landlord is reminded of a deadline: five working days and one before, on the day, one and five after. Pure.

Worked out from the dates alone, so that it does not matter when, how often or how late somebody asks.
"""

from datetime import date
from enum import StrEnum

from portal.lib.working_days import WorkingCalendar


class Step(StrEnum):
    FIVE_BEFORE = "five working days before"
    ONE_BEFORE = "one working day before"
    ON_THE_DAY = "on the day"
    ONE_AFTER = "one working day after"
    FIVE_AFTER = "five working days after"


WORKING_DAYS = {
    Step.FIVE_BEFORE: -5,
    Step.ONE_BEFORE: -1,
    Step.ON_THE_DAY: 0,
    Step.ONE_AFTER: 1,
    Step.FIVE_AFTER: 5,
}
FURTHEST_AHEAD = -min(WORKING_DAYS.values())
LAST = max(WORKING_DAYS, key=lambda step: WORKING_DAYS[step])


def reached(due_on: date, *, known_on: date, today: date, calendar: WorkingCalendar) -> list[Step]:
    """The steps whose day has come, in order, without those that had passed when the landlord learned of the deadline.

    A deadline that was announced on the day of a step needs no reminder for that step.
    """
    in_order = sorted(WORKING_DAYS.items(), key=lambda one: one[1])
    return [step for step, days in in_order if known_on < calendar.add(due_on, days) <= today]
