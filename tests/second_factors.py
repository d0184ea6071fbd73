"""An authenticator app in the hands of a test: the codes that it would show, and its set-up by the pages."""

from datetime import datetime

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from bs4 import BeautifulSoup
from django.test import Client

from portal.accounts.models import User
from portal.lib import clock
from tests.cast import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(secret: str = SECRET, at: datetime | None = None) -> str:
    return format_hotp_value(hotp_value(secret, int((at or clock.now()).timestamp()) // 30))


def give_app(user: User) -> str:
    """The person has an app from now on, as if set up long ago. Gives its secret."""
    TOTP.activate(user, SECRET)
    return SECRET


def confirm_password(client: Client, password: str = PASSWORD):
    return client.post("/account/confirm/", {"password": password})


def set_up_app(client: Client) -> tuple[str, list[str]]:
    """By the pages. Gives the secret and the recovery codes that were shown."""
    confirm_password(client)
    page = BeautifulSoup(client.get("/account/two-factor/app/").content, "html.parser")
    secret = page.find(class_="portal-secret").get_text().replace(" ", "").strip()
    answer = client.post("/account/two-factor/app/", {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content.decode()
    if answer.url != "/account/two-factor/recovery-codes/":
        return secret, []
    shown = BeautifulSoup(client.get(answer.url).content, "html.parser")
    return secret, [item.get_text().replace(" ", "").strip() for item in shown.select(".portal-codes li")]
