"""Messages: started by both sides, kept in order, read once, sent once, with files under the rules of all documents."""

from datetime import timedelta

import pytest

from portal.audit.models import AuditRow
from portal.cases import actions as cases
from portal.cases.models import DiaryEntry
from portal.cases.statuses import Status
from portal.documents.models import Document
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.lib.repeats import REPEAT_WITHIN, Repeated
from portal.lib.version_tokens import Stale
from portal.messaging import actions as messaging
from portal.messaging.models import Message, Thread
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from tests.cast import Cast, in_days
from tests.rules import made_documents as made


def _thread(cast: Cast, by: str = "dev") -> Thread:
    return messaging.start_thread(cast.case, subject="Repairs", body="Please send the repair log.", by=cast.actors[by])


@pytest.mark.row("S52")
@pytest.mark.row("S53")
def test_replies_are_kept_in_order_with_who_and_when(cast: Cast) -> None:
    thread = _thread(cast)
    messaging.reply(thread, body="It comes tomorrow.", by=cast.amina)
    messaging.reply(thread, body="Here it is.", by=cast.ben)
    history = list(thread.messages.order_by("id"))
    assert [(message.author_name, message.body, message.by_landlord) for message in history] == [
        ("Dev Patel", "Please send the repair log.", False),
        ("Amina Yusuf", "It comes tomorrow.", True),
        ("Ben Carter", "Here it is.", True),
    ]
    assert history[0].sent_at < history[1].sent_at < history[2].sent_at


@pytest.mark.row("D6")
def test_a_landlord_starts_a_thread_on_the_case_or_about_a_task(cast: Cast) -> None:
    task = tasks.set_task(cast.case, kind=TaskKind.RESPOND_TO_REQUEST, title="Evidence", due_on=in_days(9), by=cast.dev)
    plain = messaging.start_thread(cast.case, subject="A question", body="Which log?", by=cast.amina)
    about = messaging.start_thread(cast.case, subject="Evidence", body="Which log?", by=cast.amina, task=task)
    assert (plain.task, about.task) == (None, task)
    assert {(entry.kind, entry.details["thread"]) for entry in DiaryEntry.objects.filter(kind__contains="message")} == {
        ("message from landlord", plain.pk),
        ("message from landlord", about.pk),
    }


@pytest.mark.row("H44")
def test_a_task_of_another_case_is_refused(cast: Cast) -> None:
    foreign = tasks.set_task(
        cast.birch_case, kind=TaskKind.RESPOND_TO_REQUEST, title="Theirs", due_on=in_days(9), by=cast.dev
    )
    with pytest.raises(RuleBroken, match="Choose a task of this case"):
        messaging.start_thread(cast.case, subject="A question", body="Which log?", by=cast.amina, task=foreign)
    with pytest.raises(Task.DoesNotExist):
        messaging.task_of(cast.case, foreign.pk, by=cast.amina)


def test_unread_counts_follow_what_the_other_side_wrote_and_end_when_it_is_opened(cast: Cast) -> None:
    thread = _thread(cast)
    messaging.reply(thread, body="And the survey.", by=cast.dev)
    thread.refresh_from_db()
    assert (thread.unread_by_landlord, thread.unread_by_service) == (2, 0)
    messaging.open_thread(cast.case, thread.pk, by=cast.amina)
    messaging.reply(thread, body="Yes.", by=cast.amina)
    thread.refresh_from_db()
    assert (thread.unread_by_landlord, thread.unread_by_service) == (0, 1)
    assert {message.read_by_name for message in thread.messages.filter(by_landlord=False)} == {"Amina Yusuf"}
    assert AuditRow.objects.filter(verb="messages opened", record_id=str(thread.pk)).count() == 1


def test_an_auditors_look_leaves_messages_unread(cast: Cast) -> None:
    thread = _thread(cast, by="amina")
    messaging.open_thread(cast.case, thread.pk, by=cast.hana)
    thread.refresh_from_db()
    assert thread.unread_by_service == 1
    with pytest.raises(NotAllowed):
        messaging.reply(thread, body="Nothing to say.", by=cast.hana)


def test_the_same_words_sent_twice_from_one_page_are_one_message(cast: Cast) -> None:
    thread = _thread(cast)
    newest = thread.messages.latest("id").pk
    first = messaging.reply(thread, body="Yes.\r\nAll of it.", by=cast.amina, after=newest)
    assert messaging.reply(thread, body="Yes.\nAll of it. ", by=cast.amina, after=newest) == first
    assert messaging.reply(thread, body="Yes.\nAll of it.", by=cast.ben, after=first.pk) != first
    assert thread.messages.count() == 3


def test_the_same_words_from_a_later_page_are_sent_again_only_on_purpose(cast: Cast) -> None:
    thread = _thread(cast)
    first = messaging.reply(thread, body="Yes.", by=cast.amina, after=thread.messages.latest("id").pk)
    with pytest.raises(Repeated, match="not sent a second time"):
        messaging.reply(thread, body="Yes.", by=cast.amina, after=first.pk)
    assert messaging.reply(thread, body="Yes.", by=cast.amina, after=first.pk, may_repeat=True) != first
    assert messaging.reply(thread, body="No.", by=cast.amina, after=first.pk + 1)
    with clock.moved_to(clock.now() + REPEAT_WITHIN + timedelta(seconds=1)):
        latest = thread.messages.latest("id").pk
        assert messaging.reply(thread, body="Yes.", by=cast.amina, after=latest)


def test_two_answers_to_one_exchange_do_not_cross_unseen(cast: Cast) -> None:
    thread = _thread(cast, by="amina")
    shown = thread.messages.get().pk
    first = messaging.reply(thread, body="Send the log.", by=cast.dev, after=shown)
    with pytest.raises(Stale, match="Somebody has written in this exchange") as refusal:
        messaging.reply(thread, body="Do not send it.", by=cast.actors["esi"], after=shown)
    assert refusal.value.now == str(first.pk)
    with pytest.raises(Stale):
        messaging.reply(thread, body="Send the log.", by=cast.actors["esi"], after=shown)
    assert messaging.reply(thread, body="One more thing.", by=cast.dev, after=shown).author_name == cast.dev.name
    assert messaging.reply(thread, body="I see.", by=cast.actors["esi"], after=thread.messages.latest("id").pk)


def test_a_new_thread_sent_twice_from_one_page_is_one_thread(cast: Cast) -> None:
    first = messaging.start_thread(cast.case, subject="A question", body="Which log?", by=cast.amina, after=0)
    again = messaging.start_thread(cast.case, subject=" A  question ", body="Which log?", by=cast.amina, after=0)
    assert again == first
    assert messaging.start_thread(cast.case, subject="Another", body="Which log?", by=cast.amina, after=0) != first
    assert Message.objects.count() == 2


def test_a_new_thread_sent_again_after_back_is_started_only_on_purpose(cast: Cast) -> None:
    asked = {"subject": "A question", "body": "Which log?", "by": cast.amina}
    first = messaging.start_thread(cast.case, **asked, after=0)
    shown = Message.objects.get().pk
    with pytest.raises(Repeated):
        messaging.start_thread(cast.case, **asked, after=shown)
    assert messaging.start_thread(cast.case, **{**asked, "by": cast.ben}, after=shown) != first
    assert messaging.start_thread(cast.case, **asked, after=shown, may_repeat=True) != first


def test_the_second_press_takes_its_files_only_once(cast: Cast) -> None:
    thread = _thread(cast)
    upload = messaging.receive_attachment(cast.case, "log.txt", [b"The log"], by=cast.amina, thread=thread)
    shown = thread.messages.latest("id").pk
    first = messaging.reply(thread, body="The log.", by=cast.amina, upload_ids=[upload.pk], after=shown)
    assert messaging.reply(thread, body="The log.", by=cast.amina, upload_ids=[upload.pk], after=shown) == first
    assert [attachment.document.name for attachment in first.attachments.all()] == ["log.txt"]


def test_the_same_words_with_another_file_are_another_message(cast: Cast) -> None:
    thread = _thread(cast)
    for name in ("first.txt", "second.txt"):
        upload = messaging.receive_attachment(cast.case, name, [b"The log"], by=cast.amina, thread=thread)
        messaging.reply(thread, body="The log.", by=cast.amina, upload_ids=[upload.pk], after=0)
    assert list(Document.objects.order_by("id").values_list("name", flat=True)) == ["first.txt", "second.txt"]
    assert thread.messages.count() == 3


@pytest.mark.row("S54")
@pytest.mark.row("H45")
def test_attachments_follow_the_file_rules_and_belong_to_their_message(cast: Cast) -> None:
    thread = _thread(cast)
    refused = messaging.receive_attachment(
        cast.case, "log.zip", [made.zipped(("a", "a"))], by=cast.amina, thread=thread
    )
    kept = messaging.receive_attachment(cast.case, "log.pdf", [made.pdf()], by=cast.amina, thread=thread)
    with pytest.raises(RuleBroken, match="no longer waiting"):
        messaging.reply(thread, body="Both.", by=cast.amina, upload_ids=[refused.pk, kept.pk])
    message = messaging.reply(thread, body="One.", by=cast.amina, upload_ids=[kept.pk])
    (attachment,) = message.attachments.all()
    assert (attachment.document.case, attachment.document.name, attachment.document.category) == (
        cast.case,
        "log.pdf",
        "",
    )
    assert not messaging.waiting_attachments(cast.case, by=cast.amina, thread=thread).exists()


@pytest.mark.row("H19")
@pytest.mark.row("H44")
def test_a_file_that_waits_elsewhere_or_for_another_person_is_not_attached(cast: Cast) -> None:
    thread, other = _thread(cast), _thread(cast)
    upload = messaging.receive_attachment(cast.case, "log.txt", [b"The log"], by=cast.amina, thread=thread)
    for target, who in ((other, cast.amina), (thread, cast.ben), (thread, cast.dev)):
        with pytest.raises(RuleBroken, match="no longer waiting"):
            messaging.reply(target, body="The log.", by=who, upload_ids=[upload.pk])
    assert not Document.objects.exists()
    messaging.discard_attachment(cast.case, upload.pk, by=cast.ben, thread=thread)
    assert messaging.waiting_attachments(cast.case, by=cast.amina, thread=thread).count() == 1


def test_another_landlord_reads_and_writes_nothing(cast: Cast) -> None:
    thread = _thread(cast)
    with pytest.raises(Thread.DoesNotExist):
        messaging.open_thread(cast.case, thread.pk, by=cast.carys)
    with pytest.raises(NotAllowed):
        messaging.reply(thread, body="Mine.", by=cast.carys)
    with pytest.raises(NotAllowed):
        messaging.start_thread(cast.case, subject="Mine", body="Mine.", by=cast.carys)
    with pytest.raises(Thread.DoesNotExist):
        messaging.open_thread(cast.birch_case, thread.pk, by=cast.dev)


def test_empty_and_too_long_words_are_refused_beside_their_field(cast: Cast) -> None:
    tries = {
        ("subject", "Enter a subject"): {"subject": " ", "body": "Words"},
        ("subject", "Use 200 characters or fewer. You used 201"): {"subject": "x" * 201, "body": "Words"},
        ("body", "Enter your message"): {"subject": "A question", "body": " \n"},
        ("body", "Use 10,000 characters or fewer. You used 10,001"): {"subject": "A question", "body": "x" * 10_001},
    }
    for (field, words), typed in tries.items():
        with pytest.raises(RuleBroken, match=words) as refusal:
            messaging.start_thread(cast.case, by=cast.amina, **typed)
        assert refusal.value.field == field
    assert not Thread.objects.exists()


def test_ten_thousand_characters_fit_however_the_browser_ends_its_lines(cast: Cast) -> None:
    body = "line\r\n" * 1_999 + "12345"
    thread = messaging.start_thread(cast.case, subject="Long\nlines", body=body, by=cast.amina)
    assert thread.subject == "Long lines"
    assert len(thread.messages.get().body) == 10_000


def test_control_characters_are_left_out_of_what_is_kept(cast: Cast) -> None:
    thread = messaging.start_thread(cast.case, subject="A\x00b", body="one\x00\x1b[31m\ttwo\nthree", by=cast.amina)
    assert (thread.subject, thread.messages.get().body) == ("Ab", "one[31m\ttwo\nthree")


def test_a_closed_case_takes_no_messages(cast: Cast) -> None:
    thread = _thread(cast)
    cases.move_case(cast.case, to=Status.CLOSED, reason="Ended.", by=cast.dev)
    with pytest.raises(RuleBroken, match="This case is closed"):
        messaging.reply(thread, body="One more.", by=cast.amina)
    with pytest.raises(RuleBroken, match="This case is closed"):
        messaging.start_thread(cast.case, subject="One more", body="One more.", by=cast.amina)
