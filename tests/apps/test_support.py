"""Support tickets: reported, answered, referred to IT, resolved, reopened; each change is told (S94-S98, C27)."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from portal.access.roles import Role
from portal.audit.models import AuditRow
from portal.files.models import StoredFile
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.mail.models import OutgoingMail
from portal.support import actions, states, tokens
from portal.support.models import Post, Side, Ticket, Token
from portal.support.states import State, Step
from portal.support.writing import POSTS_AN_HOUR, SCREENSHOTS_LIMIT, TEXT_LIMIT, Sent
from portal.teams import people as team_people
from portal.teams.models import StaffMember
from tests.cast import Cast
from tests.signing_in import at_once
from tests.smtp import smtp_server
from tests.support_scene import PICTURE, WHERE, fault, picture, reported, sent_mails

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
    one = (Sent("one.png", PICTURE),)
    twice = [
        lambda: actions.reply(first.pk, text="One more thing.", by=cast.amina, screenshots=one),
        lambda: actions.answer(first.pk, text="Thank you.", by=cast.gwen, is_internal=True),
        lambda: actions.answer(first.pk, text="Thank you.", by=cast.gwen),
    ]
    for press in twice:
        assert press() == press()
    assert first.posts.count() == 4


@pytest.mark.parametrize(
    "second",
    [
        (("two.png", "white"),),
        (("one.png", "red"),),
        (("one.png", "white"), ("two.png", "red")),
        (),
    ],
)
def test_the_same_words_with_other_files_are_another_message(cast: Cast, second: tuple[tuple[str, str], ...]) -> None:
    ticket = reported(cast, "Something else.")
    once = (Sent("one.png", PICTURE),)
    again = tuple(Sent(name, picture(colour)) for name, colour in second)
    for files in (once, again):
        actions.reply(ticket.pk, text="Here is the screenshot.", by=cast.amina, screenshots=files)
        actions.report_fault(fault(screenshots=files), by=cast.amina, where=WHERE)
        actions.ask(text="Here is the screenshot.", by=cast.ben, where=WHERE, screenshots=files)
    there = [[file.name for file in post.files.all()] for post in Post.objects.order_by("id")[1:]]
    assert there == [["one.png"]] * 3 + [[name for name, _ in second]] * 3


def test_the_order_of_the_files_tells_one_message_from_another(cast: Cast) -> None:
    ticket = reported(cast)
    files = (Sent("one.png", PICTURE), Sent("two.png", picture("red")))
    for sent in (files, files[::-1], files[::-1]):
        actions.reply(ticket.pk, text="Both.", by=cast.amina, screenshots=sent)
    assert ticket.posts.count() == 3


def test_a_file_whose_name_is_cleaned_is_known_again(cast: Cast) -> None:
    ticket = reported(cast)
    for _ in range(2):
        actions.reply(
            ticket.pk, text="Here.", by=cast.amina, screenshots=(Sent("C:\\Pictures\\ o\x00ne.png", PICTURE),)
        )
    assert ticket.posts.count() == 2


def test_an_answer_in_the_words_of_a_note_is_sent(cast: Cast) -> None:
    ticket = reported(cast)
    OutgoingMail.objects.all().delete()
    for is_internal in (True, False, True):
        actions.answer(ticket.pk, text="We restarted the server.", by=cast.gwen, is_internal=is_internal)
    ticket.refresh_from_db()
    assert list(ticket.posts.order_by("id").values_list("is_visible", flat=True)) == [True, False, True, False]
    assert ticket.state == State.WITH_PORTAL_TEAM
    assert OutgoingMail.objects.get().subject.endswith("an answer for you")


def test_the_same_answer_by_two_people_is_two(cast: Cast) -> None:
    ticket, colleague = reported(cast), StaffMember.objects.get(user=cast.users["hana"])
    colleague.role = Role.PORTAL_TEAM
    colleague.save()
    for person in (cast.gwen, team_people.actor_of(colleague)):
        actions.answer(ticket.pk, text="Please try again.", by=person)
    assert ticket.posts.count() == 3


def test_the_same_words_after_something_else_has_happened_are_said_anew(cast: Cast) -> None:
    ticket = reported(cast)
    say = [
        lambda: actions.reply(ticket.pk, text="It does not work.", by=cast.amina),
        lambda: actions.answer(ticket.pk, text="Try again.", by=cast.gwen),
        lambda: actions.reply(ticket.pk, text="It does not work.", by=cast.amina),
        lambda: actions.answer(ticket.pk, text="Try again.", by=cast.gwen),
    ]
    for act in say:
        act()
    actions.refer(ticket.pk, by=cast.gwen)
    actions.answer(ticket.pk, text="Try again.", by=cast.gwen)
    actions.reply(ticket.pk, text="It does not work.", by=cast.amina)
    actions.resolve(ticket.pk, text="Mended.", by=cast.gwen)
    actions.reopen(ticket.pk, by=cast.gwen)
    actions.answer(ticket.pk, text="Mended.", by=cast.gwen)
    assert ticket.posts.count() == 9


@pytest.mark.row("S98")
def test_the_same_sentence_again_opens_a_report_that_was_resolved_in_between(cast: Cast) -> None:
    ticket = reported(cast)
    actions.reply(ticket.pk, text="It does not work.", by=cast.amina)
    actions.resolve(ticket.pk, text="Mended.", by=cast.gwen)
    for _ in range(2):  # pressed twice
        actions.reply(ticket.pk, text="It does not work.", by=cast.amina)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.posts.count()) == (State.REOPENED, 4)


def test_an_answer_to_a_resolved_report_is_refused_also_in_the_words_that_resolved_it(cast: Cast) -> None:
    ticket = reported(cast)
    actions.resolve(ticket.pk, text="Mended.", by=cast.gwen)
    with pytest.raises(RuleBroken, match="Reopen it first"):
        actions.answer(ticket.pk, text="Mended.", by=cast.gwen)


@pytest.mark.parametrize("other", [{"affected": "main"}, {"addresses": "ben@alder.example"}])
def test_a_report_sent_again_with_another_account_is_another_report(cast: Cast, other: dict[str, str]) -> None:
    first = actions.report_fault(fault(), by=cast.amina, where=WHERE)
    assert actions.report_fault(fault(**other), by=cast.amina, where=WHERE) != first


def test_a_report_in_the_words_of_an_earlier_question_or_of_what_was_resolved_is_a_report(cast: Cast) -> None:
    question = actions.ask(text="It hangs.", by=cast.amina, where=WHERE)
    first = actions.report_fault(fault("It hangs."), by=cast.amina, where=WHERE)
    assert (first != question, first.kind) == (True, "fault")
    actions.resolve(first.pk, text="Mended.", by=cast.gwen)
    assert actions.report_fault(fault("It hangs."), by=cast.amina, where=WHERE) != first


@pytest.mark.row("S101")
def test_a_report_sent_again_with_the_trap_untouched_is_told_and_answered(cast: Cast) -> None:
    public = fault(email="somebody@alder.example")
    caught = actions.report_fault(public, by=None, where=WHERE, is_trapped=True)
    real = actions.report_fault(public, by=None, where=WHERE)
    assert set(Ticket.objects.genuine()) == {real} != {caught}
    assert OutgoingMail.objects.get().to_address == "somebody@alder.example"


@pytest.mark.row("S95")
def test_each_message_may_bring_its_own_pictures_up_to_the_limit(cast: Cast) -> None:
    ticket = reported(cast)
    full = tuple(Sent(f"{number}.png", PICTURE) for number in range(SCREENSHOTS_LIMIT))
    for text in ("The first heap.", "The second heap."):
        actions.reply(ticket.pk, text=text, by=cast.amina, screenshots=full)
        with pytest.raises(RuleBroken, match="5 screenshots or fewer"):
            actions.reply(ticket.pk, text=text, by=cast.amina, screenshots=(*full, Sent("More.png", PICTURE)))
    assert [post.files.count() for post in ticket.posts.order_by("id")] == [1, SCREENSHOTS_LIMIT, SCREENSHOTS_LIMIT]


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
def test_a_question_is_one_conversation_that_goes_on_after_it_was_resolved_and_ends_in_two_weeks(cast: Cast) -> None:
    first = actions.ask(text="How do I add a colleague?", by=cast.amina, where=WHERE)
    assert actions.ask(text="I found it.", by=cast.amina, where=WHERE) == first
    assert actions.ask(text="How do I add one?", by=cast.carys, where=WHERE) != first
    actions.resolve(first.pk, text="You are welcome.", by=cast.gwen)
    again = actions.ask(text="It does not work yet.", by=cast.amina, where=WHERE)
    assert (again, again.state) == (first, State.REOPENED)
    actions.resolve(first.pk, text="Now it does.", by=cast.gwen)
    with clock.moved_to(clock.now() + timedelta(days=15)):
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


@pytest.mark.row("S100")
@pytest.mark.django_db(transaction=True)
def test_questions_from_two_tabs_at_the_same_moment_are_one_conversation(cast: Cast) -> None:
    made = []

    def ask(number: int) -> None:
        made.append(actions.ask(text=f"Question {number}", by=cast.amina, where=WHERE).pk)

    at_once([partial(ask, number) for number in range(4)])
    assert (len(made), len(set(made)), Post.objects.count()) == (4, 1, 4)
