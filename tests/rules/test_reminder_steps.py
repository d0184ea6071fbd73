"""Which reminders a deadline has reached: worked out from the dates alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.working_days import WorkingCalendar
from portal.notifications.steps import Step, reached

CALENDAR = WorkingCalendar()
LONG_AGO = date(2026, 1, 1)


def days_of(due_on: date) -> dict[Step, date]:
    """On which day each step is reached first."""
    found: dict[Step, date] = {}
    for n in range(-30, 30):
        day = due_on + timedelta(days=n)
        for step in reached(due_on, known_on=LONG_AGO, today=day, calendar=CALENDAR):
            found.setdefault(step, day)
    return found


@pytest.mark.row("B11")
@pytest.mark.parametrize(
    ("due_on", "days"),
    [
        (date(2026, 11, 18), ["2026-11-11", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-25"]),
        (date(2026, 12, 1), ["2026-11-24", "2026-11-30", "2026-12-01", "2026-12-02", "2026-12-08"]),  # month end
        (date(2026, 10, 26), ["2026-10-19", "2026-10-23", "2026-10-26", "2026-10-27", "2026-11-02"]),  # clocks
        (date(2026, 12, 29), ["2026-12-18", "2026-12-24", "2026-12-29", "2026-12-30", "2027-01-06"]),  # Christmas
        (date(2026, 11, 21), ["2026-11-16", "2026-11-20", "2026-11-21", "2026-11-23", "2026-11-27"]),  # a Saturday
    ],
)
def test_each_step_has_its_working_day(due_on: date, days: list[str]) -> None:
    assert [day.isoformat() for day in days_of(due_on).values()] == days


def test_what_had_passed_when_the_deadline_was_set_is_never_said() -> None:
    due_on = date(2026, 11, 18)
    steps = reached(due_on, known_on=date(2026, 11, 17), today=date(2026, 11, 18), calendar=CALENDAR)
    assert steps == [Step.ON_THE_DAY]


dates = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.row("H57")
@given(dates, st.integers(0, 60), st.integers(0, 60))
def test_a_later_look_finds_all_that_an_earlier_one_did(due_on: date, before: int, later: int) -> None:
    first = due_on - timedelta(days=30) + timedelta(days=before)
    asked = {"known_on": due_on - timedelta(days=40), "calendar": CALENDAR}
    early = reached(due_on, today=first, **asked)
    assert reached(due_on, today=first + timedelta(days=later), **asked)[: len(early)] == early
