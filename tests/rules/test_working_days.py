"""Working days (D14): Monday to Friday less England's bank holidays and the service's closures."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
COUNTS = st.integers(0, 120)
CLOSURES = st.frozensets(DAYS, max_size=20)

# England and Wales, as published; substitute days are marked.
BANK_HOLIDAYS = {
    2026: ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],  # 28 December for Saturday the 26th
    2027: ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"],  # for Saturday and Sunday
    2028: ["01-03", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"],  # 3 January for Saturday the 1st
}


@pytest.mark.row("D14")
@pytest.mark.parametrize("year", BANK_HOLIDAYS)
def test_the_days_off_of_a_year_are_englands_bank_holidays_with_their_substitutes(year: int) -> None:
    everyday = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    weekdays = [day for day in everyday if day.year == year and day.weekday() < 5]
    off = [day for day in weekdays if not CALENDAR.is_working_day(day)]
    assert off == [date.fromisoformat(f"{year}-{day}") for day in BANK_HOLIDAYS[year]]


@pytest.mark.row("D14")
@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # Friday to Monday
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # from a Saturday
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Christmas, a weekend, the substitute day
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # over the year's end
        (date(2027, 12, 24), 1, date(2027, 12, 29)),
        (date(2026, 3, 27), 5, date(2026, 4, 7)),  # Easter, and the clocks go forward on 29 March
        (date(2026, 10, 23), 1, date(2026, 10, 26)),  # the clocks go back on 25 October
        (date(2028, 2, 28), 1, date(2028, 2, 29)),  # a leap year
        (date(2028, 2, 29), 1, date(2028, 3, 1)),
        (date(2026, 11, 30), -5, date(2026, 11, 23)),
        (date(2026, 11, 28), 0, date(2026, 11, 28)),
    ],
)
def test_adding_working_days(start: date, days: int, end: date) -> None:
    assert CALENDAR.add(start, days) == end


@pytest.mark.row("D14")
def test_a_closure_is_no_working_day() -> None:
    closed = WorkingCalendar(frozenset({date(2026, 11, 24)}))
    assert closed.add(date(2026, 11, 23), 1) == date(2026, 11, 25)
    assert closed.between(date(2026, 11, 23), date(2026, 11, 25)) == 1


@given(DAYS, COUNTS.filter(bool), CLOSURES)
def test_the_day_reached_is_a_working_day_and_lies_as_many_working_days_ahead(
    start: date, days: int, closures: frozenset[date]
) -> None:
    calendar = WorkingCalendar(closures)
    end = calendar.add(start, days)
    assert calendar.is_working_day(end)
    assert calendar.between(start, end) == days


@given(DAYS, COUNTS, COUNTS, CLOSURES)
def test_adding_twice_is_adding_the_sum(start: date, first: int, second: int, closures: frozenset[date]) -> None:
    calendar = WorkingCalendar(closures)
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(DAYS, COUNTS, CLOSURES)
def test_one_more_working_day_is_always_later(start: date, days: int, closures: frozenset[date]) -> None:
    calendar = WorkingCalendar(closures)
    assert calendar.add(start, days) < calendar.add(start, days + 1)


@given(DAYS, DAYS, COUNTS)
def test_a_later_start_never_ends_earlier(one: date, other: date, days: int) -> None:
    first, second = sorted([one, other])
    assert CALENDAR.add(first, days) <= CALENDAR.add(second, days)


@given(DAYS, st.integers(-60, 60))
def test_going_back_undoes_going_forward_from_a_working_day(start: date, days: int) -> None:
    begin = CALENDAR.add(start, 1)
    assert CALENDAR.add(CALENDAR.add(begin, days), -days) == begin


@given(DAYS, DAYS)
def test_the_working_days_between_have_a_direction(one: date, other: date) -> None:
    assert CALENDAR.between(one, other) == -CALENDAR.between(other, one)
    assert abs(CALENDAR.between(one, other)) <= abs((other - one).days)


@given(DAYS, CLOSURES)
def test_a_closure_never_brings_a_date_nearer(start: date, closures: frozenset[date]) -> None:
    assert WorkingCalendar(closures).add(start, 10) >= CALENDAR.add(start, 10)
