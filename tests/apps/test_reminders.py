"""Reminders of deadlines: each step once, from the deadline as it is now, never of what is done; late rather than never."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import pytest

from portal.cases.models import Case, DiaryEntry
from portal.config import worker
from portal.lib import clock
from portal.lib.clock import LONDON
from portal.mail.models import OutgoingMail
from portal.notifications.fan_out import fan_out_one
from portal.notifications.models import Delivery, Notification, Reminder
from portal.notifications.reminders import Reminding, remind, tasks_to_remind
from portal.notifications.sending import send_delivery, send_digest
from portal.notifications.steps import Step
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from tests.cast import Cast
from tests.pages.landlord_rows import close
from tests.signing_in import at_once

SET_ON = date(2026, 11, 2)
DUE = date(2026, 11, 18)  # a Wednesday
STEP_DAYS = {
    Step.FIVE_BEFORE: date(2026, 11, 11),
    Step.ONE_BEFORE: date(2026, 11, 17),
    Step.ON_THE_DAY: DUE,
    Step.ONE_AFTER: date(2026, 11, 19),
    Step.FIVE_AFTER: date(2026, 11, 25),
}


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), LONDON)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def run(day: date, hour: int = 9) -> None:
    """The worker's round on that day."""
    moment = at(day, hour)
    with clock.moved_to(moment):
        reminding = Reminding()
        while reminding(moment) or fan_out_one(moment) or send_delivery(moment) or send_digest(moment):
            pass


def run_on(some_days: Iterable[date]) -> None:
    for day in some_days:
        run(day)


def mails() -> list[tuple[str, date]]:
    """The reminders that became e-mails: what they say, and the day."""
    rows = OutgoingMail.objects.filter(subject__contains="A task is").order_by("pk")
    return [(row.subject.split(": ")[0], row.created_at.astimezone(LONDON).date()) for row in rows]


@pytest.fixture
def task(cast: Cast, settings) -> Task:
    """Set on 2 November, due on the 18th, on Alder's case, which was released before."""
    settings.SENDING_HOURS = (time(7), time(19))
    Case.objects.update(released_at=at(date(2026, 10, 1)))
    Case.objects.filter(pk=cast.hidden.pk).update(released_at=None)
    DiaryEntry.objects.update(claim_state="done")
    return a_task(cast, DUE)


def a_task(cast: Cast, due_on: date, case: Case | None = None, set_on: date = SET_ON) -> Task:
    with clock.moved_to(at(set_on)):
        made = tasks.set_task(
            case or cast.case, kind=TaskKind.RESPOND_TO_REQUEST, title="Send the log", due_on=due_on, by=cast.dev
        )
    run(set_on)
    return made


@pytest.mark.row("B11")
def test_five_reminders_come_each_on_its_day_and_none_else(cast: Cast, task: Task) -> None:
    run_on(days(SET_ON, date(2026, 12, 31)))
    assert mails() == [
        ("A task is due soon", STEP_DAYS[Step.FIVE_BEFORE]),
        ("A task is due soon", STEP_DAYS[Step.ONE_BEFORE]),
        ("A task is due soon", STEP_DAYS[Step.ON_THE_DAY]),
        ("A task is overdue", STEP_DAYS[Step.ONE_AFTER]),
        ("A task is overdue", STEP_DAYS[Step.FIVE_AFTER]),
    ]
    assert (
        Notification.objects.filter(person=cast.users["ben"], entry__kind__in=["task due soon", "task overdue"]).count()
        == 5
    )


@pytest.mark.row("B11")
@pytest.mark.parametrize("how", ["completed", "cancelled", "closed", "hidden"])
def test_reminders_stop_when_the_thing_is_done(cast: Cast, task: Task, how: str) -> None:
    run_on(days(SET_ON, date(2026, 11, 16)))
    with clock.moved_to(at(date(2026, 11, 16), 15)):
        if how == "completed":
            tasks.complete_task(task, completed_on=date(2026, 11, 16), by=cast.amina)
        elif how == "cancelled":
            tasks.cancel_task(task, reason="No need.", by=cast.dev)
        elif how == "closed":
            close(cast, cast.case)
        else:
            Case.objects.update(released_at=None)
    run_on(days(date(2026, 11, 17), date(2026, 12, 31)))
    assert mails() == [("A task is due soon", STEP_DAYS[Step.FIVE_BEFORE])]


@pytest.mark.row("B11")
def test_reminders_follow_an_extended_deadline(cast: Cast, task: Task) -> None:
    run_on(days(SET_ON, date(2026, 11, 17)))
    with clock.moved_to(at(date(2026, 11, 17), 15)):
        tasks.extend_task(task, due_on=date(2026, 11, 27), reason="The surveyor is ill.", by=cast.dev)
    run_on(days(date(2026, 11, 18), date(2026, 12, 31)))
    assert [day.isoformat()[5:] for _, day in mails()] == [
        "11-11",
        "11-17",
        "11-20",
        "11-26",
        "11-27",
        "11-30",
        "12-04",
    ]
    assert [words for words, _ in mails()][2:] == ["A task is due soon"] * 3 + ["A task is overdue"] * 2


def test_a_deadline_that_comes_back_is_not_reminded_of_twice(cast: Cast, task: Task) -> None:
    run_on(days(SET_ON, date(2026, 11, 12)))
    with clock.moved_to(at(date(2026, 11, 12), 15)):
        tasks.extend_task(task, due_on=date(2026, 12, 18), reason="More time.", by=cast.dev)
        tasks.extend_task(task, due_on=DUE, reason="A mistake.", by=cast.dev)
    run_on(days(date(2026, 11, 13), date(2026, 11, 17)))
    assert [day.isoformat() for _, day in mails()] == ["2026-11-11", "2026-11-17"]


def test_a_task_returned_is_reminded_of_by_its_new_deadline(cast: Cast, task: Task) -> None:
    with clock.moved_to(at(date(2026, 11, 10))):
        tasks.complete_task(task, completed_on=date(2026, 11, 10), by=cast.amina)
    run_on(days(date(2026, 11, 10), date(2026, 11, 20)))
    assert mails() == []
    with clock.moved_to(at(date(2026, 11, 20))):
        tasks.return_task(task, reason="A page is missing.", due_on=date(2026, 11, 24), by=cast.dev)
    run_on(days(date(2026, 11, 20), date(2026, 11, 30)))
    assert [day.isoformat()[5:] for _, day in mails()] == ["11-23", "11-24", "11-25"]


@pytest.mark.once(on="sqlite")  # for its length
@pytest.mark.row("H58")
@pytest.mark.parametrize("off_from", days(date(2026, 11, 9), date(2026, 11, 24)))
def test_with_the_worker_down_over_the_window_the_chaser_still_goes_once(
    cast: Cast, task: Task, off_from: date
) -> None:
    back = off_from + timedelta(days=4)
    run_on(days(SET_ON, off_from - timedelta(days=1)))
    run_on(days(back, date(2026, 12, 31)))
    missed = [step for step, day in STEP_DAYS.items() if off_from <= day < back]
    if not missed:
        assert len(mails()) == 5
    late = [words for words, day in mails() if day in {back, back + timedelta(days=1), back + timedelta(days=2)}]
    assert len(late) >= bool(missed)
    assert len(mails()) <= 5 - max(0, len(missed) - 1)
    assert len({day for _, day in mails()}) == len(mails()), "two reminders on one day"
    assert all((words == "A task is overdue") == (day > DUE) for words, day in mails())
    assert mails()[-1][0] == "A task is overdue"


MANY = [date(2026, 10, 5) + timedelta(days=3 * n) for n in range(40)]  # over month ends, the clocks and Christmas


def every_step(cast: Cast, schedule: list[date], times: int = 1) -> set[tuple[str, date, str]]:
    """What is written down in the end of the tasks when the job ran on these days."""
    Reminder.objects.all().delete()
    made = []
    for number, due_on in enumerate(MANY):
        made.append(
            Task.objects.create(
                case=cast.case,
                landlord=cast.alder,
                kind=TaskKind.RESPOND_TO_REQUEST,
                title=str(number),
                due_on=due_on,
                set_at=at(date(2026, 8, 3)),
            )
        )
    for day in schedule:
        for _ in range(times):
            with clock.moved_to(at(day, 8)):
                for task_id in tasks_to_remind():
                    remind(task_id)
    found = set(Reminder.objects.values_list("task__title", "due_on", "step"))
    assert len(found) == Reminder.objects.count()
    Reminder.objects.all().delete()
    Task.objects.filter(pk__in=[one.pk for one in made]).delete()
    return found


@pytest.mark.long
@pytest.mark.once(on="sqlite")  # for its length
@pytest.mark.row("H57")
def test_off_for_three_days_or_run_twice_over_month_ends_and_the_clock_change_gives_the_same_answer(cast: Cast) -> None:
    Case.objects.filter(pk=cast.case.pk).update(released_at=at(date(2026, 8, 3)))
    whole = days(date(2026, 9, 21), date(2027, 2, 20))
    daily = every_step(cast, whole)
    assert len(daily) == 5 * len(MANY)
    for gap in (date(2026, 9, 29), date(2026, 10, 24), date(2026, 11, 27), date(2026, 12, 30)):
        off = {gap + timedelta(days=n) for n in range(3)}
        assert every_step(cast, [day for day in whole if day not in off]) == daily
    assert every_step(cast, whole, times=2) == daily
    assert every_step(cast, [whole[-1]]) == daily


@pytest.mark.row("H61")
def test_an_overdue_reminder_goes_at_once_whatever_the_pace_but_within_the_hours(cast: Cast, task: Task) -> None:
    from tests.apps.test_notification_mails import Pace, chosen

    chosen(cast.amina, Pace.DAILY)
    day = STEP_DAYS[Step.ONE_AFTER]
    run_on(days(SET_ON, DUE - timedelta(days=1)))
    run(day, 0)
    said = [row.subject for row in OutgoingMail.objects.all()]
    assert not [subject for subject in said if subject.startswith("A task is overdue")]
    run(day, 7)
    assert mails() == [("A task is overdue", day)]


@pytest.mark.row("H54")
def test_a_reminder_that_waits_for_the_morning_is_not_sent_once_the_task_is_done(cast: Cast, task: Task) -> None:
    day = STEP_DAYS[Step.ONE_BEFORE]
    run_on(days(SET_ON, day - timedelta(days=1)))
    run(day, 0)
    with clock.moved_to(at(day, 6)):
        tasks.complete_task(task, completed_on=day, by=cast.ben)
    run(day, 7)
    assert [day for _, day in mails()] == [STEP_DAYS[Step.FIVE_BEFORE]]
    assert Delivery.objects.get(entry__details__step=Step.ONE_BEFORE).reason == "The task was done first."


def test_hidden_cases_have_no_reminders_and_a_late_release_counts_as_the_day_it_was_known(
    cast: Cast, task: Task
) -> None:
    a_task(cast, DUE, case=cast.hidden)
    run_on(days(date(2026, 11, 3), date(2026, 11, 16)))
    assert set(Reminder.objects.values_list("task_id", flat=True)) == {task.pk}
    Case.objects.filter(pk=cast.hidden.pk).update(released_at=at(date(2026, 11, 16), 12))
    run_on(days(date(2026, 11, 16), DUE))
    hidden = Reminder.objects.filter(task__case=cast.hidden).order_by("id")
    assert list(hidden.values_list("step", flat=True)) == [Step.ONE_BEFORE, Step.ON_THE_DAY]


def test_both_sides_read_in_the_timeline_that_the_portal_reminded(cast: Cast, task: Task) -> None:
    run_on(days(SET_ON, STEP_DAYS[Step.FIVE_BEFORE]))
    entry = DiaryEntry.objects.get(kind="task due soon")
    assert (entry.actor, entry.actor_name) == (None, "The portal")
    for actor in (cast.amina, cast.dev):
        assert DiaryEntry.objects.readable_by(actor).filter(pk=entry.pk).exists()


def test_the_worker_looks_once_a_minute(cast: Cast, task: Task) -> None:
    moment = at(STEP_DAYS[Step.FIVE_BEFORE])
    with clock.moved_to(moment):
        reminding = worker.kinds()["remind"]
        assert reminding(moment)
        assert not reminding(moment)
        Reminder.objects.all().delete()
        assert not reminding(moment + timedelta(seconds=59))
        assert reminding(moment + timedelta(seconds=61))


@pytest.mark.row("H58")
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_remind_once(cast: Cast, task: Task) -> None:
    moment = at(STEP_DAYS[Step.FIVE_BEFORE])

    def work() -> None:
        with clock.moved_to(moment):
            remind(task.pk)

    at_once([work] * 4)
    assert Reminder.objects.count() == 1
    assert DiaryEntry.objects.filter(kind="task due soon").count() == 1
