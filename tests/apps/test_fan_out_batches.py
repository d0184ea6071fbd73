"""Many entries are told of, and many deliveries sent, with the same rows as one by one and in as many statements as for a few."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.cases import actions as cases
from portal.cases.models import DiaryEntry
from portal.documents import actions as documents
from portal.documents import withdrawing
from portal.documents.models import Document
from portal.files import actions as files
from portal.lib import clock
from portal.mail.models import OutgoingMail
from portal.messaging import actions as messaging
from portal.notifications.choices import choose_mails
from portal.notifications.fan_out import fan_out_many, fan_out_one
from portal.notifications.models import Delivery, Digest, Notification
from portal.notifications.reminders import remind, tasks_to_remind
from portal.notifications.sending import send_delivery, send_many
from portal.notifications.topics import LANDLORD_TOPICS, Pace
from portal.tasks import actions as tasks
from portal.tasks.models import TaskKind
from portal.teams.models import Team
from tests.cast import Cast, in_days

LEFT_OUT = {"id", "message_id", "mail_id", "digest_id", "claim_lease_until"}  # numbers, of which each run has its own
A_MOMENT = timedelta(seconds=2)


@pytest.fixture
def eventful(cast: Cast, settings: Any) -> Cast:
    """A case on which things of each sort have happened: for everybody, for one, for the owner, for nobody any more."""
    settings.MAILS_AN_HOUR = 4
    daily = dict.fromkeys((topic.value for topic in LANDLORD_TOPICS), Pace.DAILY.value)
    choose_mails(paces=daily, any_time=True, by=cast.ben)
    task = tasks.set_task(cast.case, kind=TaskKind.RESPOND_TO_REQUEST, title="Log", due_on=in_days(1), by=cast.dev)
    tasks.assign_task(task, colleague_id=cast.ben.user_id, by=cast.amina)
    for task_id in tasks_to_remind():
        remind(task_id)
    for number in range(3):
        thread = messaging.start_thread(cast.case, subject=f"No {number}", body="Words.", by=cast.dev)
        messaging.reply(thread, body="An answer.", by=cast.amina, upload_ids=[])
    first, second = _sent(cast, 2)
    _sent(cast, 1)
    for document in (first, second):
        withdrawing.withdraw_document(document, reason="Of another case.", by=cast.amina)
    cases.hand_over(cast.case, team=Team.TRIAGE, owner_id=None, by=cast.dev)
    messaging.start_thread(cast.case, subject="To the team", body="Words.", by=cast.amina)
    return cast


def _sent(cast: Cast, count: int) -> list[Document]:
    uploads = [
        files.receive(f"{n}.txt", [b"words\n"], target=documents.target_of(cast.case), by=cast.amina)
        for n in range(count)
    ]
    documents.submit_documents(cast.case, categories={upload.pk: "repairs" for upload in uploads}, by=cast.amina)
    return list(Document.objects.order_by("-pk")[:count])


def rows_after(work: Callable[[], None]) -> list[list[dict[str, Any]]]:
    """What the work leaves behind, after which it is undone."""
    with transaction.atomic():
        work()
        rows = [_values(model) for model in (DiaryEntry, Notification, Delivery, Digest, OutgoingMail)]
        transaction.set_rollback(True)
    return rows


def _values(model: Any) -> list[dict[str, Any]]:
    kept = [field.attname for field in model._meta.concrete_fields if field.attname not in LEFT_OUT]
    rows = list(model.objects.order_by("pk").values(*kept))
    if model is Delivery:
        linked = Delivery.objects.order_by("pk").values_list("mail__subject", "mail__to_address", "digest__at")
        rows = [{**row, "linked": link} for row, link in zip(rows, linked, strict=True)]
    return rows


def test_many_leave_the_same_rows_as_one_by_one(eventful: Cast) -> None:
    now = clock.now()

    def one_by_one() -> None:
        with clock.moved_to(now):
            while fan_out_one(now) or send_delivery(now):
                pass

    def together() -> None:
        with clock.moved_to(now):
            while fan_out_many(now):
                pass
            while send_many(now):
                pass

    alone = rows_after(one_by_one)
    assert rows_after(together) == alone
    outcomes = {row["outcome"] for row in alone[2]}
    assert outcomes == {"mailed", "digested"}
    assert len(alone[1]) > 20


def test_each_row_can_have_a_moment_of_its_own(eventful: Cast) -> None:
    now = clock.now() + timedelta(hours=1)

    def one_by_one() -> None:
        for at in list(DiaryEntry.objects.order_by("claim_due_at", "pk").values_list("claim_due_at", flat=True)):
            with clock.moved_to(at + A_MOMENT):
                fan_out_one(at + A_MOMENT)
        for at in list(Delivery.objects.order_by("claim_due_at", "pk").values_list("claim_due_at", flat=True)):
            with clock.moved_to(at + A_MOMENT):
                send_delivery(at + A_MOMENT)

    def together() -> None:
        fan_out_many(now, told_at=lambda row: row.claim_due_at + A_MOMENT)
        send_many(now, sent_at=lambda row: row.claim_due_at + A_MOMENT)

    assert rows_after(together) == rows_after(one_by_one)


def test_of_a_withdrawal_they_hear_who_were_told_of_the_upload_in_the_same_piece_of_work(cast: Cast) -> None:
    fan_out_many(clock.now())
    Notification.objects.all().delete()
    document, _ = _sent(cast, 2)
    with clock.moved_to(clock.now() + timedelta(minutes=1)):
        withdrawing.withdraw_document(document, reason="Of another case.", by=cast.amina)
    fan_out_many(clock.now() + timedelta(hours=1), told_at=lambda row: row.claim_due_at + A_MOMENT)
    heard = list(Notification.objects.order_by("pk").values_list("entry__kind", "person__name"))
    assert heard == [("documents uploaded", "Dev Patel"), ("document withdrawn", "Dev Patel")]


def test_the_statements_do_not_depend_on_how_many_are_told_of(cast: Cast, settings: Any) -> None:
    settings.MAILS_AN_HOUR = 100

    def statements(messages: int) -> int:
        for number in range(messages):
            messaging.start_thread(cast.case, subject=f"No {number}", body="Words.", by=cast.dev)
        with CaptureQueriesContext(connection) as asked:
            assert fan_out_many(clock.now()) == messages
            assert send_many(clock.now()) >= messages
        return len(asked)

    fan_out_many(clock.now())
    send_many(clock.now())
    assert statements(2) == statements(12)
