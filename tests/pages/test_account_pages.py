"""The pages behind the person icon."""

from datetime import timedelta
from functools import partial

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from portal.accounts.actions import deactivate, reactivate
from portal.accounts.models import KnownBrowser, Session, User
from portal.audit.models import AuditRow
from portal.lib import clock
from portal.lib.errors import NotAllowed
from portal.pages.visitor import browser_words
from tests.cast import PASSWORD
from tests.signing_in import sign_in, sign_in_by_pages, type_password

AMINA = "amina@alder.example"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Layout/140.0.0.0 Safari/537.36 Edg/140.0.0.0"


def _text(answer) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def _is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


@pytest.mark.row("S17")
@pytest.mark.row("S20")
def test_the_profile_shows_name_address_and_role_and_whom_to_ask(client_of):
    words = _text(client_of("amina").get("/account/"))
    for expected in ("Amina Yusuf", AMINA, "Alder Homes", "Administrator", settings.SUPPORT_ADDRESS):
        assert expected in words


@pytest.mark.row("S19")
@pytest.mark.row("D10")
@pytest.mark.parametrize(
    "path", ["/account/", "/account/password/", "/account/devices/", "/account/email/", "/accounts/email/"]
)
def test_no_crafted_post_changes_the_address(cast, client_of, path):
    client = client_of("amina")
    page = client.get("/account/")
    assert BeautifulSoup(page.content, "html.parser").find("main").find("input", {"name": "email"}) is None
    crafted = {
        "email": "evil@evil.example",
        "action_add": "",
        "action_primary": "",
        "new_email": "evil@evil.example",
        "name": "Evil",
    }
    client.post(path, {**crafted, "current": PASSWORD, "password": "brand-new-words", "again": "brand-new-words"})
    user = User.objects.get(pk=cast.users["amina"].pk)
    assert (user.email, user.name) == (AMINA, "Amina Yusuf")


@pytest.mark.row("D10")
def test_an_address_in_the_librarys_own_table_signs_nobody_in(cast):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=cast.users["amina"], email="evil@evil.example", verified=True, primary=True)
    assert type_password(Client(), "evil@evil.example", PASSWORD).status_code == 200
    client = Client()
    sign_in_by_pages(client, AMINA, PASSWORD)
    assert _is_in(client)


def test_signed_in_devices_are_listed_and_ended_one_by_one(cast):
    here, there = Client(HTTP_USER_AGENT=FIREFOX), Client(HTTP_USER_AGENT=SAFARI)
    sign_in_by_pages(here, AMINA, PASSWORD)
    sign_in_by_pages(there, AMINA, PASSWORD)
    page = here.get("/account/devices/")
    words = _text(page)
    assert "Firefox on Windows This device" in words
    assert "Safari on iPhone" in words
    forms = [
        f
        for f in BeautifulSoup(page.content, "html.parser").find("main").find_all("form")
        if "/account/devices/" in f["action"]
    ]
    one = next(f["action"] for f in forms if "others" not in f["action"])
    assert here.get(one).status_code == 405
    assert here.post(one).url == "/account/devices/"
    assert _is_in(here)
    assert not _is_in(there)


def test_all_other_devices_are_ended_at_once(cast):
    here, others = Client(), [Client(), Client()]
    for client in (here, *others):
        sign_in(client, cast.users["amina"])
    here.post("/account/devices/sign-out-others/")
    assert _is_in(here)
    assert not any(_is_in(client) for client in others)


@pytest.mark.row("H44")
def test_nobody_sees_or_ends_a_device_of_somebody_else(cast, client_of):
    ben, carys = client_of("ben"), client_of("carys")
    theirs = Session.objects.get(user=cast.users["ben"])
    assert carys.post(f"/account/devices/{theirs.pk}/sign-out/").status_code == 404
    assert _is_in(ben)
    assert len(BeautifulSoup(carys.get("/account/devices/").content, "html.parser").select(".govuk-summary-card")) == 1


def test_a_device_that_timed_out_is_not_listed(cast, client_of):
    old = client_of("amina")
    assert _is_in(old)
    with clock.moved_to(clock.now() + timedelta(minutes=40)):
        page = client_of("amina").get("/account/devices/")
    assert len(BeautifulSoup(page.content, "html.parser").select(".govuk-summary-card")) == 1


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("", "Unknown browser"),
        ("curl/8", "Unknown browser"),
    ],
)
def test_a_browser_is_named_in_words(user_agent, words):
    assert browser_words(user_agent) == words


@pytest.mark.row("S93")
def test_a_closed_account_loses_its_live_session_at_once_and_cannot_sign_in(cast, client_of):
    client = client_of("ben")
    assert _is_in(client)
    deactivate(cast.users["ben"], by=cast.amina)
    assert not _is_in(client)
    assert type_password(Client(), "ben@alder.example", PASSWORD).status_code == 200
    row = AuditRow.objects.get(verb="deactivated")
    assert (row.actor_id, row.record_id) == (cast.amina.user_id, str(cast.users["ben"].pk))


def test_a_session_outlives_nothing_even_if_only_the_person_is_switched_off(cast, client_of):
    client = client_of("ben")
    User.objects.filter(pk=cast.users["ben"].pk).update(is_active=False)
    assert not _is_in(client)


def test_an_account_opened_again_needs_a_new_password_and_knows_no_browser(cast):
    client = Client()
    sign_in_by_pages(client, "ben@alder.example", PASSWORD)
    deactivate(cast.users["ben"], by=cast.gwen)
    reactivate(cast.users["ben"], href=str, by=cast.gwen)
    assert KnownBrowser.objects.count() == 0
    assert not _is_in(client)
    assert type_password(client, "ben@alder.example", PASSWORD).status_code == 200


@pytest.mark.parametrize("name", ["ben", "dev", "hana"])
def test_only_those_who_look_after_accounts_close_and_open_them(cast, name):
    for action in (deactivate, partial(reactivate, href=str)):
        with pytest.raises(NotAllowed):
            action(cast.users["carys"], by=cast.actors[name])
    assert User.objects.get(pk=cast.users["carys"].pk).is_active


@pytest.mark.parametrize("path", ["/account/", "/account/password/", "/account/devices/"])
@pytest.mark.parametrize("name", ["ben", "dev", "gwen"])
def test_everybody_has_these_pages(client_of, path, name):
    page = BeautifulSoup(client_of(name).get(path).content, "html.parser")
    headings = page.find_all("h1")
    assert len(headings) == 1
    assert page.title.string.startswith(headings[0].get_text(strip=True))


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/sign-out/", "/forgotten-password/", "/forgotten-password/sent/", "/new-password/x/"]
)
def test_the_pages_for_everybody_have_one_heading_that_opens_the_title(db, path):
    page = BeautifulSoup(Client().get(path).content, "html.parser")
    headings = page.find_all("h1")
    assert len(headings) == 1
    assert page.title.string.startswith(headings[0].get_text(strip=True))
