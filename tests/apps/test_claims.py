"""Claiming: what a dead worker left comes first, then what waited longest; neither question sorts what waits."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.lib import claims, clock
from portal.mail.models import OutgoingMail


def _mails(count: int, **fields: object) -> list[OutgoingMail]:
    now = clock.now()
    return OutgoingMail.objects.bulk_create(
        OutgoingMail(
            to_address=f"{n}@elm.example",
            subject="A subject",
            kind="a kind",
            message_id=f"<{n}-{len(fields)}@portal.example>",
            **{"claim_due_at": now - timedelta(minutes=n), **fields},
        )
        for n in range(count)
    )


@pytest.mark.django_db
def test_what_a_dead_worker_left_comes_before_what_waited_longer() -> None:
    waiting = _mails(2)
    (left,) = _mails(1, claim_state="claimed", claim_lease_until=clock.now())
    now = clock.now()
    order = [claims.claim(OutgoingMail.objects.all(), now=now) for _ in range(4)]
    assert order == [left, waiting[1], waiting[0], None]


@pytest.mark.django_db
def test_nothing_is_claimed_before_its_time_nor_while_another_holds_it() -> None:
    now = clock.now()
    _mails(1, claim_due_at=now + timedelta(seconds=1))
    _mails(1, claim_state="claimed", claim_due_at=now, claim_lease_until=now + timedelta(seconds=1))
    assert claims.claim(OutgoingMail.objects.all(), now=now) is None


@pytest.mark.django_db
def test_a_long_backlog_is_asked_by_index_and_never_sorted() -> None:
    _mails(3000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as asked:
        assert claims.claim(OutgoingMail.objects.all(), now=clock.now())
    questions = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    assert len(questions) == 3  # what a dead worker left, what waits, and the row itself
    for question, index in zip(questions[:2], ("outgoingmail_in_hand", "outgoingmail_waiting"), strict=True):
        plan = _plan(question)
        assert index in plan
        assert "Sort" not in plan
        assert "ORDER BY" not in plan


def _plan(question: str) -> str:
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # the few in hand fit one page, which it would rather read
        cursor.execute(f"{explain} {question}".replace("%", "%%"))
        return "\n".join(str(row) for row in cursor.fetchall())
