"""The outbox: what a queued mail holds, what is queued once, what is sealed and wiped, and what is tried again."""

from datetime import timedelta

import pytest

from portal.lib import clock
from portal.lib.errors import NotAllowed
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from tests.cast import Cast
from tests.smtp import smtp_server

pytestmark = pytest.mark.django_db


def post(**changed) -> OutgoingMail | None:
    given = {"to": "amina@alder.example", "subject": "Hello", "body": "Words.", "kind": "test"}
    return outbox.post(**{**given, **changed})


def test_a_mail_waits_as_it_was_written_and_is_due_at_once() -> None:
    row = post(subject=" Two\n  lines ", user_id=7, landlord_id=8)
    row.refresh_from_db()
    assert (row.subject, row.body, row.user_id, row.landlord_id) == ("Two lines", "Words.", 7, 8)
    assert (row.claim_state, row.sent_at) == ("waiting", None)
    assert row.claim_due_at <= clock.now()


def test_a_mail_with_the_same_key_is_queued_the_first_time_only() -> None:
    assert post(once="digest-7") is not None
    assert post(once="digest-7", body="Again") is None
    assert post(once="digest-8") is not None
    assert sorted(OutgoingMail.objects.values_list("body", flat=True)) == ["Words.", "Words."]


def test_of_many_only_those_that_were_queued_already_are_left_out() -> None:
    post(once="digest-7")
    keys = ("digest-7", "", "digest-8")
    drafts = [outbox.Draft(to="ben@alder.example", subject="s", body="b", kind="k", once=key) for key in keys]
    assert [row is None for row in outbox.post_many(drafts)] == [True, False, False]
    assert OutgoingMail.objects.count() == 3


def test_a_sent_mail_keeps_its_words_and_says_when_it_went() -> None:
    row = post()
    with smtp_server() as mailbox:
        assert outbox.send_one(clock.now())
        assert not outbox.send_one(clock.now())
    row.refresh_from_db()
    assert (row.claim_state, row.body) == ("done", "Words.")
    assert row.sent_at is not None
    (mail,) = mailbox.mails
    assert (mail["Message-ID"], mail["X-Portal-Kind"]) == (row.message_id, "test")
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(("said", "state"), [("450 greylisted", "waiting"), ("550 no such user", "failed")])
def test_an_address_that_is_refused_for_now_is_tried_again(said: str, state: str) -> None:
    row = post()
    with smtp_server() as mailbox:
        mailbox.to_address = said
        outbox.send_one(clock.now())
        row.refresh_from_db()
        assert (row.claim_state, row.sent_at, said[:3] in row.claim_error) == (state, None, True)
        mailbox.to_address = "250 OK"
        outbox.send_one(row.claim_due_at)
        row.refresh_from_db()
        assert len(mailbox.mails) == (1 if state == "waiting" else 0)


def test_the_tag_of_a_ticket_is_sealed_sent_before_the_subject_and_wiped() -> None:
    row = post(tag="[T-1 abc]", from_address="IT support <it@portal.example>")
    assert "abc" not in row.sealed_tag
    with smtp_server() as mailbox:
        outbox.send_one(clock.now())
    row.refresh_from_db()
    assert row.sealed_tag == ""
    assert mailbox.mails[0]["Subject"] == "[T-1 abc] Hello"
    assert mailbox.mails[0]["From"] == "IT support <it@portal.example>"


def test_without_an_address_of_its_own_a_mail_comes_from_the_portal(settings) -> None:
    post()
    with smtp_server() as mailbox:
        outbox.send_one(clock.now())
    assert mailbox.mails[0]["From"] == settings.DEFAULT_FROM_EMAIL


def test_a_secret_stays_sealed_while_the_mail_server_takes_nothing() -> None:
    row = post(body="123456", is_secret=True)
    with smtp_server() as mailbox:
        mailbox.answer = "451 try later"
        outbox.send_one(clock.now())
        row.refresh_from_db()
        assert row.claim_state == "waiting"
        assert row.claim_due_at > clock.now()
        assert row.body
        assert "123456" not in row.body
        assert "451" in row.claim_error
        mailbox.answer = "250 OK"
        assert outbox.send_one(row.claim_due_at + timedelta(seconds=1))
    row.refresh_from_db()
    assert (row.body, row.claim_error) == ("", "")
    assert "123456" in mailbox.mails[0].get_content()


def test_a_mail_sealed_with_another_key_is_given_up_and_wiped(settings) -> None:
    row = post(body="123456", is_secret=True, tag="[T-1 abc]")
    settings.SECRET_KEY = "another-key-of-the-same-portal"
    with smtp_server() as mailbox:
        outbox.send_one(clock.now())
    row.refresh_from_db()
    assert (row.claim_state, row.body, row.sealed_tag) == ("failed", "", "")
    assert "another secret key" in row.claim_error
    assert not mailbox.mails


@pytest.mark.parametrize("person", ["amina", "dev", "farid"])
def test_only_who_may_see_mails_opens_their_log(cast: Cast, person: str) -> None:
    with pytest.raises(NotAllowed):
        outbox.open_log(by=cast.actors[person])
    assert list(outbox.open_log(by=cast.gwen)) == list(OutgoingMail.objects.order_by("-id"))
