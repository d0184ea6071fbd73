"""Report a fault with and without signing in, follow it, chat to us, known issues (S4, S94-S101, B28)."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.lib import clock
from portal.mail.models import OutgoingMail
from portal.support import actions, notices
from portal.support.models import Ticket, TicketKind
from portal.support.states import State
from tests.cast import Cast
from tests.smtp import smtp_server
from tests.support_scene import PICTURE, WHERE, reported, sent_mails
from tests.well_formed import check

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def filled_in(**other: object) -> dict[str, object]:
    given = {
        "email": "out@alder.example",
        "affected": "main",
        "addresses": "amina@alder.example",
        "description": "I cannot sign in.",
        "subject_line": "",
    }
    return {**given, **other}


def text_of(soup: BeautifulSoup) -> str:
    return " ".join(soup.main.get_text(" ", strip=True).split())


@pytest.mark.row("S94")
@pytest.mark.row("S95")
def test_the_form_is_open_to_everybody_and_shows_what_the_portal_fills_in(cast: Cast, client: Client) -> None:
    soup = check(client.get("/help/report/", HTTP_USER_AGENT=FIREFOX))
    text = text_of(soup)
    assert "Firefox on Windows" in text
    assert "127.0.0.1" in text
    assert [label.get_text(strip=True) for label in soup.select(".govuk-radios label")] == [
        "The main account",
        "One or more sub accounts",
        "Both",
    ]
    assert soup.select_one("input[type=file][multiple][name=screenshots]")
    assert soup.select_one("input[name=email]")


@pytest.mark.row("S95")
def test_a_signed_in_person_finds_their_address_filled_in(client_of) -> None:
    soup = check(client_of("amina").get("/help/report/"))
    assert soup.select_one("textarea[name=addresses]").get_text(strip=True) == "amina@alder.example"
    assert soup.select_one("input[name=email]") is None


@pytest.mark.row("S94")
def test_a_report_without_signing_in_is_confirmed_with_its_number(cast: Cast, client: Client) -> None:
    picture = SimpleUploadedFile("Sign-in.png", PICTURE, "image/png")
    answer = client.post("/help/report/", filled_in(screenshots=picture), HTTP_USER_AGENT=FIREFOX, follow=True)
    ticket = Ticket.objects.get()
    assert ticket.reference in text_of(check(answer))
    assert (ticket.reporter, ticket.landlord, ticket.email) == (None, None, "out@alder.example")
    assert ticket.browser.startswith("Firefox on Windows")
    assert ticket.posts.get().files.get().name == "Sign-in.png"


def test_typing_somebodys_address_gives_no_part_in_their_account(client: Client, client_of) -> None:
    client.post("/help/report/", filled_in(email="amina@alder.example"))
    ticket = Ticket.objects.get()
    assert ticket.reporter is None
    assert ticket.reference not in text_of(check(client_of("amina").get("/help/reports/")))


@pytest.mark.row("S95")
def test_what_is_missing_is_said_beside_each_field_and_nothing_typed_is_lost(cast: Cast, client: Client) -> None:
    answer = client.post("/help/report/", {"description": "It hangs <b>", "email": "nonsense", "addresses": ""})
    soup = check(answer)
    assert answer.status_code == 400
    assert {link["href"] for link in soup.select(".govuk-error-summary a")} == {
        "#id_email",
        "#id_affected",
        "#id_addresses",
    }
    assert soup.select_one("textarea[name=description]").get_text(strip=True) == "It hangs <b>"
    assert not Ticket.objects.exists()


@pytest.mark.row("S95")
def test_a_refused_screenshot_is_named_and_the_text_stays(cast: Cast, client: Client) -> None:
    bad = SimpleUploadedFile("fault.html", b"<html></html>", "image/png")
    soup = check(client.post("/help/report/", filled_in(screenshots=bad)))
    assert "fault.html" in soup.select_one("#id_screenshots-error").get_text()
    assert soup.select_one("textarea[name=description]").get_text(strip=True) == "I cannot sign in."


@pytest.mark.row("S101")
def test_a_filled_trap_looks_the_same_to_the_sender_and_is_kept_for_the_portal_team(
    cast: Cast, client: Client, client_of
) -> None:
    soup = check(client.get("/help/report/"))
    trap = soup.select_one("input[name=subject_line]")
    assert (trap.get("value", ""), trap["tabindex"], trap["autocomplete"]) == ("", "-1", "off")
    assert trap.find_parent(class_="govuk-visually-hidden")
    honest = client.post("/help/report/", filled_in(description="A real one."), follow=True)
    robot = client.post("/help/report/", filled_in(subject_line="Buy now"), follow=True)
    numbers = [ticket.reference for ticket in Ticket.objects.order_by("pk")]
    pages = [
        text_of(check(answer)).replace(number, "") for answer, number in zip([honest, robot], numbers, strict=True)
    ]
    assert pages[0] == pages[1]
    assert OutgoingMail.objects.count() == 1
    assert numbers[1] in text_of(check(client_of("gwen").get("/casework/support/spam/")))


@pytest.mark.row("S101")
def test_too_many_reports_from_one_network_are_refused_in_words(cast: Cast, client: Client) -> None:
    answers = [
        client.post("/help/report/", filled_in(description=f"Fault {n}", email=f"{n}@alder.example")) for n in range(21)
    ]
    assert [answer.status_code for answer in answers] == [302] * 20 + [400]
    soup = check(answers[-1])
    assert "What you wrote is still here" in soup.select_one(".govuk-error-summary").get_text()
    assert soup.select_one("textarea[name=description]").get_text(strip=True) == "Fault 20"


@pytest.mark.row("S97")
def test_who_cannot_sign_in_follows_the_report_by_the_link_in_the_mail(cast: Cast, client: Client) -> None:
    with smtp_server() as mailbox:
        client.post("/help/report/", filled_in())
        ticket = Ticket.objects.get()
        actions.answer(ticket.pk, text="Please choose “Forgot your password?”.", by=cast.gwen)
        actions.answer(ticket.pk, text="Has been locked twice.", by=cast.gwen, is_internal=True)
        mail = sent_mails(mailbox)[-1]
    address = mail.get_content().split("http://testserver")[1].split()[0]
    answer = client.get(address)
    text = text_of(check(answer))
    assert "Please choose “Forgot your password?”." in text
    assert "locked twice" not in text
    assert (answer["Referrer-Policy"], "no-store" in answer["Cache-Control"]) == ("strict-origin", True)
    check(client.post(address, {"text": "Thank you, I am in."}, follow=True))
    assert ticket.posts.latest("pk").text == "Thank you, I am in."
    assert client.get("/help/follow/nothing/").status_code == 404
    assert client.get(f"/help/reports/{ticket.pk}/").status_code == 302


@pytest.mark.row("S97")
@pytest.mark.row("S98")
def test_ones_own_report_shows_its_state_and_takes_replies_also_with_it(cast: Cast, client_of) -> None:
    ticket, amina = reported(cast), client_of("amina")
    actions.refer(ticket.pk, by=cast.gwen)
    actions.answer(ticket.pk, text="We found the cause.", by=cast.ines)
    soup = check(amina.get(f"/help/reports/{ticket.pk}/"))
    assert soup.h1.get_text(strip=True) == f"Fault report IT-{ticket.pk:06d}"
    text = text_of(soup)
    assert "Referred to IT" in text
    assert "We found the cause." in text
    assert "IT support" in text
    assert "Ines" not in text
    picture = SimpleUploadedFile("Again.png", PICTURE, "image/png")
    sent = amina.post(f"/help/reports/{ticket.pk}/", {"text": "It is back.", "screenshots": picture}, follow=True)
    assert "Your message has been sent." in text_of(check(sent))
    link = check(amina.get(f"/help/reports/{ticket.pk}/")).find("a", string="Again.png")
    download = amina.get(link["href"])
    assert b"".join(download.streaming_content) == PICTURE
    assert download["Content-Disposition"].startswith("attachment")
    assert "sandbox" in download["Content-Security-Policy"]


@pytest.mark.row("S1")
def test_another_persons_report_and_its_files_are_not_there(cast: Cast, client_of) -> None:
    ticket = reported(cast)
    file = ticket.posts.get().files.get()
    other = reported(cast, "Mine.", by="carys").posts.get().files.get()
    for person in ("carys", "ben", "dev", "gwen"):
        client = client_of(person)
        assert client.get(f"/help/reports/{ticket.pk}/").status_code == 404
        assert client.post(f"/help/reports/{ticket.pk}/", {"text": "Mine"}).status_code == 404
        assert client.get(f"/help/reports/{ticket.pk}/files/{file.pk}/").status_code == 404
    assert client_of("amina").get(f"/help/reports/{ticket.pk}/files/{other.pk}/").status_code == 404
    assert ticket.posts.count() == 1


def test_the_list_of_ones_reports_asks_the_same_number_of_statements_for_3_and_60(cast: Cast, client_of) -> None:
    amina, counts = client_of("amina"), []
    for number in (3, 60):
        for _ in range(number - Ticket.objects.count()):
            Ticket.objects.create(
                kind=TicketKind.FAULT, reporter=cast.users["amina"], landlord=cast.alder, email="amina@alder.example"
            )
        amina.get("/help/reports/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            soup = check(amina.get("/help/reports/"))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 7
    assert "Showing 1 to 25 of 60 reports" in text_of(soup)


def test_a_report_asks_the_same_number_of_statements_for_few_and_many_posts(cast: Cast, client_of) -> None:
    ticket, amina, counts = reported(cast), client_of("amina"), []
    for number in (3, 15):
        for n in range(number):
            actions.reply(ticket.pk, text=f"{number} {n}", by=cast.amina)
        amina.get(f"/help/reports/{ticket.pk}/")
        with CaptureQueriesContext(connection) as asked:
            check(amina.get(f"/help/reports/{ticket.pk}/"))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9


@pytest.mark.row("S100")
def test_chat_to_us_is_a_conversation_with_hours_that_goes_on(cast: Cast, client_of, client: Client) -> None:
    assert client.get("/help/chat/")["Location"].startswith("/sign-in/")
    amina = client_of("amina")
    assert "Monday to Friday, 9am to 5pm" in text_of(check(amina.get("/help/chat/")))
    check(amina.post("/help/chat/", {"text": "How do I add a colleague?"}, follow=True))
    ticket = Ticket.objects.get(kind=TicketKind.QUESTION)
    actions.answer(ticket.pk, text="Choose the person icon.", by=cast.gwen)
    text = text_of(check(amina.get("/help/chat/")))
    assert "How do I add a colleague?" in text
    assert "Choose the person icon." in text
    amina.post("/help/chat/", {"text": "Thank you!"})
    assert ticket.posts.count() == 3
    assert check(amina.post("/help/chat/", {"text": " "})).select_one(".govuk-error-summary")
    actions.resolve(ticket.pk, text="You are welcome.", by=cast.gwen)
    text = text_of(check(amina.get("/help/chat/")))
    assert "You are welcome." in text
    assert "the conversation goes on" in text


@pytest.mark.row("S4")
@pytest.mark.row("S100")
def test_help_begins_with_the_guide_and_names_every_way_to_reach_us(cast: Cast, client: Client, client_of) -> None:
    for browser in (client, client_of("amina"), client_of("dev")):
        soup = check(browser.get("/help/"))
        links = [link["href"] for link in soup.main.select("a")]
        assert links[0] == "/guide/"
        assert {"/help/report/", "/help/chat/", "/help/known-issues/", "mailto:portal@ombudsman.example"} <= set(links)


@pytest.mark.row("B28")
def test_notices_stand_on_their_page_and_as_banner_on_every_page_also_before_signing_in(
    cast: Cast, client: Client, client_of
) -> None:
    now = clock.now()
    for text, starts, ends, is_banner in (
        ("Search is slow.", now, None, True),
        ("Only on the page.", now, None, False),
        ("Maintenance on Sunday.", now + timedelta(days=2), None, True),
        ("It is over.", now - timedelta(days=2), now - timedelta(days=1), True),
    ):
        notices.put_up(kind="known-issue", text=text, starts_at=starts, ends_at=ends, is_banner=is_banner, by=cast.gwen)
    notices.forget()  # a test's transaction never ends, and what waits for its end does not come
    page = text_of(check(client.get("/help/known-issues/")))
    assert "Search is slow." in page
    assert "Only on the page." in page
    assert "Maintenance" not in page
    assert "It is over." not in page
    for browser, address in ((client, "/sign-in/"), (client_of("amina"), "/help/"), (client_of("dev"), "/casework/")):
        region = check(browser.get(address)).select_one('[aria-label="Notices about the portal"]')
        assert "Search is slow." in region.get_text()
        assert not any(text in region.get_text() for text in ("Only on", "Maintenance", "over"))
    with clock.moved_to(now + timedelta(days=3)):
        assert "Maintenance on Sunday." in client.get("/help/").content.decode()


@pytest.mark.row("B28")
def test_banners_cost_one_statement_and_then_none(cast: Cast, client: Client) -> None:
    notices.forget()
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as statements:
            client.get("/help/known-issues/")
        asked.append(len(statements))
    assert asked[0] == asked[1] + 1


def test_a_resolved_report_says_that_writing_opens_it_again(cast: Cast, client_of) -> None:
    ticket, amina = reported(cast), client_of("amina")
    actions.resolve(ticket.pk, text="Mended.", by=cast.gwen)
    assert "Your message opens the report again." in text_of(check(amina.get(f"/help/reports/{ticket.pk}/")))
    amina.post(f"/help/reports/{ticket.pk}/", {"text": "Not for me."})
    ticket.refresh_from_db()
    assert ticket.state == State.REOPENED


def test_ones_question_from_another_address_stays_apart(cast: Cast, client_of) -> None:
    actions.ask(text="From Carys.", by=cast.carys, where=WHERE)
    assert "From Carys." not in text_of(check(client_of("amina").get("/help/chat/")))


@pytest.mark.row("S98")
def test_the_same_words_with_another_picture_reach_the_report_and_a_second_press_does_not(
    cast: Cast, client_of
) -> None:
    ticket, amina = reported(cast), client_of("amina")
    for name in ("one.png", "two.png", "two.png"):
        sent = {"text": "Here is the screenshot.", "screenshots": SimpleUploadedFile(name, PICTURE, "image/png")}
        soup = check(amina.post(f"/help/reports/{ticket.pk}/", sent, follow=True))
        assert "Your message has been sent." in text_of(soup)
    links = [link.get_text() for link in soup.main.select("a")]
    assert [links.count(name) for name in ("one.png", "two.png")] == [1, 1]
