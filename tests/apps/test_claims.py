"""Claiming: what a dead worker left comes first, then what waited longest; neither question sorts what waits."""

from collections.abc import Sequence
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
def test_many_are_claimed_in_their_order_and_what_was_tried_before_comes_alone() -> None:
    fresh, now = _mails(3), clock.now()
    (tried,) = _mails(1, claim_attempts=1, claim_due_at=now - timedelta(seconds=90))
    (left,) = _mails(1, claim_state="claimed", claim_attempts=1, claim_lease_until=now - timedelta(seconds=1))
    claimed = [claims.claim_many(OutgoingMail.objects.all(), now=now, limit=10) for _ in range(5)]
    assert claimed == [[left], [fresh[2]], [tried], [fresh[1], fresh[0]], []]
    assert [row.claim_attempts for rows in claimed for row in rows] == [2, 1, 2, 1, 1]


@pytest.mark.django_db
def test_where_one_row_of_several_cannot_be_worked_on_the_others_are_done() -> None:
    good, bad, other = _mails(3)
    now = clock.now()
    rows = claims.claim_many(OutgoingMail.objects.all(), now=now, limit=10)

    def act(rows: Sequence[OutgoingMail]) -> bool:
        if bad in rows:
            raise ValueError("no")
        return claims.finish_many(rows)

    claims.work(rows, act, now=now)
    states = dict(OutgoingMail.objects.values_list("pk", "claim_state"))
    assert states == {good.pk: "done", bad.pk: "waiting", other.pk: "done"}


@pytest.mark.django_db
def test_rows_of_which_one_was_taken_over_are_done_but_for_that_one() -> None:
    _mails(3)
    now = clock.now()
    rows = claims.claim_many(OutgoingMail.objects.all(), now=now, limit=10)
    OutgoingMail.objects.filter(pk=rows[1].pk).update(claim_attempts=2)
    claims.work(rows, lambda rows: claims.finish_many(rows, kind="done by us"), now=now)
    kinds = dict(OutgoingMail.objects.values_list("pk", "kind"))
    assert kinds == {rows[0].pk: "done by us", rows[1].pk: "a kind", rows[2].pk: "done by us"}


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
