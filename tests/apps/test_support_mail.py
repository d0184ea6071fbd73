"""Mail to the support address: onto its ticket when sender and secret match, else unfiled (D15, H50)."""

import io
import os
import subprocess
import sys
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from portal.config import worker
from portal.files.models import StoredFile
from portal.lib import clock
from portal.mail.models import OutgoingMail
from portal.support import actions, incoming, mailbox, receiving, tokens
from portal.support.incoming import HEADER_LIMIT, MAIL_LIMIT, Unreadable, read
from portal.support.models import Fate, IncomingMail, Post, Ticket
from portal.support.plain_words import LIMIT, own_words, words_of
from portal.support.states import State
from portal.support.writing import POSTS_AN_HOUR
from tests.cast import Cast
from tests.house.layers import ROOT
from tests.imap import imap_server
from tests.smtp import free_port, smtp_server
from tests.support_scene import PICTURE, WHERE, answer_to, fault, picture, reported, sent_mails

pytestmark = pytest.mark.django_db
SAMPLES = ROOT.parent / "shared" / "samples"


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Amina's, with IT."""
    return actions.refer(reported(cast).pk, by=cast.gwen)


@pytest.fixture
def mail(ticket: Ticket) -> EmailMessage:
    """The newest mail that Amina has had about it."""
    with smtp_server() as box:
        return sent_mails(box)[-1]


@pytest.fixture
def reply(mail: EmailMessage) -> EmailMessage:
    return answer_to(mail, "It also happens in Edge.", sender="Amina Yusuf <Amina@Alder.example>")


def only_post_of_reporter(ticket: Ticket) -> bool:
    return ticket.posts.filter(side="reporter").count() == 1


@pytest.mark.row("S98")
@pytest.mark.row("D15")
def test_a_reply_with_the_reference_lands_on_the_ticket_without_the_quoted_mail(
    ticket: Ticket, reply: EmailMessage
) -> None:
    row = receiving.receive(reply.as_bytes())
    assert (row.fate, row.ticket) == (Fate.FILED, ticket)
    post = ticket.posts.latest("pk")
    assert (post.text, post.by_mail, post.author_name) == ("It also happens in Edge.", True, "Amina Yusuf")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.waits_for_us) == (State.WITH_IT, True)


@pytest.mark.row("D15")
def test_somebody_who_cannot_sign_in_replies_by_mail_too(cast: Cast) -> None:
    with smtp_server() as box:
        ticket = actions.report_fault(fault(email="Out@alder.example"), by=None, where=WHERE)
        (mail,) = sent_mails(box)
    row = receiving.receive(answer_to(mail, "Still locked out.", sender="out@alder.example").as_bytes())
    assert (row.fate, ticket.posts.latest("pk").text) == (Fate.FILED, "Still locked out.")


@pytest.mark.row("H50")
@pytest.mark.parametrize(
    "sender",
    [
        "mallory@evil.example",
        '"amina@alder.example" <mallory@evil.example>',
        "amina@alder.example, mallory@evil.example",
        "ben@alder.example",
        "",
    ],
)
def test_the_secret_from_another_sender_is_unfiled(ticket: Ticket, reply: EmailMessage, sender: str) -> None:
    del reply["From"]
    if sender:
        reply["From"] = sender
    row = receiving.receive(reply.as_bytes())
    assert (row.fate, row.ticket) == (Fate.UNFILED, None)
    assert only_post_of_reporter(ticket)
    assert "/" not in row.subject, "the secret must not be shown on the page of unfiled mail"


@pytest.mark.row("H50")
def test_two_from_headers_are_nobody(ticket: Ticket, reply: EmailMessage) -> None:
    raw = b"From: amina@alder.example\r\n" + reply.as_bytes().replace(b"From: Amina", b"From: Mallory", 1)
    assert receiving.receive(raw).fate == Fate.UNFILED
    assert only_post_of_reporter(ticket)


@pytest.mark.row("H50")
@pytest.mark.parametrize(
    "subject",
    [
        "Re: IT-{number}",
        "Re: [Ticket IT-{number}]",
        "Re: [Ticket IT-{number}/]",
        "Re: [Ticket IT-{number}/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]",
        "Re: [Ticket IT-000000/{secret}]",
        "Re: [Ticket XX-{number}/{secret}]",
    ],
)
def test_a_forged_sender_without_the_right_number_and_secret_is_unfiled(
    ticket: Ticket, reply: EmailMessage, subject: str
) -> None:
    secret = str(reply["Subject"]).split("/")[1].split("]")[0]
    del reply["Subject"]
    reply["Subject"] = subject.format(number=f"{ticket.pk:06d}", secret=secret)
    assert receiving.receive(reply.as_bytes()).fate == Fate.UNFILED
    assert only_post_of_reporter(ticket)


@pytest.mark.row("H50")
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated; owner-token=x"),
        ("Precedence", "auto_reply"),
        ("X-Autoreply", "yes"),
        ("Return-Path", "<>"),
    ],
)
def test_what_a_machine_sent_is_dropped_and_counted(
    ticket: Ticket, reply: EmailMessage, header: str, value: str
) -> None:
    reply[header] = value
    waiting = OutgoingMail.objects.count()
    row = receiving.receive(reply.as_bytes())
    assert (row.fate, row.text, row.ticket) == (Fate.AUTOMATIC, "", None)
    assert only_post_of_reporter(ticket)
    assert OutgoingMail.objects.count() == waiting


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Auto-Submitted", "no"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Auto-Response-Suppress", "DR, OOF, AutoReply"),
        ("Precedence", "bulk"),
        ("Precedence", "list"),
        ("List-Id", "<all.alder.example>"),
        ("List-Unsubscribe", "<mailto:x@alder.example>"),
        ("Return-Path", "<amina@alder.example>"),
    ],
)
def test_what_a_mail_system_adds_makes_no_machine_of_a_person(
    ticket: Ticket, reply: EmailMessage, header: str, value: str
) -> None:
    reply[header] = value
    assert receiving.receive(reply.as_bytes()).fate == Fate.FILED


def test_an_id_that_another_sender_has_used_loses_no_mail(ticket: Ticket, reply: EmailMessage) -> None:
    raw = reply.as_bytes()
    del reply["From"]
    reply["From"] = "x@y.example"
    assert receiving.receive(reply.as_bytes()).fate == Fate.UNFILED
    assert receiving.receive(raw).fate == Fate.FILED
    assert receiving.receive(raw).copies == 2


@pytest.mark.parametrize("charset", ["iso-8859-1", "us-ascii", "windows-1252", "utf-8", "x-unknown"])
def test_windows_quotation_marks_are_kept_whatever_character_set_is_named(charset: str) -> None:
    text = "It’s “quoted” – twice."
    head = f"From: a@b.example\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()
    assert incoming.read(head + text.encode("cp1252")).text == text
    assert incoming.read(head.replace(charset.encode(), b"utf-8") + text.encode()).text == text


@pytest.mark.parametrize(
    ("subject", "between"),
    [
        ("Fwd: Boiler", "---------- Forwarded message ---------\r\nFrom: R <r@x.example>\r\nDate: Monday"),
        ("Boiler", "Begin forwarded message:\r\n\r\nFrom: R <r@x.example>\r\nDate: Monday"),
        ("FW: Boiler", "________________________________\r\nFrom: R <r@x.example>\r\nSent: Monday"),
        ("WG: Boiler", "-----Original Message-----\r\nFrom: R <r@x.example>\r\nSent: Monday"),
    ],
)
def test_a_mail_that_is_passed_on_is_kept_with_the_words_above_it(subject: str, between: str) -> None:
    raw = f"From: a@b.example\r\nSubject: {subject}\r\n\r\nPlease see below.\r\n\r\n{between}\r\n\r\nNo heat.\r\n"
    text = incoming.read(raw.encode()).text
    assert text.startswith("Please see below.")
    assert text.endswith("No heat.")


@pytest.mark.row("H50")
def test_the_portals_own_mail_coming_back_is_dropped(ticket: Ticket, mail: EmailMessage, settings) -> None:
    assert receiving.receive(mail.as_bytes()).fate == Fate.AUTOMATIC
    for number, own in enumerate((settings.SUPPORT_ADDRESS, settings.IT_ADDRESS, "no-reply@portal.example")):
        back = answer_to(mail, "Round and round.", sender=own, message_id=f"<{number}@x.example>")
        assert receiving.receive(back.as_bytes()).fate == Fate.LOOP


@pytest.mark.row("H50")
def test_a_mail_that_was_passed_on_forty_times_is_dropped(ticket: Ticket, reply: EmailMessage) -> None:
    raw = b"Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0000\r\n" * 40 + reply.as_bytes()
    assert receiving.receive(raw).fate == Fate.LOOP


@pytest.mark.row("H50")
@pytest.mark.parametrize("words", ["Answer {n}", "I am on holiday."])
def test_two_machines_cannot_talk_for_ever(ticket: Ticket, mail: EmailMessage, cast: Cast, words: str) -> None:
    actions.resolve(ticket.pk, text="Mended.", by=cast.gwen)
    waiting = OutgoingMail.objects.count()
    fates = [
        receiving.receive(
            answer_to(mail, words.format(n=n), sender="amina@alder.example", message_id=f"<{n}@x.example>").as_bytes()
        ).fate
        for n in range(POSTS_AN_HOUR + 5)
    ]
    assert OutgoingMail.objects.count() == waiting + 1, "only that the report is open again is told"
    assert fates.count(Fate.FILED) == POSTS_AN_HOUR - 1  # the report itself is the first
    assert set(fates) == {Fate.FILED, Fate.UNFILED}


@pytest.mark.row("H50")
def test_ten_megabytes_of_headers_are_refused_before_anything_is_parsed_and_counted(db: None, monkeypatch) -> None:
    monkeypatch.setattr(incoming, "message_from_bytes", lambda raw: pytest.fail("It was parsed."))
    for raw in (b"X-Padding: " + b"x" * 10_000_000, b"X-A: b\r\n" * 1_250_000):
        with pytest.raises(Unreadable):
            receiving.receive(raw)
    assert IncomingMail.objects.filter(fate=Fate.REFUSED).count() == 2


@pytest.mark.row("H50")
@pytest.mark.parametrize(
    "header",
    [
        b"Subject: " + b"=?utf-8?b?" * 6000,
        b"From: " + b"<" * 60_000,
        b"From: " + b"(" * 60_000,
        b"From: " + b"a@b," * 15_000,
        b"Subject: =?no-such-charset?q?x?=",
        b"Message-ID: " + b"<" * 60_000,
        b"Content-Type: " + b'multipart/mixed; boundary="' + b"x" * 60_000,
        b"Content-Type: text/plain; charset=\xff\xfe\x00",
        b"Content-Type: text/plain; name*0*=" + b"%" * 60_000,
        b"Content-Transfer-Encoding: \xff",
        b"Content-Type: " + b";" * 60_000,
    ],
    ids=lambda header: header[:30].decode("latin-1"),
)
def test_a_mail_with_a_forged_header_ends_among_the_unfiled(db: None, header: bytes) -> None:
    assert receiving.receive(header + b"\r\n\r\nHello\r\n").fate == Fate.UNFILED


@pytest.mark.row("H50")
def test_a_mail_of_a_thousand_parts_or_levels_is_refused(db: None) -> None:
    flat = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 1000
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(1000)
    )
    for raw in (flat, deep):
        with pytest.raises(Unreadable):
            receiving.receive(raw)


@pytest.mark.row("D15")
def test_a_second_copy_of_a_mail_is_only_counted(ticket: Ticket, reply: EmailMessage) -> None:
    first, second = receiving.receive(reply.as_bytes()), receiving.receive(reply.as_bytes())
    assert first == second
    assert (second.copies, ticket.posts.filter(by_mail=True).count()) == (2, 1)


@pytest.mark.row("D15")
def test_mails_in_the_same_words_are_all_kept_with_what_they_bring(ticket: Ticket, mail: EmailMessage) -> None:
    for number, colour in enumerate(("white", "red", "red")):
        sent = EmailMessage()
        sent["From"], sent["Subject"] = "amina@alder.example", f"Re: {mail['Subject']}"
        sent["Message-ID"] = f"<{number}@phone.example>"
        sent.add_attachment(picture(colour), "image", "png", filename=f"photo{number}.png")
        assert receiving.receive(sent.as_bytes()).fate == Fate.FILED
    posts = ticket.posts.filter(by_mail=True).order_by("id")
    assert [post.text for post in posts] == ["Sent without words."] * 3
    assert [file.name for post in posts for file in post.files.all()] == ["photo0.png", "photo1.png", "photo2.png"]


@pytest.mark.row("D15")
def test_a_message_on_the_page_in_the_words_of_a_mail_is_kept_and_the_other_way_round(
    ticket: Ticket, mail: EmailMessage, cast: Cast
) -> None:
    for number in range(2):
        sent = answer_to(mail, "Still so.", sender="amina@alder.example", message_id=f"<{number}@phone.example>")
        receiving.receive(sent.as_bytes())
        actions.reply(ticket.pk, text="Still so.", by=cast.amina)
    assert list(ticket.posts.order_by("id").values_list("by_mail", flat=True)) == [False, True, False, True, False]


@pytest.mark.row("D15")
def test_attachments_are_inspected_and_a_refused_one_is_named(ticket: Ticket, reply: EmailMessage) -> None:
    reply.add_attachment(PICTURE, "image", "png", filename="Fault.png")
    reply.add_attachment(b"MZ\x90\x00 program", "application", "octet-stream", filename="../../setup.exe")
    reply.add_attachment(b"<html></html>", "image", "png", filename="page.png")
    receiving.receive(reply.as_bytes())
    post = ticket.posts.latest("pk")
    assert [file.name for file in post.files.all()] == ["Fault.png"]
    assert "(Not kept: setup.exe: " in post.text
    assert "(Not kept: page.png: " in post.text
    assert post.text.startswith("It also happens in Edge.")


@pytest.mark.row("H50")
def test_what_a_stranger_attaches_is_named_and_not_stored(db: None) -> None:
    stranger = EmailMessage()
    stranger["From"], stranger["Subject"] = "x@evil.example", "Look"
    stranger.set_content("Hello\x00 there")
    stranger.add_attachment(PICTURE, "image", "png", filename="a.png")
    row = receiving.receive(stranger.as_bytes())
    assert (row.fate, row.text, row.attachments) == (Fate.UNFILED, "Hello there", "a.png")
    assert not StoredFile.objects.exists()


@pytest.mark.row("H47")
def test_who_was_deactivated_or_reported_spam_is_unfiled(ticket: Ticket, reply: EmailMessage, cast: Cast) -> None:
    cast.users["amina"].is_active = False
    cast.users["amina"].save()
    assert receiving.receive(reply.as_bytes()).fate == Fate.UNFILED


def test_a_reply_to_the_number_before_the_referral_is_filed(cast: Cast) -> None:
    with smtp_server() as box:
        ticket = reported(cast)
        (mail,) = sent_mails(box)
    actions.refer(ticket.pk, by=cast.gwen)
    row = receiving.receive(answer_to(mail, "More.", sender="amina@alder.example").as_bytes())
    assert row.fate == Fate.FILED


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Yes.\n\nOn Mon, 23 Nov 2026 at 10:00, A B <a@b.example>\nwrote:\n> What?\n> Now?", "Yes."),
        ("Yes.\n\n-----Original Message-----\nFrom: a\nSecret", "Yes."),
        ("Yes.\n________________________________\nFrom: a\nSent: b\n\nOld", "Yes."),
        ("Yes.\n\nFrom: Portal\nSent: Monday\nOld", "Yes."),
        ("> What?\nBelow it.", "Below it."),
        ("> only\n> quoted", "> only\n> quoted"),
        ("From: the start it was slow.\nAnd then it stopped.", "From: the start it was slow.\nAnd then it stopped."),
        ("On Monday I wrote:\nnothing", "On Monday I wrote:\nnothing"),
    ],
)
def test_the_quoted_mail_is_trimmed_and_nothing_else(text: str, own: str) -> None:
    assert own_words(text) == own


def test_of_html_alone_the_words_are_kept() -> None:
    html = "<html><head><style>p{}</style></head><body><p>Hello&nbsp;<b>you</b></p><script>x()</script><div>Bye</div>"
    assert words_of(html).split() == ["Hello", "you", "Bye"]


@pytest.mark.parametrize("broken", ["<!--", "<a ", "<a", "a", "&", "&#"])
def test_what_is_no_tag_stays_however_often_it_comes(broken: str) -> None:
    assert words_of(broken * 100_000) == (broken * 100_000)[:LIMIT].strip()


@pytest.mark.parametrize("empty", ["<script>", "<br>", " ", "\n "])
def test_of_tags_alone_no_words_are_left_however_many_there_are(empty: str) -> None:
    assert words_of(empty * 100_000) == ""


@pytest.mark.parametrize("broken", [">", "On a wrote:", "On a\n", "-", "_", "From:a\n", "\n", " "])
def test_what_only_looks_like_a_quoted_mail_stays_however_often_it_comes(broken: str) -> None:
    assert own_words(broken * 20_000) == (broken * 20_000).strip()


@pytest.mark.row("D15")
@pytest.mark.skipif(not SAMPLES.exists(), reason="the folder of real mails is not part of the project")
def test_real_mails_are_read() -> None:
    mails = {path.name: read(path.read_bytes()) for path in sorted(SAMPLES.glob("*.eml"))}
    family = mails["family-day.eml"]
    assert family.sender == "mallori@unstructured.io"
    assert family.subject == "Family Day"
    assert "annual family day" in family.text
    assert "<div" not in family.text
    assert [file.name for file in mails["fake-email-attachment.eml"].files] == ["fake-attachment.txt"]
    assert all(mail.sender and mail.text for name, mail in mails.items() if name != "mime-multipart-digest.eml")


@pytest.mark.row("D15")
def test_the_portal_team_puts_an_unfiled_mail_on_its_ticket_as_a_note(ticket: Ticket, cast: Cast) -> None:
    row = receiving.receive(b"From: x@alder.example\r\nSubject: Fault\r\n\r\nIt is me, from home.\r\n")
    receiving.add_to_ticket(row.pk, reference=f" it-{ticket.pk} ", by=cast.gwen)
    note = ticket.posts.latest("pk")
    assert (note.is_visible, note.author_name) == (False, "Gwen Okafor")
    assert "x@alder.example" in note.text
    assert "It is me, from home." in note.text
    assert Post.objects.filter(by_mail=True).count() == 0


def test_the_command_takes_a_mail_from_standard_input(ticket: Ticket, reply: EmailMessage, monkeypatch) -> None:
    said = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(reply.as_bytes())))
    call_command("receive_mail", stdout=said)
    assert said.getvalue().strip() == "Added to a report"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * (HEADER_LIMIT + 100))))
    with pytest.raises(CommandError) as refused:
        call_command("receive_mail")
    assert refused.value.returncode == 65


@pytest.mark.once(on="sqlite")
@pytest.mark.row("D15")
def test_bin_receive_ends_with_the_codes_that_a_mail_server_knows(tmp_path: Path) -> None:
    env = {
        **os.environ,
        "PORTAL_DATA": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "portal.config.settings.development",
    }

    def send(raw: bytes) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [ROOT / "bin" / "receive"], input=raw, env=env, cwd="/", capture_output=True, check=False, timeout=60
        )

    good = b"From: x@alder.example\r\nSubject: Hello\r\n\r\nText\r\n"
    assert send(good).returncode == 75, "no database yet: the mail server must keep the mail"
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, env=env, cwd=ROOT, check=True, timeout=120)
    taken = send(good)
    assert (taken.returncode, taken.stdout.strip()) == (0, b"Belongs to no report")
    refused = send(b"X: " + b"x" * 10_000_000)
    assert refused.returncode == 65
    assert b"Traceback" not in refused.stderr


@pytest.mark.row("D15")
def test_the_poller_takes_each_new_mail_once_and_marks_it_as_read(ticket: Ticket, reply: EmailMessage) -> None:
    with imap_server() as box:
        box.add(reply.as_bytes())
        bad = box.add(b"X: " + b"x" * 100_000)
        large = box.add(b"Subject: large\r\n\r\nx")
        box.size_told[large] = MAIL_LIMIT + 1
        assert mailbox.poll() == 3
        assert mailbox.poll() == 0
    assert box.seen == {1, bad, large}
    assert box.fetched == [1, bad], "what is too large is not even fetched"
    assert ticket.posts.filter(by_mail=True).count() == 1
    assert IncomingMail.objects.filter(fate=Fate.REFUSED).count() == 2


def test_a_mail_that_came_back_after_a_crash_is_not_posted_twice(ticket: Ticket, reply: EmailMessage) -> None:
    with imap_server() as box:
        box.add(reply.as_bytes())
        mailbox.poll()
        box.seen.clear()  # as if the poller had died before it could mark the mail
        mailbox.poll()
    assert ticket.posts.filter(by_mail=True).count() == 1


def test_the_worker_polls_only_where_a_mailbox_is_named(settings) -> None:
    assert "support mailbox" not in worker.kinds()
    settings.IMAP_HOST = "imap.alder.example"
    assert worker.kinds()["support mailbox"] is mailbox.poll_when_due


def test_a_mail_server_that_is_down_only_delays(settings) -> None:
    settings.IMAP_HOST, settings.IMAP_PORT, settings.IMAP_PLAIN = "127.0.0.1", free_port(), True
    later = clock.now() + timedelta(days=1)
    assert mailbox.poll_when_due(later) is False
    with imap_server() as box:
        box.add(b"From: x@y.example\r\n\r\nHello\r\n")
        assert mailbox.poll_when_due(later + settings.IMAP_REST / 2) is False
        assert mailbox.poll_when_due(later + settings.IMAP_REST) is True
    assert box.seen == {1}


def test_poll_imap_says_what_is_wrong() -> None:
    with pytest.raises(CommandError, match="IMAP_HOST is not set"):
        call_command("poll_imap")
    with (
        imap_server(),
        override_settings(IMAP_PASSWORD="wrong"),
        pytest.raises(CommandError, match="could not be read"),
    ):
        call_command("poll_imap")


@pytest.mark.row("H33")
def test_the_log_of_mails_names_no_secret(ticket: Ticket) -> None:
    row = OutgoingMail.objects.latest("pk")
    assert "/" not in row.subject
    assert tokens.ticket_of_subject(row.subject) is None
