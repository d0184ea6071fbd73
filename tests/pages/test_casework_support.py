"""The support desk: list, answer, refer, resolve, reopen, spam, unfiled mail, notices (C27, D15, B28)."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.mail.models import OutgoingMail
from portal.support import actions, notices, receiving
from portal.support.models import Fate, IncomingMail, Notice, Ticket, TicketKind
from portal.support.states import State
from tests.cast import Cast
from tests.support_scene import WHERE, fault, reported
from tests.well_formed import check

pytestmark = pytest.mark.django_db


def text_of(soup: BeautifulSoup) -> str:
    return " ".join(soup.main.get_text(" ", strip=True).split())


def numbers(soup: BeautifulSoup) -> list[str]:
    return [link.get_text(strip=True) for link in soup.select("tbody th a")]


@pytest.mark.row("C27")
def test_the_list_shows_what_is_not_resolved_and_is_filtered(cast: Cast, client_of) -> None:
    gwen = client_of("gwen")
    first = reported(cast, "First.")
    second = reported(cast, "Second.", by="carys")
    question = actions.ask(text="A question.", by=cast.ben, where=WHERE)
    spam = actions.report_fault(fault("Spam.", email="x@spam.example"), by=None, where=WHERE, is_trapped=True)
    actions.resolve(first.pk, text="Mended.", by=cast.gwen)
    assert numbers(check(gwen.get("/casework/support/"))) == [question.reference, second.reference]
    assert numbers(check(gwen.get("/casework/support/?state=resolved"))) == [first.reference]
    assert set(numbers(check(gwen.get("/casework/support/?state=")))) == {
        t.reference for t in (first, second, question)
    }
    assert numbers(check(gwen.get("/casework/support/?kind=question"))) == [question.reference]
    assert numbers(check(gwen.get("/casework/support/?state=&words=birch"))) == [second.reference]
    assert numbers(check(gwen.get(f"/casework/support/?state=&words=sr-{first.pk}"))) == [first.reference]
    assert numbers(check(gwen.get(f"/casework/support/?state=&words={spam.pk}"))) == []


@pytest.mark.row("S96")
@pytest.mark.row("S97")
def test_a_report_goes_through_its_states_at_the_desk(cast: Cast, client_of) -> None:
    ticket, gwen, ines = reported(cast), client_of("gwen"), client_of("ines")
    address = f"/casework/support/{ticket.pk}/"
    assert ines.get(address).status_code == 404
    assert "Firefox on Windows" in text_of(check(gwen.get(address)))
    steps = [
        (gwen, "", {"text": "Thank you.", "then": "answer"}, State.WITH_PORTAL_TEAM),
        (gwen, "", {"text": "It may be the proxy.", "then": "note"}, State.WITH_PORTAL_TEAM),
        (gwen, "refer/", {}, State.WITH_IT),
        (ines, "", {"text": "We look.", "then": "answer"}, State.WITH_IT),
        (ines, "", {"text": "Mended.", "then": "resolve"}, State.RESOLVED),
        (gwen, "reopen/", {}, State.REOPENED),
        (gwen, "", {"text": "Mended now.", "then": "resolve"}, State.RESOLVED),
    ]
    for browser, step, typed, state in steps:
        soup = check(browser.post(address + step, typed, follow=True))
        assert soup.select_one(".govuk-notification-banner--success"), step
        ticket.refresh_from_db()
        assert ticket.state == state, step
    text = text_of(check(ines.get(address)))
    assert "It may be the proxy." in text
    assert "(note, not shown to the reporter)" in text
    assert "Answer" not in [heading.get_text() for heading in check(gwen.get(address)).select("h2")]


@pytest.mark.row("S97")
def test_an_answer_in_the_words_of_a_note_reaches_the_reporter(cast: Cast, client_of) -> None:
    ticket, gwen = reported(cast), client_of("gwen")
    for then, said in (("note", "Note saved."), ("answer", "Your answer has been sent.")):
        typed = {"text": "We restarted the server.", "then": then}
        banner = check(gwen.post(f"/casework/support/{ticket.pk}/", typed, follow=True)).select_one(
            ".govuk-notification-banner--success"
        )
        assert said in banner.get_text()
    assert "We restarted the server." in text_of(check(client_of("amina").get(f"/help/reports/{ticket.pk}/")))
    assert OutgoingMail.objects.latest("pk").subject.endswith("an answer for you")


def test_an_answer_without_words_or_on_a_resolved_report_is_refused_in_words(cast: Cast, client_of) -> None:
    ticket, gwen = reported(cast), client_of("gwen")
    address = f"/casework/support/{ticket.pk}/"
    soup = check(gwen.post(address + "", {"text": " ", "then": "answer"}))
    assert soup.select_one(".govuk-error-summary a")["href"] == "#id_text"
    actions.resolve(ticket.pk, text="Mended.", by=cast.gwen)
    soup = check(gwen.post(address + "", {"text": "One more.", "then": "answer"}))
    assert "Reopen it first" in soup.select_one(".govuk-error-summary").get_text()
    assert "Reopen it first" in text_of(check(gwen.post(address + "refer/", follow=True)))


@pytest.mark.row("H43")
def test_it_support_sees_referred_reports_and_nothing_else(cast: Cast, client_of) -> None:
    ines = client_of("ines")
    mine, other = reported(cast, "For IT."), reported(cast, "Not for IT.")
    actions.refer(mine.pk, by=cast.gwen)
    assert numbers(check(ines.get("/casework/support/"))) == [f"IT-{mine.pk:06d}"]
    assert ines.get("/casework/")["Location"] == "/casework/support/"
    assert ines.get(f"/casework/support/{other.pk}/").status_code == 404
    assert ines.get(f"/casework/support/{other.pk}/files/{other.posts.get().files.get().pk}/").status_code == 404
    for address in ("spam/", "mail/", "notices/", "notices/new/"):
        assert ines.get(f"/casework/support/{address}").status_code == 403, address
    for address in ("/casework/cases/", "/casework/landlords/", "/casework/mail/"):
        assert ines.get(address).status_code == 403, address
    assert ines.post(f"/casework/support/{mine.pk}/refer/").status_code == 403


def test_the_auditor_reads_everything_and_changes_nothing(cast: Cast, client_of) -> None:
    ticket, hana = reported(cast), client_of("hana")
    notice = notices.put_up(
        kind="known-issue", text="Slow.", starts_at=None, ends_at=None, is_banner=False, by=cast.gwen
    )
    mail = receiving.receive(b"From: x@y.example\r\nSubject: Hello\r\n\r\nText\r\n")
    for address in ("", "spam/", "mail/", "notices/", f"{ticket.pk}/"):
        soup = check(hana.get(f"/casework/support/{address}"))
        assert not soup.main.select("form[method=post]"), address
    for address in (
        f"{ticket.pk}/",
        f"{ticket.pk}/refer/",
        f"{ticket.pk}/reopen/",
        f"mail/{mail.pk}/settle/",
        f"notices/{notice.pk}/end/",
    ):
        assert hana.post(f"/casework/support/{address}", {"text": "x", "then": "answer"}).status_code == 403, address


@pytest.mark.row("S101")
def test_suspected_spam_is_looked_through_and_a_real_report_joins_the_others(cast: Cast, client_of) -> None:
    gwen = client_of("gwen")
    real, robot = (
        actions.report_fault(fault(words, email="x@alder.example"), by=None, where=WHERE, is_trapped=True)
        for words in ("Real.", "Robot.")
    )
    assert set(numbers(check(gwen.get("/casework/support/spam/")))) == {real.reference, robot.reference}
    check(gwen.get(f"/casework/support/{real.pk}/"))
    check(gwen.post(f"/casework/support/{real.pk}/not-spam/", follow=True))
    check(gwen.post(f"/casework/support/{robot.pk}/discard/", follow=True))
    assert numbers(check(gwen.get("/casework/support/"))) == [real.reference]
    assert numbers(check(gwen.get("/casework/support/spam/"))) == []
    assert "Discarded as spam" in text_of(check(gwen.get(f"/casework/support/{robot.pk}/")))


@pytest.mark.row("D15")
def test_unfiled_mail_is_listed_added_to_a_report_or_taken_off(cast: Cast, client_of) -> None:
    ticket, gwen = reported(cast), client_of("gwen")
    for n in range(2):
        receiving.receive(f"From: x@y.example\r\nSubject: Mail <b>{n}</b>\r\n\r\nText {n}\r\n".encode())
    receiving.receive(b"From: x@y.example\r\nAuto-Submitted: auto-generated\r\n\r\nNews\r\n")
    first, second = IncomingMail.objects.filter(fate=Fate.UNFILED).order_by("pk")
    soup = check(gwen.get("/casework/support/mail/"))
    text = text_of(soup)
    assert "Mail <b>0</b>" in text
    assert "Automatic reply, dropped 1" in text
    soup = check(gwen.post(f"/casework/support/mail/{first.pk}/add/", {"reference": "SR-999999"}))
    assert soup.select_one(".govuk-error-summary a")["href"] == f"#id_{first.pk}_reference"
    assert soup.select_one(f"#id_{first.pk}_reference")["value"] == "SR-999999"
    check(gwen.post(f"/casework/support/mail/{first.pk}/add/", {"reference": ticket.reference}, follow=True))
    check(gwen.post(f"/casework/support/mail/{second.pk}/settle/", follow=True))
    assert not IncomingMail.objects.filter(fate=Fate.UNFILED).exists()
    assert "Text 0" in text_of(check(gwen.get(f"/casework/support/{ticket.pk}/")))
    again = gwen.post(f"/casework/support/mail/{first.pk}/settle/", follow=True)
    assert "looked through this mail already" in text_of(check(again))


@pytest.mark.row("B28")
def test_the_portal_team_puts_up_changes_and_takes_down_a_notice(cast: Cast, client_of) -> None:
    gwen = client_of("gwen")
    day = {"starts_on-day": "1", "starts_on-month": "12", "starts_on-year": "2099", "starts_at": "6pm"}
    end = {"ends_on-day": "2", "ends_on-month": "12", "ends_on-year": "2099", "ends_at": ""}
    typed = {"kind": "service-notice", "text": "Maintenance.", "is_banner": "on", **day, **end}
    check(gwen.get("/casework/support/notices/new/"))
    check(gwen.post("/casework/support/notices/new/", typed, follow=True))
    notice = Notice.objects.get()
    assert (notice.starts_at.isoformat(), notice.ends_at.isoformat()) == (
        "2099-12-01T18:00:00+00:00",
        "2099-12-02T23:59:00+00:00",
    )
    soup = check(gwen.get(f"/casework/support/notices/{notice.pk}/"))
    assert soup.select_one("input[name=starts_at]")["value"] == "18:00"
    wrong = {**typed, "ends_on-year": "2098"}
    soup = check(gwen.post(f"/casework/support/notices/{notice.pk}/", wrong))
    assert "The end must be after the start" in soup.select_one(".govuk-error-summary").get_text()
    check(gwen.post(f"/casework/support/notices/{notice.pk}/", {**typed, "text": "Moved."}, follow=True))
    check(gwen.post(f"/casework/support/notices/{notice.pk}/end/", follow=True))
    notice.refresh_from_db()
    assert (notice.text, notice.ends_at) == ("Moved.", notice.starts_at)


def test_the_desk_asks_the_same_number_of_statements_for_3_and_60(cast: Cast, client_of) -> None:
    gwen, counts = client_of("gwen"), []
    for number in (3, 60):
        for n in range(number - Ticket.objects.count()):
            Ticket.objects.create(
                kind=TicketKind.FAULT,
                reporter=cast.users["amina"] if n % 2 else None,
                landlord=cast.alder if n % 2 else None,
                email="amina@alder.example",
            )
            IncomingMail.objects.create(key=f"{number} {n}", fate=Fate.UNFILED, text="Text")
        for address in ("/casework/support/", "/casework/support/mail/"):
            gwen.get(address)
            with CaptureQueriesContext(connection) as asked:
                check(gwen.get(address))
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 11  # with the audit row of looking at other people's data
