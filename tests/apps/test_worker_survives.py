"""The worker is killed with SIGKILL at every line of its work, against a real SMTP server. Nothing may be lost or told twice."""

import gc
import os
import signal
import sys
from collections import Counter
from datetime import timedelta
from functools import partial
from types import FrameType

import pytest
from django.db import connections

from portal.cases.models import Case, DiaryEntry
from portal.config import worker
from portal.content.words import working_calendar
from portal.lib import claims, clock
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.messaging import actions as messaging
from portal.notifications import fan_out, recipients, reminders, sending
from portal.notifications.choices import choose_mails
from portal.notifications.models import Delivery, Notification, Outcome, Reminder
from portal.notifications.topics import LANDLORD_TOPICS, Pace
from portal.tasks.models import Task, TaskKind
from tests import cast as the_cast
from tests.smtp import Mailbox, smtp_server

WATCHED = {module.__file__ for module in (fan_out, sending, recipients, outbox, claims)}
NOTIFYING = {"remind", "tell", "notify", "digest", "mail"}
NEWLY_WATCHED = {module.__file__ for module in (reminders, sending)}


def _work_until_done() -> None:
    """What the worker's loop does to tell people, until nothing is left. The index has a test of its own."""
    kinds = [kind for name, kind in worker.kinds().items() if name in NOTIFYING]
    assert len(kinds) == len(NOTIFYING)
    while sum(kind(clock.now()) for kind in kinds):
        pass


def _in_child(die_at_line: int | None, watched: set[str | None] = WATCHED) -> int:
    """Runs the work in a process of its own that kills itself before its nth watched line. Returns the signal, or 0."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        gc.disable()  # a sweep would copy all of the parent's memory, hundreds of times
        try:
            if die_at_line is not None:
                sys.settrace(_killer(die_at_line, watched))
            _work_until_done()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def _killer(die_at_line: int, watched: set[str | None]):
    lines = 0

    def trace(frame: FrameType, event: str, arg: object):
        nonlocal lines
        if frame.f_code.co_filename not in watched:
            return None
        if event == "line":
            lines += 1
            if lines == die_at_line:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def _moments(watched: set[str | None]) -> list[int]:
    """Does the work here and now, and says at which of its watched lines to kill: each the first and the last time that it
    runs. What is between is the same for one more person."""
    lines: list[tuple[str, int]] = []

    def trace(frame: FrameType, event: str, arg: object):
        if frame.f_code.co_filename not in watched:
            return None
        if event == "line":
            lines.append((frame.f_code.co_filename, frame.f_lineno))
        return trace

    sys.settrace(trace)
    try:
        _work_until_done()
    finally:
        sys.settrace(None)
    last = {line: number for number, line in enumerate(lines, 1)}
    first = {line: number for number, line in reversed([*enumerate(lines, 1)])}
    return sorted({*first.values(), *last.values()})


def _copies(mailbox: Mailbox) -> Counter[str]:
    return Counter(mail["Message-ID"] for mail in mailbox.mails)


@pytest.mark.long
@pytest.mark.once(on="sqlite")  # for their length each of the two has one of the databases
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_line_loses_nothing_and_rings_once(settings) -> None:
    settings.MAILS_AN_HOUR = 10_000
    cast = the_cast.build()
    with smtp_server() as mailbox:
        _in_child(None)
        killed, second_copies = 0, 0
        say = partial(messaging.start_thread, subject="Repairs", body="Please send the repair log.", by=cast.dev)
        say(cast.case)
        for line in _moments(WATCHED):
            mailbox.mails.clear()
            thread = say(cast.case)
            killed += _in_child(line) == signal.SIGKILL
            accepted_before = len(mailbox.mails)
            unsent = OutgoingMail.objects.exclude(claim_state="done").exists()
            with clock.moved_to(clock.now() + timedelta(minutes=10)):
                _in_child(None)
            copies = _copies(mailbox)
            assert len(copies) == 1, f"line {line}: {copies}"
            allowed = 2 if accepted_before and unsent else 1
            assert max(copies.values()) <= allowed, f"line {line}: {copies}"
            second_copies += max(copies.values()) - 1
            rings = Counter(
                Notification.objects.filter(entry__details__thread=thread.pk).values_list("person__name", flat=True)
            )
            assert rings == {"Amina Yusuf": 1, "Ben Carter": 1, "Ike Bello": 1}, f"line {line}: {rings}"
    assert killed > 100, "the work was not killed at enough lines to mean anything"
    assert second_copies > 0, "no kill fell between the mail server's 250 and the row's update"


@pytest.mark.long
@pytest.mark.once(on="postgresql")
@pytest.mark.row("H58")
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_line_of_a_reminder_or_a_digest_loses_nothing_and_says_nothing_twice(settings) -> None:
    settings.MAILS_AN_HOUR = 10_000
    cast = the_cast.build()
    daily = dict.fromkeys((topic.value for topic in LANDLORD_TOPICS), Pace.DAILY.value)
    choose_mails(paces=daily, any_time=True, by=cast.ben)
    now = clock.now()
    with smtp_server() as mailbox:
        _in_child(None)
        line, killed = 0, True
        with clock.moved_to(now + timedelta(days=2)):
            _in_child(None)
        while killed:
            line += 2 if line > 20 else 1
            now += timedelta(days=10)
            mailbox.mails.clear()
            task = Task.objects.create(
                case=cast.case,
                landlord=cast.alder,
                kind=TaskKind.RESPOND_TO_REQUEST,
                title="Log",
                due_on=working_calendar().add(now.date(), 5),
                set_at=now - timedelta(days=30),
            )
            Case.objects.filter(pk=cast.case.pk).update(released_at=now - timedelta(days=40))
            with clock.moved_to(now):
                killed = _in_child(line, NEWLY_WATCHED) == signal.SIGKILL
            with clock.moved_to(now + timedelta(minutes=10)):
                _in_child(None)
            with clock.moved_to(now + timedelta(hours=25)):
                again = _in_child(line, {sending.__file__}) == signal.SIGKILL
                killed = killed or again
            with clock.moved_to(now + timedelta(hours=26)):
                _in_child(None)
            Task.objects.filter(pk=task.pk).update(state="cancelled")
            entry = DiaryEntry.objects.get(details__task=task.pk)
            assert Reminder.objects.filter(task=task, entry=entry).count() == 1
            heard = Counter(mail["To"] for mail in mailbox.mails)
            assert heard == {"amina@alder.example": 1, "ben@alder.example": 1}, f"line {line}: {heard}"
            told = Delivery.objects.filter(entry=entry).values_list("outcome", flat=True)
            assert list(told) == [Outcome.MAILED] * 2, f"line {line}"
    assert line > 40, "the work was not killed at enough lines to mean anything"


@pytest.mark.django_db
def test_a_mail_server_that_is_down_only_delays(cast: the_cast.Cast) -> None:
    with smtp_server() as mailbox:
        mailbox.answer = "451 try later"
        row = outbox.post(to="amina@alder.example", subject="Hello", body="Text", kind="test")
        assert outbox.send_one(clock.now())
        row.refresh_from_db()
        assert row.claim_state == "waiting"
        assert not outbox.send_one(row.claim_due_at - timedelta(seconds=1))
        mailbox.answer = "250 OK"
        assert outbox.send_one(row.claim_due_at + timedelta(seconds=1))
        assert [mail["To"] for mail in mailbox.mails] == ["amina@alder.example"]


@pytest.mark.django_db
def test_an_address_that_the_mail_server_refuses_ends_as_failed_with_the_reason() -> None:
    with smtp_server() as mailbox:
        mailbox.to_address = "550 no such user"
        row = outbox.post(to="nobody@alder.example", subject="Hello", body="Text", kind="test")
        outbox.send_one(clock.now())
        row.refresh_from_db()
        assert row.claim_state == "failed"
        assert "550" in row.claim_error


@pytest.mark.django_db
def test_a_row_that_kills_its_worker_every_time_ends_as_failed() -> None:
    row = outbox.post(to="amina@alder.example", subject="Hello", body="Text", kind="test")
    moment = clock.now()
    for _ in range(claims.MAX_DEATHS):
        assert claims.claim(OutgoingMail.objects.all(), now=moment)  # and dies
        moment += timedelta(hours=1)
    assert claims.claim(OutgoingMail.objects.all(), now=moment) is None
    row.refresh_from_db()
    assert row.claim_state == "failed"


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_cannot_finish_the_row() -> None:
    outbox.post(to="amina@alder.example", subject="Hello", body="Text", kind="test")
    slow = claims.claim(OutgoingMail.objects.all(), now=clock.now())
    quick = claims.claim(OutgoingMail.objects.all(), now=clock.now() + timedelta(hours=1))
    assert quick.pk == slow.pk
    assert not claims.finish(slow)
    assert claims.finish(quick)


@pytest.mark.django_db
def test_a_secret_mail_is_sealed_until_sent_and_wiped_afterwards() -> None:
    with smtp_server() as mailbox:
        row = outbox.post(to="amina@alder.example", subject="Code", body="123456", kind="code", is_secret=True)
        assert "123456" not in row.body
        outbox.send_one(clock.now())
        row.refresh_from_db()
        assert row.body == ""
        assert "123456" in mailbox.mails[0].get_content()


@pytest.mark.django_db
def test_a_mail_server_that_is_down_for_a_day_loses_nothing() -> None:
    row = outbox.post(to="amina@alder.example", subject="Hello", body="Text", kind="test")
    with smtp_server() as mailbox:
        mailbox.answer = "451 try later"
        moment, morning_after = clock.now(), clock.now() + timedelta(days=1)
        while moment < morning_after:
            outbox.send_one(moment)
            row.refresh_from_db()
            moment = row.claim_due_at
        mailbox.answer = "250 OK"
        assert outbox.send_one(moment)
        assert len(mailbox.mails) == 1


@pytest.mark.row("H53")
@pytest.mark.django_db
@pytest.mark.parametrize("address", [f"amina@{'ü' * 61}.example", "amina@alder.example\nBcc: all@alder.example"])
def test_an_address_that_cannot_be_written_is_given_up_at_once_and_stops_nothing(address: str) -> None:
    bad = outbox.post(to=address, subject="Hello", body="Hello", kind="test", is_secret=True)
    good = outbox.post(to="amina@alder.example", subject="Hello", body="Hello", kind="test")
    with smtp_server() as mailbox:
        while outbox.send_one(clock.now()):
            pass
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.claim_state, bad.body, good.claim_state) == ("failed", "", "done")
    assert "No mail can be made for this address" in bad.claim_error
    assert len(mailbox.mails) == 1
