"""How near a deadline is, and what that is called (D3, D16, S58). Pure: no database, no clock."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.lib.days import day_in_words, is_too_far
from portal.lib.errors import RuleBroken
from portal.lib.working_days import WorkingCalendar

APPROACHING_WORKING_DAYS = 5
MOST_WORKING_DAYS = 250  # about a year


class Nearness(StrEnum):
    """The text beside the colour. New and Pending share one colour."""

    NEW = "New"
    PENDING = "Pending"
    APPROACHING = "Approaching"
    OVERDUE = "Overdue"


@dataclass(frozen=True)
class Horizon:
    """Today as the deadlines see it: the last date that counts as approaching, worked out once for a whole page."""

    today: date
    approaching_until: date

    def nearness(self, due_on: date, *, opened: bool) -> Nearness:
        """A deadline is met until 23:59:59 of its day; the day after, the task is overdue."""
        if due_on < self.today:
            return Nearness.OVERDUE
        if due_on <= self.approaching_until:
            return Nearness.APPROACHING
        return Nearness.PENDING if opened else Nearness.NEW

    def urgency(self, next_due_on: date | None) -> str:
        """Beside a case's next deadline: Approaching or Overdue, and nothing while there is time."""
        nearness = Nearness.PENDING if next_due_on is None else self.nearness(next_due_on, opened=True)
        return "" if nearness is Nearness.PENDING else nearness.value


def horizon(today: date, calendar: WorkingCalendar, within: int = APPROACHING_WORKING_DAYS) -> Horizon:
    """The horizon of `today`; a deadline `within` working days or fewer ahead is approaching."""
    return Horizon(today, calendar.add(today, within))


def chosen(due_on: date | None, working_days: int | None, *, today: date, calendar: WorkingCalendar) -> date:
    """The deadline that somebody typed or counted in working days from today (D14). Both may be given if they agree."""
    if working_days is None:
        if due_on is None:
            raise RuleBroken("Enter the date the task is due, or a number of working days.", field="due_on")
        return typed(due_on, today, calendar)
    if not 1 <= working_days <= MOST_WORKING_DAYS:
        raise RuleBroken(f"Enter a number of working days from 1 to {MOST_WORKING_DAYS}.", field="working_days")
    counted = calendar.add(today, working_days)
    if due_on is not None and due_on != counted:
        counts_to = f"{in_words(working_days)} from today is {day_in_words(counted)}"
        raise RuleBroken(
            f"The date and the working days do not agree: {counts_to}. Keep one of them.", field="working_days"
        )
    return counted


def typed(due_on: date, today: date, calendar: WorkingCalendar) -> date:
    """A typed date must be a working day (D14): on another nobody is there to answer. A past one is refused elsewhere."""
    following = calendar.from_day(due_on)
    if due_on < today or is_too_far(due_on, today) or due_on == following:
        return due_on
    raise RuleBroken(
        f"{day_in_words(due_on)} is not a working day. The next working day is "
        f"{following:%A} {day_in_words(following)}.",
        field="due_on",
    )


def check_due(due_on: date, today: date, name: str = "deadline") -> None:
    """Raises RuleBroken for a date in the past or implausibly far ahead; `name` is what the form calls it."""
    if due_on < today:
        raise RuleBroken(f"The {name} must be today or later.", field="due_on")
    if is_too_far(due_on, today):
        raise RuleBroken(f"The {name} is more than three years away. Check the year.", field="due_on")


def in_words(working_days: int) -> str:
    return "1 working day" if working_days == 1 else f"{working_days} working days"
