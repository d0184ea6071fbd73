"""Support tickets: reported, answered, referred to IT, resolved, reopened; each change is told (S94-S98, C27)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.audit.models import AuditRow
from portal.files.models import StoredFile
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.mail.models import OutgoingMail
from portal.support import actions, states, tokens
from portal.support.models import Post, Side, Ticket, Token
from portal.support.states import State, Step
from portal.support.writing import POSTS_AN_HOUR, TEXT_LIMIT, Sent
from tests.cast import Cast
from tests.signing_in import at_once
from tests.smtp import smtp_server
from tests.support_scene import PICTURE, WHERE, fault, reported, sent_mails

pytestmark = pytest.mark.django_db


@pytest.mark.row("C27")
def test_every_step_is_decided_in_every_state() -> None:
    decided = {(state, step): states.allowed(state, step) for state in State for step in Step}
    assert [state.label for state in State] == [
        "New",
        "With the portal team",
        "Referred to IT",
        "Resolved",
        "Reopened",
    ]
    assert {step for (state, step), may in decided.items() if state is State.RESOLVED and may} == {
        Step.REOPEN,
        Step.WRITE,
    }
    assert all(decided[state, Step.WRITE] for state in State)
    assert not any(decided[state, Step.UPDATE] for state in State if state is not State.WITH_IT)
    with pytest.raises(RuleBroken, match="Reopen it first"):
        states.after(State.RESOLVED, Step.ANSWER)


@pytest.mark.row("S95")
def test_a_report_holds_the_accounts_the_description_the_screenshots_and_what_the_portal_adds(cast: Cast) -> None:
    ticket = reported(cast)
    ticket.refresh_from_db()
    assert (ticket.affected, ticket.affected_addresses) == ("both", "amina@alder.example\nben@alder.example")
    assert (ticket.browser, ticket.ip) == ("Firefox on Windows", "192.0.2.7")
    assert (ticket.landlord_id, ticket.email, ticket.state) == (cast.alder.pk, "amina@alder.example", State.NEW)
    post = ticket.posts.get()
    assert post.text == "The documents tab stays empty."
    assert [(file.name, file.stored.kind) for file in post.files.all()] == [("Empty tab.png", "png")]


@pytest.mark.row("S95")
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.txt", b"not a picture\n", "is not a picture"),
        ("page.png", b"<html><script>alert(1)</script></html>", "page.png"),
        ("fault.zip", b"PK\x03\x04", "fault.zip"),
    ],
)
def test_a_screenshot_that_breaks_a_rule_refuses_the_report_whole(
    cast: Cast, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(RuleBroken, match=words) as refused:
        actions.report_fault(
            fault(screenshots=(Sent("Good.png", PICTURE), Sent(name, content))), by=cast.amina, where=WHERE
        )
    assert refused.value.field == "screenshots"
    assert not Ticket.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"affected": "none"}, "affected"),
        ({"addresses": " ,; "}, "addresses"),
        ({"addresses": "amina@alder.example ben"}, "addresses"),
        ({"description": " \n\x00 "}, "description"),
        ({"description": "x" * (TEXT_LIMIT + 1)}, "description"),
    ],
)
def test_what_is_missing_or_wrong_is_named_beside_its_field(cast: Cast, other: dict[str, str], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        actions.report_fault(fault(**other), by=cast.amina, where=WHERE)
    assert refused.value.field == field
    assert not Ticket.objects.exists()


@pytest.mark.row("S96")
@pytest.mark.row("S97")
def test_each_change_is_told_to_the_reporter_and_never_what_was_written(cast: Cast, settings) -> None:
    with smtp_server() as mailbox:
        ticket = reported(cast, "Secret words of the reporter.")
        number = f"{ticket.pk:06d}"
        actions.answer(ticket.pk, text="Secret words of the answer.", by=cast.gwen)
        actions.refer(ticket.pk, by=cast.gwen)
        actions.answer(ticket.pk, text="Secret words of IT.", by=cast.ines)
        actions.resolve(ticket.pk, text="Secret words at the end.", by=cast.ines)
        actions.reopen(ticket.pk, by=cast.gwen)
        mails = sent_mails(mailbox)
    told = [mail["Subject"].split("] ")[1] for mail in mails]
    assert told == [
        f"Your fault report SR-{number}: we have it",
        f"Your fault report SR-{number}: an answer for you",
        f"Your fault report IT-{number}: referred to IT support",
        f"Your fault report IT-{number}: an answer for you",
        f"Your fault report IT-{number}: resolved",
        f"Your fault report IT-{number}: reopened",
    ]
    assert {mail["To"] for mail in mails} == {"amina@alder.example"}
    senders = [settings.SUPPORT_ADDRESS] * 2 + [settings.IT_ADDRESS] * 4
    assert [mail["From"].addresses[0].addr_spec for mail in mails] == senders
    for mail in mails:
        assert "Secret words" not in mail.as_string()
        assert f"/help/reports/{ticket.pk}/" in mail.get_content()


@pytest.mark.row("S96")
def test_referring_makes_the_it_number_once(cast: Cast) -> None:
    ticket = reported(cast)
    assert ticket.reference == f"SR-{ticket.pk:06d}"
    ticket = actions.refer(ticket.pk, by=cast.gwen)
    assert (ticket.reference, ticket.state) == (f"IT-{ticket.pk:06d}", State.WITH_IT)
    first = ticket.referred_at
    with pytest.raises(RuleBroken, match="with IT support already"):
        actions.refer(ticket.pk, by=cast.gwen)
    actions.resolve(ticket.pk, text="Mended.", by=cast.ines)
    actions.reopen(ticket.pk, by=cast.gwen)
    again = actions.refer(ticket.pk, by=cast.gwen)
    assert again.referred_at == first


@pytest.mark.row("S98")
def test_a_reply_to_a_resolved_report_opens_it_again_and_says_so(cast: Cast) -> None:
    ticket = actions.refer(reported(cast).pk, by=cast.gwen)
    actions.reply(ticket.pk, text="It also happens on my telephone.", by=cast.amina)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.waits_for_us) == (State.WITH_IT, True)
    actions.resolve(ticket.pk, text="Mended.", by=cast.ines)
    actions.reply(ticket.pk, text="It is back.", by=cast.amina)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.waits_for_us, ticket.resolved_at) == (State.REOPENED, True, None)
    assert OutgoingMail.objects.latest("pk").subject.endswith("reopened")


def test_a_note_is_not_told_and_changes_no_state(cast: Cast) -> None:
    ticket = reported(cast)
    OutgoingMail.objects.all().delete()
    actions.answer(ticket.pk, text="Is this the old browser again?", by=cast.gwen, is_internal=True)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.waits_for_us) == (State.NEW, True)
    assert not OutgoingMail.objects.exists()
    assert Post.objects.filter(is_visible=False).count() == 1


@pytest.mark.row("H43")
def test_who_may_do_what_at_the_desk(cast: Cast) -> None:
    ticket = reported(cast)
    for person in (cast.amina, cast.dev, cast.hana):
        with pytest.raises(NotAllowed):
            actions.answer(ticket.pk, text="Hello.", by=person)
        with pytest.raises(NotAllowed):
            actions.resolve(ticket.pk, text="Hello.", by=person)
    for person in (cast.amina, cast.dev, cast.hana, cast.ines):
        for act in (actions.refer, actions.reopen, actions.not_spam, actions.discard):
            with pytest.raises(NotAllowed):
                act(ticket.pk, by=person)
    with pytest.raises(NotAllowed):
        actions.answer(ticket.pk, text="IT has not been asked yet.", by=cast.ines)
    actions.refer(ticket.pk, by=cast.gwen)
    assert actions.answer(ticket.pk, text="We look.", by=cast.ines).side == Side.IT


@pytest.mark.row("S1")
def test_nobody_else_reads_or_answers_ones_report(cast: Cast) -> None:
    ticket = reported(cast)
    for person in (cast.ben, cast.carys, cast.dev):
        with pytest.raises(Ticket.DoesNotExist):
            actions.own_ticket(ticket.pk, by=person)
        with pytest.raises(Ticket.DoesNotExist):
            actions.reply(ticket.pk, text="Mine now.", by=person)
    assert set(Ticket.objects.visible_to(cast.gwen)) == set(Ticket.objects.visible_to(cast.hana)) == {ticket}
    for person in (cast.amina, cast.carys, cast.dev, cast.ines):
        assert not Ticket.objects.visible_to(person).exists()


@pytest.mark.row("H47")
def test_who_moved_to_another_landlord_reads_and_hears_no_more(cast: Cast) -> None:
    from portal.landlords import people
    from portal.landlords.models import Membership

    ticket = reported(cast, by="ben")
    OutgoingMail.objects.all().delete()
    Membership.objects.filter(user=cast.users["ben"]).update(landlord=cast.birch)
    moved = people.actor_of(people.membership_of(cast.users["ben"].pk))
    with pytest.raises(Ticket.DoesNotExist):
        actions.own_ticket(ticket.pk, by=moved)
    actions.answer(ticket.pk, text="Here is the answer.", by=cast.gwen)
    assert not OutgoingMail.objects.exists()


@pytest.mark.row("S101")
def test_what_the_trap_caught_is_kept_unanswered_until_somebody_says_that_it_is_real(cast: Cast) -> None:
    public = fault(email="somebody@alder.example")
    ticket = actions.report_fault(public, by=None, where=WHERE, is_trapped=True)
    assert set(Ticket.objects.suspected()) == {ticket}
    assert not Ticket.objects.genuine().exists()
    assert not OutgoingMail.objects.exists()
    with pytest.raises(RuleBroken, match="suspected spam"):
        actions.answer(ticket.pk, text="Hello.", by=cast.gwen)
    actions.not_spam(ticket.pk, by=cast.gwen)
    assert set(Ticket.objects.genuine()) == {ticket}
    assert OutgoingMail.objects.get().to_address == "somebody@alder.example"
    with pytest.raises(RuleBroken, match="not held"):
        actions.discard(ticket.pk, by=cast.gwen)


@pytest.mark.row("S101")
def test_discarded_spam_leaves_every_list_and_stays_in_the_database(cast: Cast) -> None:
    ticket = actions.report_fault(fault(email="robot@spam.example"), by=None, where=WHERE, is_trapped=True)
    actions.discard(ticket.pk, by=cast.gwen)
    assert not Ticket.objects.suspected().exists()
    assert not Ticket.objects.genuine().exists()
    assert Ticket.objects.get(pk=ticket.pk).discarded_at is not None
    assert AuditRow.objects.filter(verb="support ticket discarded as spam", actor_id=cast.gwen.user_id).exists()


def test_the_second_press_of_the_button_makes_no_second_report_and_no_second_reply(cast: Cast) -> None:
    first, second = reported(cast), reported(cast)
    assert first == second
    for _ in range(2):
        actions.reply(first.pk, text="One more thing.", by=cast.amina)
        actions.answer(first.pk, text="Thank you.", by=cast.gwen, is_internal=True)
    assert first.posts.count() == 3


@pytest.mark.row("S101")
def test_one_network_and_one_address_may_report_only_so_often(cast: Cast) -> None:
    for number in range(6):
        actions.report_fault(fault(f"Fault {number}", email="one@alder.example"), by=None, where=WHERE)
    with pytest.raises(RuleBroken, match="from this address"):
        actions.report_fault(fault("Fault 7", email="One@Alder.example"), by=None, where=WHERE)
    for number in range(14):  # the refused one counted nowhere
        actions.report_fault(fault(f"Fault {number}", email=f"{number}@alder.example"), by=None, where=WHERE)
    with pytest.raises(RuleBroken, match="from your network"):
        actions.report_fault(fault("Another", email="another@alder.example"), by=None, where=WHERE)
    with clock.moved_to(clock.now() + timedelta(minutes=62)):
        assert actions.report_fault(fault("Another", email="another@alder.example"), by=None, where=WHERE)


def test_replies_are_limited_within_an_hour(cast: Cast) -> None:
    ticket = reported(cast)
    for number in range(POSTS_AN_HOUR - 1):
        actions.reply(ticket.pk, text=f"Message {number}", by=cast.amina)
    with pytest.raises(RuleBroken, match="very often"):
        actions.reply(ticket.pk, text="One more", by=cast.amina)


@pytest.mark.row("S100")
def test_a_question_is_one_conversation_until_it_is_resolved(cast: Cast) -> None:
    first = actions.ask(text="How do I add a colleague?", by=cast.amina, where=WHERE)
    assert actions.ask(text="I found it.", by=cast.amina, where=WHERE) == first
    assert actions.ask(text="How do I add one?", by=cast.carys, where=WHERE) != first
    actions.resolve(first.pk, text="You are welcome.", by=cast.gwen)
    assert actions.ask(text="Another question.", by=cast.amina, where=WHERE) != first


@pytest.mark.row("H33")
def test_the_secrets_of_a_ticket_stand_in_the_mail_alone(cast: Cast) -> None:
    with smtp_server() as mailbox:
        ticket = actions.report_fault(fault(email="out@alder.example"), by=None, where=WHERE)
        row = OutgoingMail.objects.get()
        (mail,) = sent_mails(mailbox)
        row.refresh_from_db()
    secret = mail["Subject"].split("/")[1].split("]")[0]
    link = mail.get_content().split("/help/follow/")[1].split("/")[0]
    assert len({secret, link}) == 2
    assert tokens.ticket_of_page(link) == tokens.ticket_of_subject(mail["Subject"]) == ticket
    kept = f"{row.subject} {row.body} {row.sealed_tag} {list(Token.objects.values_list('digest', flat=True))}"
    assert secret not in kept
    assert link not in kept
    assert tokens.ticket_of_subject(f"[Ticket SR-{ticket.pk:06d}/{link}]") is None
    with pytest.raises(Ticket.DoesNotExist):
        tokens.ticket_of_page(secret)


def test_the_secret_of_an_old_mail_opens_nothing(cast: Cast) -> None:
    ticket = reported(cast)
    subject = f"Re: {tokens.tag(ticket)} Your fault report"
    with clock.moved_to(clock.now() + tokens.LIFE - timedelta(minutes=1)):
        assert tokens.ticket_of_subject(subject) == ticket
    with clock.moved_to(clock.now() + tokens.LIFE + timedelta(minutes=1)):
        assert tokens.ticket_of_subject(subject) is None
    other = reported(cast, "Something else.")
    assert tokens.ticket_of_subject(subject.replace(f"{ticket.pk:06d}", f"{other.pk:06d}")) is None


@pytest.mark.row("S101")
def test_reports_in_somebodys_name_shut_neither_them_nor_their_network_out(cast: Cast) -> None:
    elsewhere = replace(WHERE, ip="198.51.100.9", network="198.51.100.9")
    for number in range(6):
        actions.report_fault(fault(f"Fault {number}", email="amina@alder.example"), by=None, where=elsewhere)
    for _ in range(30):  # refused for the address: the network's own limit is untouched
        with pytest.raises(RuleBroken, match="from this address"):
            actions.report_fault(fault("More", email="amina@alder.example"), by=None, where=WHERE)
    assert reported(cast).landlord_id == cast.alder.pk
    assert actions.ask(text="Hello?", by=cast.amina, where=WHERE).pk
    assert actions.report_fault(fault("Mine", email="other@alder.example"), by=None, where=WHERE).pk


def test_a_report_whose_picture_is_refused_counts_nowhere(cast: Cast) -> None:
    for _ in range(7):
        with pytest.raises(RuleBroken, match="not a picture"):
            actions.report_fault(fault(screenshots=(Sent("a.txt", b"words\n"),)), by=cast.amina, where=WHERE)
    assert reported(cast).pk


@pytest.mark.row("H24")
@pytest.mark.django_db(transaction=True)
def test_the_same_report_four_times_at_the_same_moment_is_one(cast: Cast) -> None:
    made = []
    at_once([lambda: made.append(actions.report_fault(fault(), by=cast.amina, where=WHERE).pk)] * 4)
    at_once([lambda: made.append(actions.ask(text="Hello?", by=cast.amina, where=WHERE).pk)] * 4)
    assert (len(made), len(set(made))) == (8, 2)
    assert Post.objects.count() == 2
