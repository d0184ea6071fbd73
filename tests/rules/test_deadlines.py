"""How near a deadline is and what that is called (D3, D16), and how a caseworker's deadline is worked out (D14)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.lib.working_days import WorkingCalendar
from portal.tasks.deadlines import MOST_WORKING_DAYS, Horizon, Nearness, chosen, horizon, typed

CALENDAR = WorkingCalendar()
MONDAY = date(2026, 11, 23)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def nearness(due_on: date, *, today: date = MONDAY, opened: bool = False) -> Nearness:
    return horizon(today, CALENDAR).nearness(due_on, opened=opened)


@pytest.mark.row("S58")
@pytest.mark.row("D3")
@pytest.mark.parametrize(
    ("due_on", "word"),
    [
        (date(2026, 11, 22), Nearness.OVERDUE),
        (date(2026, 11, 23), Nearness.APPROACHING),
        (date(2026, 11, 30), Nearness.APPROACHING),  # five working days ahead
        (date(2026, 12, 1), Nearness.NEW),  # six
    ],
)
def test_the_word_beside_a_deadline(due_on: date, word: Nearness) -> None:
    assert nearness(due_on) is word


@pytest.mark.row("D3")
def test_new_becomes_pending_once_opened_and_nearness_replaces_both() -> None:
    far, near, past = date(2027, 1, 20), date(2026, 11, 24), date(2026, 11, 1)
    assert [nearness(far), nearness(far, opened=True)] == [Nearness.NEW, Nearness.PENDING]
    assert [nearness(near), nearness(near, opened=True)] == [Nearness.APPROACHING] * 2
    assert [nearness(past), nearness(past, opened=True)] == [Nearness.OVERDUE] * 2


@pytest.mark.row("D3")
def test_bank_holidays_and_weekends_move_the_threshold() -> None:
    assert horizon(date(2026, 12, 21), CALENDAR).approaching_until == date(2026, 12, 30)


@pytest.mark.row("D16")
@pytest.mark.parametrize(
    ("moment", "overdue"),
    [
        (datetime(2026, 7, 10, 22, 59, 59, tzinfo=UTC), False),  # 23:59:59 in London's summer
        (datetime(2026, 7, 10, 23, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 1, 16, 23, 59, 59, tzinfo=UTC), False),  # 23:59:59 in London's winter
        (datetime(2026, 1, 17, 0, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 22, 59, 59, tzinfo=UTC), False),  # the day on which the clocks go forward
        (datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC), False),  # and back
    ],
)
def test_a_deadline_is_met_until_the_last_second_of_its_day_in_london(moment: datetime, overdue: bool) -> None:
    due_on = (moment - timedelta(seconds=1)).astimezone(clock.LONDON).date()
    with clock.moved_to(moment):
        today = horizon(clock.today(), CALENDAR)
    assert (today.nearness(due_on, opened=True) is Nearness.OVERDUE) is overdue


@given(DAYS, DAYS, st.booleans())
def test_time_only_brings_a_deadline_nearer(today: date, due_on: date, opened: bool) -> None:
    order = [Nearness.NEW, Nearness.PENDING, Nearness.APPROACHING, Nearness.OVERDUE]
    now, later = (horizon(day, CALENDAR).nearness(due_on, opened=opened) for day in (today, today + timedelta(days=1)))
    assert order.index(now) <= order.index(later)


@given(DAYS, DAYS, st.booleans())
def test_every_deadline_has_exactly_one_word(today: date, due_on: date, opened: bool) -> None:
    within = Horizon(today, CALENDAR.add(today, 5))
    word = within.nearness(due_on, opened=opened)
    assert (word is Nearness.OVERDUE) == (due_on < today)
    assert (word is Nearness.APPROACHING) == (today <= due_on <= within.approaching_until)
    assert (word is Nearness.PENDING) == (due_on > within.approaching_until and opened)


def pick(due_on: date | None, working_days: int | None) -> date:
    return chosen(due_on, working_days, today=MONDAY, calendar=CALENDAR)


@pytest.mark.row("D14")
def test_a_deadline_is_typed_or_counted_from_today() -> None:
    assert pick(date(2026, 12, 1), None) == date(2026, 12, 1)
    assert pick(None, 10) == date(2026, 12, 7)


@pytest.mark.row("S60")
def test_no_deadline_at_all_is_refused() -> None:
    with pytest.raises(RuleBroken, match="Enter the date") as refusal:
        pick(None, None)
    assert refusal.value.field == "due_on"


@pytest.mark.row("D14")
def test_a_date_and_working_days_must_agree() -> None:
    assert pick(date(2026, 12, 7), 10) == date(2026, 12, 7)
    with pytest.raises(RuleBroken, match="10 working days from today is 7 December 2026") as refusal:
        pick(date(2026, 12, 8), 10)
    assert refusal.value.field == "working_days"
    with pytest.raises(RuleBroken, match="1 working day from"):
        pick(date(2026, 12, 8), 1)


@pytest.mark.row("D14")
@pytest.mark.parametrize("number", [0, -3, MOST_WORKING_DAYS + 1, 10**9])
def test_a_number_of_working_days_that_makes_no_sense_is_refused(number: int) -> None:
    with pytest.raises(RuleBroken, match="from 1 to 250"):
        pick(None, number)


@pytest.mark.row("D14")
@pytest.mark.parametrize(
    ("due_on", "following"),
    [
        (date(2026, 11, 28), "Monday 30 November 2026"),  # a Saturday
        (date(2026, 11, 29), "Monday 30 November 2026"),
        (date(2026, 12, 25), "Tuesday 29 December 2026"),  # the 28th stands in for Boxing Day, a Saturday
    ],
)
def test_a_typed_day_off_is_refused_with_the_next_working_day(due_on: date, following: str) -> None:
    with pytest.raises(RuleBroken, match=f"not a working day. The next working day is {following}") as refusal:
        pick(due_on, None)
    assert refusal.value.field == "due_on"


@pytest.mark.row("D14")
@pytest.mark.parametrize("today", [date(2026, 11, 28), date(2026, 11, 29), date(2026, 12, 25)])
def test_today_on_a_day_off_is_refused_with_the_next_working_day(today: date) -> None:
    following = CALENDAR.from_day(today)
    with pytest.raises(RuleBroken, match=f"not a working day. The next working day is {following:%A}") as refused:
        typed(today, today, CALENDAR)
    assert refused.value.field == "due_on"


@pytest.mark.row("D14")
def test_today_on_a_working_day_is_taken() -> None:
    assert typed(MONDAY, MONDAY, CALENDAR) == MONDAY
