"""Links, sessions, codes and known browsers: whose they are, when they die, and that no key makes one (H28, H31)."""

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.test import Client

from portal.accounts.actions import change_address, deactivate, reactivate, reset_password
from portal.accounts.models import User
from portal.lib import clock
from portal.pages.shared.password_links import password_href
from tests.cast import PASSWORD
from tests.signing_in import code_in_mail, link_in_mail, sign_in, sign_in_by_pages

AMINA, NEW = "amina@alder.example", "new-words-for-amina"


def _ask(address: str) -> None:
    Client().post("/forgotten-password/", {"email": address})


def _make(path: str):
    return Client().post(path, {"password": NEW, "again": NEW})


def _is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


@pytest.mark.row("H28")
def test_a_link_opens_the_account_that_was_invited_and_no_other_whatever_is_posted_with_it(cast):
    _ask(AMINA)
    typed = {"password": NEW, "again": NEW, "email": "carys@birch.example", "login": "carys@birch.example", "user": "4"}
    Client().post(link_in_mail(AMINA), typed)
    assert User.objects.get(email=AMINA).check_password(NEW)
    assert not User.objects.get(email="carys@birch.example").check_password(NEW)


@pytest.mark.row("H28")
@pytest.mark.row("H31")
def test_an_older_link_dies_when_the_account_is_invited_again_reset_or_gets_another_address(cast):
    ben = cast.users["ben"]
    for change in (
        lambda: reset_password(ben, href=password_href, by=cast.amina),
        lambda: (deactivate(ben, by=cast.amina), reactivate(ben, href=password_href, by=cast.amina)),
        lambda: change_address(ben, email="b@alder.example", checked="Called back.", by=cast.gwen),
    ):
        _ask(ben.email)
        older = link_in_mail(ben.email)
        assert Client().get(older).status_code == 200
        change()
        assert Client().get(older).status_code == 410
        assert _make(older).status_code == 410
        ben.refresh_from_db()
        assert not ben.check_password(NEW)


@pytest.mark.row("H31")
def test_nothing_that_opens_an_account_can_be_computed_from_the_secret_key(cast):
    """Made again with the same key, each is another; with the key, the clock and the id alone nobody makes one."""
    amina, moment = cast.users["amina"], clock.now()

    def made() -> dict[str, str]:
        with clock.moved_to(moment):
            client = Client()
            sign_in_by_pages(client, AMINA, PASSWORD)
            _ask(AMINA)
            return {
                "session": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "browser": client.cookies[settings.KNOWN_BROWSER_COOKIE].value,
                "link": link_in_mail(AMINA),
                "code": code_in_mail(AMINA),
            }

    first, second = made(), made()
    assert not [name for name in first if first[name] == second[name]]
    for guess in (PasswordResetTokenGenerator().make_token(amina), signing.dumps(amina.pk), default_token(amina)):
        assert Client().get(f"/new-password/{guess}/").status_code in (404, 410)
        forged = Client()
        forged.cookies[settings.SESSION_COOKIE_NAME] = guess
        assert not _is_in(forged)


def default_token(user: User) -> str:
    """What Django's and the library's own links are made of: the id, and a digest with the key."""
    return f"{user_pk_to_url_str(user)}-{PasswordResetTokenGenerator().make_token(user)}"


@pytest.mark.row("H31")
def test_a_session_dies_on_the_server_at_sign_out_reset_and_deactivation(cast):
    for change in (
        lambda client: client.post("/sign-out/"),
        lambda client: reset_password(cast.users["ben"], href=password_href, by=cast.amina),
        lambda client: deactivate(cast.users["ben"], by=cast.amina),
    ):
        client, stolen = Client(), Client()
        sign_in(client, User.objects.get(email="ben@alder.example"))
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        stolen.cookies[settings.SESSION_COOKIE_NAME] = key
        assert _is_in(stolen)
        change(client)
        stolen.cookies[settings.SESSION_COOKIE_NAME] = key
        assert not _is_in(stolen)
