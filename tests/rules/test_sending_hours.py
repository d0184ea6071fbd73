"""When a notification e-mail may leave (H61): the hours, the daily digest, the full hour, and the days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.clock import LONDON
from portal.lib.working_days import WorkingCalendar
from portal.notifications.hours import SendingHours

WINDOW = (time(7), time(19))
HOURS = SendingHours(WINDOW, WorkingCalendar(frozenset({date(2026, 11, 25)})))
ANY_TIME = SendingHours(WINDOW, WorkingCalendar(), any_time=True)
UNLIMITED = SendingHours(None, WorkingCalendar())


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.row("H61")
@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("2026-11-23 07:00", "2026-11-23 07:00"),
        ("2026-11-23 18:59:59", "2026-11-23 18:59:59"),
        ("2026-11-23 19:00", "2026-11-24 07:00"),
        ("2026-11-23 06:59", "2026-11-23 07:00"),
        ("2026-11-24 22:00", "2026-11-26 07:00"),  # the 25th is closed
        ("2026-11-27 20:00", "2026-11-30 07:00"),  # a weekend
        ("2026-12-24 20:00", "2026-12-29 07:00"),  # Christmas, a weekend, Boxing Day's substitute
        ("2026-03-28 12:00", "2026-03-30 07:00"),  # the clocks go forward
        ("2026-10-24 12:00", "2026-10-26 07:00"),  # the clocks go back
    ],
)
def test_an_email_waits_for_the_next_sending_hour(asked: str, opens: str) -> None:
    assert HOURS.opening(london(asked)) == london(opens)


def test_who_chose_any_time_never_waits() -> None:
    for hours in (ANY_TIME, UNLIMITED):
        assert hours.opening(london("2026-11-28 03:00")) == london("2026-11-28 03:00")


@pytest.mark.parametrize(
    ("hours", "asked", "leaves"),
    [
        (HOURS, "2026-11-23 06:59", "2026-11-23 07:00"),
        (HOURS, "2026-11-23 07:00", "2026-11-24 07:00"),
        (HOURS, "2026-11-27 09:00", "2026-11-30 07:00"),
        (ANY_TIME, "2026-11-27 09:00", "2026-11-28 07:00"),
        (UNLIMITED, "2026-11-27 09:00", "2026-11-28 07:00"),
    ],
)
def test_the_daily_digest_leaves_as_the_hours_open(hours: SendingHours, asked: str, leaves: str) -> None:
    assert hours.digest(london(asked)) == london(leaves)


def test_what_was_too_much_leaves_at_the_next_full_hour_within_the_hours() -> None:
    assert HOURS.after_the_hour(london("2026-11-23 09:10")) == london("2026-11-23 10:00")
    assert HOURS.after_the_hour(london("2026-11-23 18:30")) == london("2026-11-24 07:00")


@given(st.integers(0, 3 * 365 * 24 * 60))
def test_an_opening_is_within_the_hours_and_never_earlier(minutes: int) -> None:
    moment = london("2025-01-01 00:00").astimezone(UTC) + timedelta(minutes=minutes)
    opens = HOURS.opening(moment)
    assert opens.timestamp() >= moment.timestamp()
    assert HOURS.opening(opens) == opens
    local = opens.astimezone(LONDON)
    assert time(7) <= local.time() < time(19)
    assert HOURS.calendar.is_working_day(local.date())
    assert HOURS.digest(moment).timestamp() > moment.timestamp()
