"""What a round of the worker asks: one statement when nothing waits, and only the kinds for which something does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.cases.models import DiaryEntry
from portal.config import worker
from portal.lib import claims, clock
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.messaging import actions as messaging
from portal.notifications.models import Notification
from tests.cast import Cast
from tests.smtp import smtp_server

MAILS = 20


def rounds_until_idle(one: worker.Worker) -> int:
    """How many SQL statements it takes until nothing waits any more."""
    with CaptureQueriesContext(connection) as caught:
        while one.run_once():
            pass
    return len(caught)


@pytest.fixture
def idle(cast: Cast) -> worker.Worker:
    """A worker that has nothing left to do."""
    one = worker.Worker(worker.kinds(), rest_seconds=0)
    one.look_over_at = clock.now() + timedelta(days=1)  # the connection is the test's
    with smtp_server():
        rounds_until_idle(one)
    return one


def test_with_nothing_to_do_a_round_is_one_statement(idle: worker.Worker) -> None:
    assert rounds_until_idle(idle) == 1


def test_whatever_waits_is_seen_whether_new_or_left_by_a_dead_worker(cast: Cast, idle: worker.Worker) -> None:
    def waiting(later: timedelta = timedelta()) -> set[str]:
        return idle.waiting.due(clock.now() + later)

    assert waiting() == set()
    messaging.start_thread(cast.case, subject="Boiler", body="It gurgles.", by=cast.dev)
    assert waiting() == {"tell", "index"}
    assert claims.claim(DiaryEntry.objects.all(), now=clock.now())
    assert waiting() == {"index"}
    assert waiting(timedelta(hours=1)) == {"tell", "index"}
    outbox.post(to="amina@alder.example", subject="Hello", body="Hello", kind="test")
    assert waiting() == {"index", "mail"}
    assert waiting(-timedelta(hours=1)) == set()


def test_many_rows_are_told_indexed_and_mailed_with_few_statements_each(cast: Cast, idle: worker.Worker) -> None:
    count = 30
    for number in range(count):
        messaging.start_thread(cast.case, subject=f"Letter {number}", body="It gurgles.", by=cast.dev)
    with smtp_server() as mailbox:
        assert rounds_until_idle(idle) <= 4 * count
        assert len(mailbox.mails) >= 1
    assert Notification.objects.filter(entry__kind="message from service").count() == 3 * count


def test_the_mails_of_a_round_go_over_one_connection_and_each_is_marked_at_once(cast: Cast) -> None:
    OutgoingMail.objects.all().delete()
    for number in range(MAILS):
        outbox.post(to=f"person{number}@alder.example", subject="Hello", body="Hello", kind="test")
    with smtp_server() as mailbox:
        mailbox.answer = "451 try later"
        assert outbox.send_many(clock.now())
        assert set(OutgoingMail.objects.values_list("claim_state", flat=True)) == {"waiting"}
        mailbox.answer = "250 OK"
        later = clock.now() + timedelta(minutes=1)
        while outbox.send_many(later):
            pass
        assert len({mail["Message-ID"] for mail in mailbox.mails}) == len(mailbox.mails) == MAILS
    assert set(OutgoingMail.objects.values_list("claim_state", flat=True)) == {"done"}
