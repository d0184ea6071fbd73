"""A forgotten password, the first password of an invited person, and editing one's own."""

import re
import smtplib
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.actions import deactivate, reactivate
from portal.accounts.models import PasswordLink, Session, User
from portal.accounts.rate_limits import LIMITS, Kind
from portal.audit.models import AuditRow
from portal.lib import clock
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from tests.cast import PASSWORD
from tests.signing_in import (
    at_once,
    link_in_mail,
    mails_to,
    sign_in,
    sign_in_by_pages,
    type_password,
    words_of,
)

AMINA = "amina@alder.example"
NOBODY = "nobody.here@alder.example"
SEND = "/sign-in/send-code/"
NEW = "new-words-for-amina"
FORGOTTEN, SENT = "/forgotten-password/", "/forgotten-password/sent/"


def _text(answer) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def _ask(address: str, client: Client | None = None, **headers: str):
    return (client or Client()).post(FORGOTTEN, {"email": address}, **headers)


def _make(path: str, password: str = NEW, again: str = "", client: Client | None = None):
    return (client or Client()).post(path, {"password": password, "again": again or password})


def _is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


@pytest.fixture
def invited(cast) -> User:
    """Amina before her first log-in: she has no password yet."""
    user = cast.users["amina"]
    user.set_unusable_password()
    user.save()
    return user


# Asking for a link


@pytest.mark.row("S12")
def test_the_address_typed_on_the_sign_in_page_stands_in_the_form_and_no_mail_is_sent_yet(cast):
    page = BeautifulSoup(Client().get("/sign-in/").content, "html.parser")
    button = page.find("button", string="Forgot your password?")
    assert button["formaction"] == FORGOTTEN
    assert button.find_parent("form")["method"] == "post"
    answer = Client().post(button["formaction"], {"login": AMINA, "password": "half-typed"})
    field = BeautifulSoup(answer.content, "html.parser").find("input", {"name": "email"})
    assert field["value"] == AMINA
    assert "half-typed" not in answer.content.decode()
    assert OutgoingMail.objects.filter(kind="password link").count() == 0


@pytest.mark.row("S12")
def test_an_invited_person_makes_a_password_by_the_link_and_signs_in_with_a_code(invited):
    client = Client()
    assert type_password(client, AMINA, "").status_code == 200
    assert _ask(AMINA, client).url == SENT
    path = link_in_mail(AMINA)
    assert client.get(path).status_code == 200
    assert _make(path, client=client).url == "/sign-in/"
    assert not _is_in(client)
    sign_in_by_pages(client, AMINA, NEW)
    assert _is_in(client)


@pytest.mark.row("S12")
@pytest.mark.parametrize("password", ["", "!", "password", PASSWORD])
def test_an_invited_person_cannot_sign_in_before_the_link_is_used(invited, password):
    client = Client()
    assert type_password(client, AMINA, password).status_code == 200
    assert not _is_in(client)


@pytest.mark.row("S9")
def test_known_unknown_and_closed_accounts_get_the_same_answer_and_only_the_first_a_mail(cast):
    deactivate(cast.users["ben"], by=cast.gwen)
    for address in (AMINA, NOBODY, "ben@alder.example"):
        answer = _ask(address)
        assert (answer.status_code, answer.url) == (302, SENT)
    assert list(OutgoingMail.objects.filter(kind="password link").values_list("to_address", flat=True)) == [AMINA]
    assert PasswordLink.objects.count() == 1


@pytest.mark.row("H30")
def test_known_and_unknown_addresses_cost_the_same_statements(cast):
    """The same work, and so the same time: a clock would only measure what else the machine is doing."""
    deactivate(cast.users["ben"], by=cast.gwen)
    _ask("the-first@alder.example")  # begins the count for the network
    shapes = {}
    for address in (AMINA, NOBODY, "ben@alder.example"):
        with CaptureQueriesContext(connection) as seen:
            _ask(address)
        shapes[address] = [re.sub(r"'[^']*'|\d+", "?", q["sql"]).split(" ")[0:3] for q in seen.captured_queries]
    kept = [[line for line in lines if line[0] not in ("RELEASE", "ROLLBACK")] for lines in shapes.values()]
    assert kept[0] == kept[1] == kept[2]
    assert len(kept[0]) > 5


@pytest.mark.row("S9")
def test_with_no_mail_server_the_pages_answer_as_always_and_the_mail_leaves_later(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    assert _ask(AMINA).url == _ask(NOBODY).url == SENT
    client = Client()
    type_password(client, AMINA, PASSWORD)
    assert client.post(SEND).url == "/sign-in/code/"
    waiting = mails_to(AMINA, "sign-in code")[0]
    while outbox.send_one(clock.now()):
        pass
    waiting.refresh_from_db()
    assert waiting.claim_state == "waiting"
    assert waiting.body


@pytest.mark.row("H30")
def test_one_mailbox_gets_five_links_an_hour_and_the_answer_stays_the_same(cast):
    answers = [_ask(AMINA, REMOTE_ADDR=f"198.51.100.{n}") for n in range(9)]
    assert {answer.url for answer in answers} == {SENT}
    assert len(mails_to(AMINA, "password link")) == LIMITS[Kind.LINK_MAIL].tries
    with clock.moved_to(clock.now() + timedelta(minutes=62)):
        _ask(AMINA)
    assert len(mails_to(AMINA, "password link")) == LIMITS[Kind.LINK_MAIL].tries + 1


@pytest.mark.row("H30")
def test_one_network_asks_for_forty_links_at_most_whatever_it_writes_into_headers(cast):
    for n in range(LIMITS[Kind.LINK_IP].tries):
        _ask(f"somebody-{n}@alder.example", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
    refused = _ask(AMINA, HTTP_X_FORWARDED_FOR="203.0.113.200")
    assert "asked for from your network" in _text(refused)
    assert _ask(AMINA, REMOTE_ADDR="192.0.2.9").url == SENT


def test_the_mail_is_sealed_until_sent_names_the_person_and_says_that_nobody_reads_replies(cast):
    _ask(AMINA)
    mail = mails_to(AMINA, "password link")[0]
    words = words_of(mail)
    assert mail.is_secret
    assert "new-password" not in mail.body + mail.subject
    assert "Hello Amina Yusuf," in words
    assert "1 hour" in words
    assert "Nobody reads replies" in words
    assert f"{settings.PORTAL_URL}/new-password/" in words


def test_names_arrive_in_a_mail_as_they_are_written(cast):
    User.objects.filter(email=AMINA).update(name="Amina O'Neil & Co")
    _ask(AMINA)
    assert "Hello Amina O'Neil & Co," in words_of(mails_to(AMINA, "password link")[0])


# The link


@pytest.mark.row("S13")
@pytest.mark.row("H28")
@pytest.mark.parametrize(("minutes", "works"), [(59, True), (61, False)])
def test_the_link_lives_one_hour(cast, minutes, works):
    _ask(AMINA)
    made = PasswordLink.objects.get().made_at
    with clock.moved_to(made + timedelta(minutes=minutes)):
        path = link_in_mail(AMINA)
        assert (Client().get(path).status_code == 200) is works
        _make(path)
    assert User.objects.get(email=AMINA).check_password(NEW) is works


@pytest.mark.row("S13")
@pytest.mark.row("H28")
def test_the_link_works_once_and_takes_all_others_with_it(cast):
    _ask(AMINA)
    _ask(AMINA)
    first, second = (
        re.search(r"http://testserver(\S+)", words_of(mail))[1] for mail in mails_to(AMINA, "password link")
    )
    assert _make(second).url == "/sign-in/"
    for path in (first, second):
        assert Client().get(path).status_code == 410
        assert _make(path, "other-words-for-amina").status_code == 410
    assert User.objects.get(email=AMINA).check_password(NEW)


@pytest.mark.row("S13")
@pytest.mark.django_db(transaction=True)
def test_of_two_people_with_the_same_link_at_the_same_moment_one_makes_the_password(cast):
    _ask(AMINA)
    path = link_in_mail(AMINA)
    answers = []

    def send(password: str) -> None:
        answers.append(_make(path, password).status_code)

    at_once([lambda n=n: send(f"words-of-thread-{n}") for n in range(4)])
    assert answers.count(302) == 1


@pytest.mark.row("H28")
@pytest.mark.row("H29")
def test_a_mail_scanner_that_opens_the_link_changes_nothing(cast):
    _ask(AMINA)
    path = link_in_mail(AMINA)
    before = (PasswordLink.objects.values_list().get(), Session.objects.count())
    for _ in range(3):
        Client().head(path)
        Client().get(path)
    assert (PasswordLink.objects.values_list().get(), Session.objects.count()) == before
    assert _make(path).url == "/sign-in/"


@pytest.mark.row("H28")
@pytest.mark.parametrize("token", ["x", "None", "null", "0", "%00", "a" * 300, "../account"])
def test_an_empty_or_made_up_token_is_refused(cast, token):
    assert Client().get(f"/new-password/{token}/").status_code in (404, 410)
    assert Client().post(f"/new-password/{token}/", {"password": NEW, "again": NEW}).status_code in (404, 410)
    assert Client().get("/new-password//").status_code == 404


@pytest.mark.row("H29")
def test_somebody_else_who_is_signed_in_cannot_use_the_link(cast):
    _ask(AMINA)
    path = link_in_mail(AMINA)
    carys = Client()
    sign_in(carys, cast.users["carys"])
    assert carys.get(path).status_code == 403
    assert _make(path, client=carys).status_code == 403
    assert not User.objects.get(email=AMINA).check_password(NEW)
    assert _is_in(carys)


@pytest.mark.row("H31")
def test_a_link_dies_with_a_new_password_and_with_the_account_and_does_not_come_back(cast):
    amina = cast.users["amina"]
    _ask(AMINA)
    path = link_in_mail(AMINA)
    deactivate(amina, by=cast.gwen)
    assert Client().get(path).status_code == 410
    reactivate(amina, href=str, by=cast.gwen)
    assert Client().get(path).status_code == 410


@pytest.mark.row("H31")
def test_the_token_stands_in_the_mail_alone_and_has_nothing_to_do_with_the_secret_key(cast, settings):
    _ask(AMINA)
    path = link_in_mail(AMINA)
    assert PasswordLink.objects.get().token_digest not in path
    settings.SECRET_KEY = "another key"
    assert Client().get(path).status_code == 200


@pytest.mark.row("H21")
def test_a_new_password_signs_nobody_in_ends_every_session_and_is_told_by_mail(cast):
    there = Client()
    sign_in_by_pages(there, AMINA, PASSWORD)
    _ask(AMINA)
    here = Client()
    _make(link_in_mail(AMINA), client=here)
    assert not Session.objects.filter(user=cast.users["amina"]).exists()
    assert not _is_in(here)
    assert not _is_in(there)
    assert "just been changed" in words_of(mails_to(AMINA, "password changed")[0])
    assert AuditRow.objects.filter(verb="made a new password", record_id=str(cast.users["amina"].pk)).count() == 1


def test_the_page_of_the_link_is_told_to_no_other_site_and_kept_nowhere(cast):
    _ask(AMINA)
    answer = Client().get(link_in_mail(AMINA))
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "at least 10 characters"),
        ("8301746592847", "must not be made of numbers only"),
        ("qwertyuiop", "many people use this one"),
        ("amina.yusuf", "less like your name"),
        ("x" * 300, "256 characters or fewer"),
    ],
)
def test_a_weak_password_is_refused_in_words_beside_the_field_and_the_link_stays_good(cast, password, words):
    _ask(AMINA)
    path = link_in_mail(AMINA)
    answer = _make(path, password)
    error = BeautifulSoup(answer.content, "html.parser").find(id="id_password-error")
    assert words in error.get_text()
    assert "x" * 300 not in answer.content.decode()
    assert _make(path).url == "/sign-in/"


def test_two_different_passwords_are_refused(cast):
    _ask(AMINA)
    answer = _make(link_in_mail(AMINA), NEW, "something-else-typed")
    assert "The two passwords are not the same" in _text(answer)


# Editing one's own


@pytest.mark.row("S18")
def test_editing_the_password_needs_the_current_one_and_ends_the_other_sessions_only(cast):
    here, there = Client(), Client()
    sign_in_by_pages(here, AMINA, PASSWORD)
    sign_in_by_pages(there, AMINA, PASSWORD)
    wrong = here.post("/account/password/", {"current": "not-it", "password": NEW, "again": NEW})
    assert "The current password is not right" in _text(wrong)
    assert _is_in(there)
    before = here.cookies[settings.SESSION_COOKIE_NAME].value
    right = here.post("/account/password/", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert right.url == "/account/"
    assert here.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert _is_in(here)
    assert not _is_in(there)
    assert Session.objects.filter(user=cast.users["amina"]).count() == 1
    assert len(mails_to(AMINA, "password changed")) == 1
    row = AuditRow.objects.get(verb="changed the password")
    assert row.actor_id == cast.users["amina"].pk


@pytest.mark.row("S18")
@pytest.mark.parametrize(("new", "words"), [("short", "at least 10 characters"), (PASSWORD, "not your current one")])
def test_editing_the_password_checks_its_strength(client_of, new, words):
    answer = client_of("amina").post("/account/password/", {"current": PASSWORD, "password": new, "again": new})
    assert words in _text(answer)


def test_guesses_at_the_current_password_are_counted(client_of):
    client = client_of("amina")
    for _ in range(5):
        client.post("/account/password/", {"current": "not-it", "password": NEW, "again": NEW})
    answer = client.post("/account/password/", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert "wrong too often" in _text(answer)


@pytest.mark.row("H31")
def test_a_link_dies_when_the_password_is_edited(client_of):
    _ask(AMINA)
    path = link_in_mail(AMINA)
    client_of("amina").post("/account/password/", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert Client().get(path).status_code == 410


def test_no_code_of_a_page_asks_a_mail_server(cast, monkeypatch, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    def refuse(*args, **kwargs):
        raise AssertionError("a page spoke to a mail server")

    monkeypatch.setattr(smtplib, "SMTP", refuse)
    client = Client()
    sign_in_by_pages(client, AMINA, PASSWORD)
    assert _is_in(client)
    assert _ask(AMINA).url == SENT
    assert [mail.kind for mail in OutgoingMail.objects.order_by("pk")] == ["sign-in code", "password link"]
