"""What became of an e-mail: for the portal team by person, for the caseworker on the case and beside the message (C28, H53)."""

from datetime import timedelta

import pytest

from portal.lib import clock
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.messaging import actions as messaging
from portal.notifications.choices import choose_mails
from portal.notifications.fan_out import fan_out_one
from portal.notifications.models import Delivery
from portal.notifications.sending import send_delivery, send_digest
from portal.notifications.topics import LANDLORD_TOPICS, Pace
from portal.search import keeping
from tests.cast import Cast
from tests.pages.landlord_rows import statements
from tests.smtp import free_port, smtp_server
from tests.well_formed import check

LOG = "/casework/mail/notifications/"


def work() -> None:
    while any(act(clock.now()) for act in (fan_out_one, send_delivery, send_digest, outbox.send_one)):
        pass


def rows(soup) -> list[str]:
    return [row.get_text(" ", strip=True) for row in soup.select("tbody tr")]


def written(cast: Cast, answer: str = "250 OK", to_address: str = "250 OK") -> tuple[object, Delivery]:
    """A message of Dev's whose e-mail, or its address, the mail server answered so."""
    thread = messaging.start_thread(cast.case, subject="Repairs", body="Please.", by=cast.dev)
    with smtp_server() as mailbox:
        mailbox.answer, mailbox.to_address = answer, to_address
        work()
    return thread, Delivery.objects.get(entry__kind="message from service", person=cast.users["amina"])


@pytest.mark.row("C28")
@pytest.mark.row("H53")
def test_the_portal_team_sees_for_each_person_and_thing_what_became_of_the_email(cast: Cast, client_of) -> None:
    choose_mails(paces=dict.fromkeys((t.value for t in LANDLORD_TOPICS), Pace.DAILY.value), any_time=False, by=cast.ben)
    written(cast)
    Delivery.objects.filter(person=cast.users["carys"]).delete()
    shown = rows(check(client_of("gwen").get(f"{LOG}?address=alder")))
    by_ben = [row for row in shown if "ben@alder.example" in row and "Message from service" in row]
    assert "Waiting for a digest Until" in by_ben[0]
    assert [row for row in shown if "amina@alder.example" in row and "Message from service" in row and "Sent" in row]
    choose_mails(paces=dict.fromkeys((t.value for t in LANDLORD_TOPICS), Pace.OFF.value), any_time=False, by=cast.ben)
    with clock.moved_to(clock.now() + timedelta(days=2)):
        send_digest(clock.now())
    again = rows(check(client_of("gwen").get(f"{LOG}?address=ben%40")))
    assert all("Not sent No longer a recipient" in row for row in again)


@pytest.mark.row("H53")
def test_a_failure_is_told_in_words_on_the_log_the_case_and_beside_the_message(cast: Cast, client_of) -> None:
    thread, delivery = written(cast, to_address="550 5.1.1 <amina@alder.example> mailbox unavailable in hell")
    assert "refused the address (550)" in delivery.mail.claim_error
    words = "The receiving mail server refused the address (550). It may be wrong or closed."
    assert any("Failed" in row and words in row for row in rows(check(client_of("gwen").get(LOG))))
    assert any("Failed" in row and words in row for row in rows(check(client_of("gwen").get("/casework/mail/"))))
    dev = client_of("dev")
    overview = check(dev.get(f"/casework/cases/{cast.case.reference}/")).main.get_text(" ", strip=True)
    assert "E-mails about this case could not be delivered." in overview
    assert "To Amina Yusuf" in overview
    assert f"“You have a new message”: {words}" in overview
    exchange = check(dev.get(f"/casework/cases/{cast.case.reference}/messages/{thread.pk}/")).main.get_text(" ")
    assert f"The e-mail about it to Amina Yusuf could not be delivered. {words}" in exchange
    theirs = check(client_of("amina").get(f"/cases/{cast.case.reference}/messages/{thread.pk}/")).main.get_text()
    assert "could not be delivered" not in theirs


@pytest.mark.row("H53")
def test_the_sender_sees_beside_the_message_that_the_email_went(cast: Cast, client_of) -> None:
    thread, _ = written(cast)
    address = f"/casework/cases/{cast.case.reference}/messages/{thread.pk}/"
    assert (
        "Not yet read by the landlord. E-mail to Amina Yusuf: sent." in check(client_of("dev").get(address)).get_text()
    )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("451 try later, host 10.0.0.1", "The mail server did not take the e-mail (451)."),
        ("554 5.7.1 spam", "The mail server did not take the e-mail (554)."),
    ],
)
def test_a_mail_that_waits_says_why_in_words(cast: Cast, client_of, answer: str, words: str) -> None:
    _, delivery = written(cast, answer)
    assert delivery.mail.claim_error == words
    page = check(client_of("gwen").get(LOG))
    assert any("Being sent" in row and words in row for row in rows(page))
    assert "10.0.0.1" not in page.get_text()


def test_a_mail_server_that_is_away_is_named_so(cast: Cast, settings) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = free_port()
    row = outbox.post(to="amina@alder.example", subject="s", body="b", kind="test")
    assert outbox.send_one(clock.now())
    row.refresh_from_db()
    assert (row.claim_state, row.claim_error) == ("waiting", "The mail server could not be reached.")


@pytest.mark.row("C28")
def test_the_log_names_no_case_and_no_words_of_one(cast: Cast, client_of) -> None:
    written(cast)
    html = str(check(client_of("gwen").get(LOG)))
    assert not [word for word in (cast.case.reference, "Repairs", "Please.", "Neil") if word in html]


def test_a_notification_that_failed_inside_says_so_without_its_exception(cast: Cast, client_of) -> None:
    written(cast)
    Delivery.objects.update(claim_state="failed", outcome="waiting", mail=None, claim_error="KeyError: 'x'")
    page = check(client_of("gwen").get(LOG))
    assert "Something in the portal went wrong" in page.get_text()
    assert "KeyError" not in page.get_text()


def test_both_lists_are_two_tabs_and_keep_the_address(cast: Cast, client_of) -> None:
    gwen = client_of("gwen")
    soup = check(gwen.get("/casework/mail/?address=ben%40alder.example"))
    assert soup.find("a", string="Notifications")["href"] == f"{LOG}?address=ben%40alder.example"
    empty = check(gwen.get(f"{LOG}?address=nobody"))
    assert "No notification fits" in empty.main.get_text()


def test_the_pages_take_the_same_few_statements_however_many_rows(cast: Cast, client_of) -> None:
    thread, _ = written(cast)
    gwen, dev = client_of("gwen"), client_of("dev")
    address = f"/casework/cases/{cast.case.reference}/messages/{thread.pk}/"
    few = statements(lambda: gwen.get(LOG)), statements(lambda: dev.get(address))
    for _ in range(20):
        messaging.reply(thread, body="More.", by=cast.dev)
    work()
    assert (statements(lambda: gwen.get(LOG)), statements(lambda: dev.get(address))) == few
    assert few[0] <= 8
    assert OutgoingMail.objects.count() > 10


@pytest.mark.parametrize(("person", "address"), [("gwen", "/casework/mail/"), ("ines", "/casework/support/")])
def test_cases_that_could_not_be_indexed_are_counted_with_what_to_do(
    cast: Cast, client_of, monkeypatch, person: str, address: str
) -> None:
    while keeping.index_one(clock.now()):
        pass
    client, began = client_of(person), clock.now()
    messaging.start_thread(cast.case, subject="Repairs", body="Please.", by=cast.dev)
    messaging.start_thread(cast.case, subject="Rent", body="Please.", by=cast.dev)
    with monkeypatch.context() as broken:
        broken.setattr(keeping, "write", lambda case_ids: 1 / 0)
        assert keeping.index_one(clock.now())
    assert "Search is behind" not in check(client.get(address)).get_text()
    with clock.moved_to(began + timedelta(minutes=11)):
        told = check(client.get(address)).main.get_text()
        assert "Search is behind on 1 case" in told
        assert "could not be indexed for search" in told
        while keeping.index_one(clock.now()):
            pass
        assert "Search is behind" not in check(client.get(address)).get_text()
