"""From the password to the code and in: the way that everybody takes, and every way around it that is closed."""

import random
import re
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import portal
from portal.accounts.emailed_codes import SECOND_FACTOR_KEY
from portal.accounts.models import AttemptCount, KnownBrowser, Session, User
from portal.accounts.rate_limits import Kind
from portal.audit.models import AuditRow
from portal.lib import clock
from portal.mail.models import OutgoingMail
from tests.cast import PASSWORD
from tests.signing_in import (
    ask_for_code,
    at_once,
    code_in_mail,
    mails_to,
    sign_in_by_pages,
    type_code,
    type_password,
    words_of,
)

AMINA = "amina@alder.example"
SIGN_IN, SEND, CODE = "/sign-in/", "/sign-in/send-code/", "/sign-in/code/"


def _is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def _text(response) -> str:
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.row("S14")
@pytest.mark.row("S15")
@pytest.mark.row("S16")
@pytest.mark.row("S21")
def test_password_button_and_code_lead_to_the_home_page(cast):
    client = Client()
    answer = type_password(client, AMINA, PASSWORD)
    assert answer.url == SEND
    assert "Send 2FA Verification Code" in _text(client.get(SEND))
    assert not OutgoingMail.objects.filter(to_address=AMINA, kind="sign-in code").exists()
    assert client.get(CODE).url == SIGN_IN
    answer = client.post(SEND)
    assert answer.url == CODE
    assert len(mails_to(AMINA, "sign-in code")) == 1
    page = _text(client.get(CODE))
    assert "Enter code" in page
    assert "Verify" in page
    assert not _is_in(client)
    assert type_code(client, code_in_mail(AMINA)).url == "/"
    assert _is_in(client)


@pytest.mark.row("S14")
def test_every_sign_in_asks_for_a_code_in_a_known_browser_too(cast):
    client = Client()
    sign_in_by_pages(client, AMINA, PASSWORD)
    client.post("/sign-out/")
    assert KnownBrowser.objects.count() == 1
    assert type_password(client, AMINA, PASSWORD).url == SEND
    assert not _is_in(client)


def test_the_services_own_people_sign_in_in_the_same_way(cast):
    client = Client()
    assert sign_in_by_pages(client, "dev@ombudsman.example", PASSWORD).url == "/"
    assert _is_in(client)


@pytest.mark.row("S21")
@pytest.mark.parametrize(
    ("after", "lands"),
    [
        ("/account/devices/", "/account/devices/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("cases", "/"),
    ],
)
def test_after_signing_in_one_lands_on_the_page_asked_for_if_it_is_ours(cast, after, lands):
    client = Client()
    type_password(client, AMINA, PASSWORD, after=after)
    assert type_code(client, ask_for_code(client, AMINA)).url == lands


@pytest.mark.row("S10")
def test_a_page_asked_for_before_signing_in_is_carried_along(cast):
    client = Client()
    answer = client.get("/account/devices/")
    assert answer.url == "/sign-in/?next=/account/devices/"
    hidden = BeautifulSoup(client.get(answer.url).content, "html.parser").find("input", {"name": "next"})
    assert hidden["value"] == "/account/devices/"


def test_the_address_may_be_typed_in_any_case(cast):
    client = Client()
    type_password(client, " Amina@ALDER.example ", PASSWORD)
    type_code(client, ask_for_code(client, AMINA))
    assert _is_in(client)


@pytest.mark.row("H32")
def test_the_session_key_changes_when_somebody_signs_in(cast):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    type_code(client, ask_for_code(client, AMINA))
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    old = Client()
    old.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not _is_in(old)


def test_a_sign_in_leaves_an_audit_row_with_where_from(cast):
    sign_in_by_pages(Client(HTTP_USER_AGENT="Firefox/140.0 Windows"), AMINA, PASSWORD)
    row = AuditRow.objects.get(verb="signed in")
    assert row.record_id == str(cast.users["amina"].pk)
    assert row.details == {"ip": "127.0.0.1", "browser": "Firefox/140.0 Windows"}


# Codes


@pytest.mark.row("S16")
def test_three_wrong_codes_end_the_attempt_and_the_right_one_then_fails_too(cast):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    code = ask_for_code(client, AMINA)
    answers = [type_code(client, _wrong(code)) for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 302]
    assert "third wrong code" in _text(client.get(SIGN_IN))
    type_code(client, code)
    assert not _is_in(client)


@pytest.mark.row("S16")
@pytest.mark.parametrize("shape", ["{0} {1}", "{0}-{1}", " {0}{1} "])
def test_a_code_may_be_typed_with_spaces(cast, shape):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    code = ask_for_code(client, AMINA)
    type_code(client, shape.format(code[:3], code[3:]))
    assert _is_in(client)


@pytest.mark.row("H22")
@pytest.mark.parametrize("seconds", [601, 24 * 3600 + 60, 7 * 24 * 3600])
def test_a_code_that_is_too_old_is_refused(cast, seconds):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    code = ask_for_code(client, AMINA)
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= seconds
    session.save()
    assert type_code(client, code).url == SIGN_IN
    assert "run out" in _text(client.get(SIGN_IN))
    assert not _is_in(client)


@pytest.mark.row("H22")
def test_a_code_of_nearly_ten_minutes_still_works(cast):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    code = ask_for_code(client, AMINA)
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 590
    session.save()
    type_code(client, code)
    assert _is_in(client)


def test_a_new_code_replaces_the_one_before_it_and_there_are_two_at_most(cast):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    first = ask_for_code(client, AMINA)
    for _ in range(3):
        assert client.post("/sign-in/code/again/").url == CODE
    assert len(mails_to(AMINA, "sign-in code")) == 3
    newest = code_in_mail(AMINA)
    assert newest != first
    assert type_code(client, first).status_code == 200
    type_code(client, newest)
    assert _is_in(client)


@pytest.mark.row("H24")
def test_a_code_signs_in_once(cast):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    code = ask_for_code(client, AMINA)
    copy = Client()
    copy.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    type_code(client, code)
    assert type_code(copy, code).url == SIGN_IN
    assert _is_in(client)
    assert not _is_in(copy)


@pytest.mark.row("H24")
@pytest.mark.django_db(transaction=True)
def test_a_code_sent_twice_at_the_same_moment_signs_in_once(cast):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    code = ask_for_code(client, AMINA)
    copies = [Client() for _ in range(4)]
    for copy in copies:
        copy.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    at_once([lambda copy=copy: type_code(copy, code) for copy in copies])
    assert sum(_is_in(copy) for copy in copies) == 1


@pytest.mark.row("H24")
def test_codes_are_six_digits_and_come_from_no_generator_that_can_be_foreseen(cast):
    codes = set()
    for _ in range(5):
        random.seed(20261126)
        client = Client()
        type_password(client, AMINA, PASSWORD)
        codes.add(ask_for_code(client, AMINA))
    assert len(codes) == 5
    assert all(len(code) == 6 and code.isdigit() for code in codes)


@pytest.mark.row("H24")
def test_nothing_but_the_demo_draws_from_a_generator_that_can_be_foreseen():
    root = Path(portal.__file__).parent
    drawn = {
        path.relative_to(root).parts[0]
        for path in root.rglob("*.py")
        if re.search(r"\brandom\b\.|import random", path.read_text())
    }
    assert drawn <= {"demo"}


@pytest.mark.row("H33")
def test_a_code_stands_nowhere_in_the_database_in_plain_text_nor_in_a_subject(cast):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    code = ask_for_code(client, AMINA)
    mail = mails_to(AMINA, "sign-in code")[-1]
    assert mail.is_secret
    assert code not in mail.subject + mail.body
    assert code in words_of(mail)
    assert all(code not in row.data for row in Session.objects.all())


# Ways around the code


@pytest.mark.row("H21")
def test_a_session_without_the_mark_of_the_code_opens_nothing(cast):
    client = Client()
    client.force_login(cast.users["amina"])
    assert SECOND_FACTOR_KEY not in client.session
    assert client.get("/account/").url.startswith(SIGN_IN)
    assert client.get(SIGN_IN).status_code == 200


@pytest.mark.row("H21")
def test_even_if_the_code_is_switched_off_in_the_settings_nobody_gets_in_without(cast, settings):
    settings.ACCOUNT_LOGIN_BY_CODE_REQUIRED = False
    client = Client()
    type_password(client, AMINA, PASSWORD)
    client.post(SEND)
    assert not _is_in(client)


def _routes(resolver, prefix=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry


@pytest.mark.row("S9")
@pytest.mark.row("H21")
def test_no_route_of_the_library_or_of_an_admin_exists(db):
    routes = list(_routes(get_resolver()))
    foreign = [
        path for path, entry in routes if entry.callback.__module__.startswith(("allauth", "django.contrib.admin"))
    ]
    assert foreign == []
    named = {entry.name for _, entry in routes if (entry.name or "").startswith("account_")}
    assert named == {
        "account_login",
        "account_send_code",
        "account_confirm_login_code",
        "account_resend_code",
        "account_second_step",
        "account_passkey",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
    }
    absent = {
        "django.contrib.admin",
        "allauth.socialaccount",
        "allauth.usersessions",
        "allauth.headless",
    }
    assert absent.isdisjoint(settings.INSTALLED_APPS)
    assert not getattr(settings, "ACCOUNT_LOGIN_BY_CODE_ENABLED", False)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/email/",
        "/accounts/login/code/",
        "/admin/",
        "/admin/login/",
        "/signup/",
    ],
)
def test_usual_addresses_of_side_doors_are_not_there(db, path):
    assert Client().get(path).status_code == 404
    assert Client().post(path).status_code in (403, 404)


def test_the_pages_after_the_password_cannot_be_reached_before_it(db):
    client = Client()
    for path in (SEND, CODE, "/sign-in/code/again/"):
        assert client.get(path).url == SIGN_IN
        assert client.post(path).url == SIGN_IN
    assert OutgoingMail.objects.count() == 0


def test_an_account_closed_between_password_and_code_gets_no_access(cast):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    code = ask_for_code(client, AMINA)
    User.objects.filter(email=AMINA).update(is_active=False)
    assert type_code(client, code).url == SIGN_IN
    assert not _is_in(client)
    assert not Session.objects.filter(user=cast.users["amina"]).exists()


def test_a_person_without_a_place_anywhere_is_asked_to_sign_in_and_not_sent_in_circles(db):
    User.objects.create_user(email="nowhere@alder.example", name="No Where", password=PASSWORD)
    client = Client()
    sign_in_by_pages(client, "nowhere@alder.example", PASSWORD)
    assert client.get("/account/").url.startswith(SIGN_IN)
    assert client.get(SIGN_IN).status_code == 200


def test_somebody_signed_in_who_opens_the_sign_in_page_is_sent_on(client_of):
    assert client_of("amina").get(SIGN_IN).url == "/"


@pytest.mark.row("D10")
def test_two_accounts_cannot_differ_only_in_the_case_of_the_address(cast):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(email="AMINA@alder.example", name="Another")


# Time-out and sign-out


@pytest.mark.row("D12")
@pytest.mark.parametrize(
    ("after", "words"),
    [(timedelta(minutes=31), "had not used the portal"), (timedelta(hours=13), "signed in for a long time")],
)
def test_after_a_time_out_the_sign_in_page_says_why(cast, after, words):
    client = Client()
    sign_in_by_pages(client, AMINA, PASSWORD)
    begun = Session.objects.get(user=cast.users["amina"]).started_at
    if after > timedelta(hours=1):
        Session.objects.update(last_active_at=begun + after - timedelta(minutes=5))
    with clock.moved_to(begun + after):
        answer = client.get("/account/devices/")
        assert answer.url == "/sign-in/?next=/account/devices/"
        assert words in _text(client.get(answer.url))
        type_password(client, AMINA, PASSWORD, after="/account/devices/")
        assert type_code(client, ask_for_code(client, AMINA)).url == "/account/devices/"
        assert words not in _text(client.get("/account/"))


@pytest.mark.row("D12")
def test_what_a_page_does_by_itself_does_not_keep_the_session_open(cast):
    client = Client()
    sign_in_by_pages(client, AMINA, PASSWORD)
    begun = Session.objects.get(user=cast.users["amina"]).last_active_at
    with clock.moved_to(begun + timedelta(minutes=20)):
        assert client.get("/account/", HTTP_X_PORTAL_BACKGROUND="1").status_code == 200
    with clock.moved_to(begun + timedelta(minutes=31)):
        assert client.get("/account/", HTTP_X_PORTAL_BACKGROUND="1").status_code == 302


@pytest.mark.row("D12")
def test_what_a_person_does_keeps_the_session_open(cast):
    client = Client()
    sign_in_by_pages(client, AMINA, PASSWORD)
    begun = Session.objects.get(user=cast.users["amina"]).last_active_at
    for minutes in (20, 40, 60):
        with clock.moved_to(begun + timedelta(minutes=minutes)):
            assert _is_in(client)


@pytest.mark.row("H37")
def test_only_a_post_signs_out_and_it_empties_the_browsers_cache(cast):
    client = Client(enforce_csrf_checks=True)
    from tests.signing_in import sign_in

    sign_in(client, cast.users["amina"])
    assert client.get("/sign-out/").status_code == 200
    assert _is_in(client)
    assert client.post("/sign-out/").status_code == 403
    assert _is_in(client)
    token = BeautifulSoup(client.get("/sign-out/").content, "html.parser").find(
        "input", {"name": "csrfmiddlewaretoken"}
    )["value"]
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = client.post("/sign-out/", {"csrfmiddlewaretoken": token})
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not _is_in(client)
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not _is_in(stolen)


def test_the_addresses_are_the_ones_in_the_words_of_the_guide(db):
    assert (reverse("account_login"), reverse("account_reset_password")) == ("/sign-in/", "/forgotten-password/")


@pytest.mark.parametrize(
    "typed", [f"mailto:{AMINA}", f"Amina Yusuf <{AMINA}>", f"{AMINA};", f"\ufeff{AMINA}", AMINA.replace("@", "\u00ad@")]
)
def test_an_address_that_was_copied_with_more_signs_in_and_costs_no_try(cast, typed):
    client = Client()
    assert type_password(client, typed, PASSWORD).url == SEND
    assert client.post("/forgotten-password/", {"email": typed}).status_code in {200, 302}
    assert not AttemptCount.objects.filter(kind=Kind.PASSWORD, tries__gt=0).exists()


@pytest.mark.parametrize("between", ["–", "\u200b", " ", "-", "\u00a0"])
def test_a_code_that_was_copied_with_more_signs_in(cast, between):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    code = ask_for_code(client, AMINA)
    assert type_code(client, f"{code[:3]}{between}{code[3:]}").status_code == 302
    assert _is_in(client)


def test_what_cannot_be_a_code_costs_no_try(cast):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    code = ask_for_code(client, AMINA)
    for typed in ("12345", "1234567", "abcdef", "12345x", "see e-mail"):
        assert "Enter the 6 numbers from the e-mail" in _text(type_code(client, typed))
    assert not AttemptCount.objects.filter(kind=Kind.CODE, tries__gt=0).exists()
    type_code(client, code)
    assert _is_in(client)
