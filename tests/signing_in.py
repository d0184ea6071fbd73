"""Signs test people in: at once, or page by page with the codes and links from their mails."""

import re
import sys
import threading
from collections.abc import Callable, Sequence

from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from portal.accounts.emailed_codes import SECOND_FACTOR_KEY
from portal.accounts.models import User
from portal.lib import clock
from portal.mail import outbox
from portal.mail.models import OutgoingMail


def sign_in(client: Client, user: User) -> None:
    """From now on the client's requests come from this person, fully signed in."""
    client.force_login(user)
    session = client.session
    session[SECOND_FACTOR_KEY] = clock.now().isoformat()
    session.save()


def type_password(client: Client, address: str, password: str, *, after: str = "", **headers: str) -> HttpResponseBase:
    """Sends the sign-in page."""
    return client.post(reverse("account_login"), {"login": address, "password": password, "next": after}, **headers)


def ask_for_code(client: Client, address: str) -> str:
    """Presses the button and reads the code in the mailbox."""
    client.post(reverse("account_send_code"))
    return code_in_mail(address)


def type_code(client: Client, code: str, **headers: str) -> HttpResponseBase:
    return client.post(reverse("account_confirm_login_code"), {"code": code}, **headers)


def sign_in_by_pages(client: Client, address: str, password: str) -> HttpResponseBase:
    type_password(client, address, password)
    return type_code(client, ask_for_code(client, address))


def mails_to(address: str, kind: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(to_address=address, kind=kind).order_by("pk"))


def words_of(mail: OutgoingMail) -> str:
    return outbox.body_of(mail)


def code_in_mail(address: str) -> str:
    """The code of the newest mail."""
    found = re.search(r"^(\d{6})$", words_of(mails_to(address, "sign-in code")[-1]), re.M)
    assert found
    return found[1]


def link_in_mail(address: str) -> str:
    """The path of the newest link to make a password."""
    found = re.search(r"https?://[^/\s]+(/\S+)", words_of(mails_to(address, "password link")[-1]))
    assert found
    return found[1]


def at_once(doings: Sequence[Callable[[], object]]) -> None:
    """Does all of them at the same moment, each in a thread that gives way as often as Python can make it."""
    start, usual = threading.Barrier(len(doings)), sys.getswitchinterval()

    def run(doing: Callable[[], object]) -> None:
        start.wait()
        try:
            doing()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[doing]) for doing in doings]
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(usual)
