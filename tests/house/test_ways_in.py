"""Every path that ends signed in asks for the second factor (H21): each way to a password × each kind of second factor,
and every public address, sent everything that a thief of the password could send.
"""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import portal
from portal.accounts.models import User
from portal.landlords import main_account, sub_accounts
from portal.landlords.main_account import Former
from portal.landlords.models import Membership
from portal.mail.models import OutgoingMail
from portal.pages.shared.password_links import password_href
from portal.restrictions import actions as restrictions
from portal.restrictions.models import Restriction
from tests import world
from tests.cast import PASSWORD, Cast
from tests.house.resolver import Route, routes
from tests.second_factors import code_of, give_app
from tests.signing_in import mails_to, sign_in_by_pages, type_password, words_of

PUBLIC = {route.name: route for route in routes() if route.view.guard.name == "public"}
NEW = "brand-new-words-for-ben"
BEN = "ben@alder.example"
LINK_KINDS = ("password link", "account made", "password reset", "account reactivated", "main account")


def _is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200 or client.get("/").status_code == 200


def _link(address: str) -> str:
    """The path of the newest link that was mailed to the address, whatever the mail was about."""
    mails = [mail for kind in LINK_KINDS for mail in mails_to(address, kind)]
    found = [re.search(r"https?://[^/\s]+(/new-password/\S+)", words_of(mail)) for mail in mails]
    return [match[1] for match in found if match][-1]


def _member(cast: Cast, name: str) -> int:
    return Membership.objects.get(user=cast.users[name]).pk


def _by_link(address: str) -> str:
    Client().post("/forgotten-password/", {"email": address})
    return _link(address)


def _forgotten(cast: Cast) -> tuple[str, str]:
    return BEN, _by_link(BEN)


def _invited(cast: Cast) -> tuple[str, str]:
    sub_accounts.create_sub_account(name="Nia", email="nia@alder.example", href=password_href, by=cast.amina)
    return "nia@alder.example", _link("nia@alder.example")


def _reset_by_the_administrator(cast: Cast) -> tuple[str, str]:
    sub_accounts.reset_password(_member(cast, "ben"), href=password_href, by=cast.amina)
    return BEN, _link(BEN)


def _reactivated(cast: Cast) -> tuple[str, str]:
    sub_accounts.deactivate(_member(cast, "ben"), by=cast.amina)
    sub_accounts.reactivate(_member(cast, "ben"), href=password_href, by=cast.amina)
    return BEN, _link(BEN)


def _another_address(cast: Cast) -> tuple[str, str]:
    main_account.change_address(cast.alder, _member(cast, "ben"), email="b@alder.example", checked="Yes.", by=cast.gwen)
    return "b@alder.example", _by_link("b@alder.example")


def _handed_over(cast: Cast) -> tuple[str, str]:
    main_account.hand_over(
        cast.alder,
        successor_id=_member(cast, "ben"),
        former=Former.STAYS,
        checked="Yes.",
        href=password_href,
        by=cast.gwen,
    )
    return BEN, _by_link(BEN)


def _locked_out_and_unlocked(cast: Cast) -> tuple[str, str]:
    for _ in range(6):
        type_password(Client(), BEN, "not-it")
    return BEN, _by_link(BEN)


def _restriction_lifted(cast: Cast) -> tuple[str, str]:
    restrictions.lift(Restriction.objects.get().pk, reason="Appeal upheld.", by=cast.farid)
    return "ike@alder.example", _by_link("ike@alder.example")


WAYS: dict[str, Callable[[Cast], tuple[str, str]]] = {
    "forgotten password": _forgotten,
    "invited": _invited,
    "reset by the administrator": _reset_by_the_administrator,
    "reactivated": _reactivated,
    "another address": _another_address,
    "handed over": _handed_over,
    "locked out and unlocked": _locked_out_and_unlocked,
    "restriction lifted": _restriction_lifted,
}


@pytest.mark.row("H21")
@pytest.mark.row("S14")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("factor", ["mailed code", "app"])
@pytest.mark.parametrize("browser", ["new", "remembered"])
def test_after_each_way_to_a_password_the_second_factor_is_asked_for(
    cast: Cast, way: str, factor: str, browser: str
) -> None:
    client = Client()
    if browser == "remembered":  # has passed the second factor of this account before
        sign_in_by_pages(client, BEN, PASSWORD)
        client.post("/sign-out/")
    address, link = WAYS[way](cast)
    if factor == "app":
        give_app(User.objects.with_address(address).get())
    client.get(link)
    client.post(link, {"password": NEW, "again": NEW})
    assert not _is_in(client)
    for path in ("/", "/sign-in/", "/account/", "/users/"):
        client.get(path)
    assert not _is_in(client)
    step = type_password(client, address, NEW)
    assert step.url == ("/sign-in/second-step/" if factor == "app" else "/sign-in/send-code/")
    assert not _is_in(client)
    if factor == "app":
        client.post("/sign-in/second-step/", {"code": code_of()})
    else:
        client.post("/sign-in/send-code/")
        code = re.search(r"^(\d{6})$", words_of(mails_to(address, "sign-in code")[-1]), re.M)[1]
        client.post("/sign-in/code/", {"code": code})
    assert _is_in(client)


@pytest.mark.row("H21")
@pytest.mark.parametrize("factor", ["mailed code", "app"])
@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_no_public_address_signs_in_whoever_has_the_password_only(cast: Cast, name: str, factor: str) -> None:
    """At each step of a sign-in that lacks the code: everything a thief of the password can write, to every address."""
    address = _address(PUBLIC[name], cast)
    if factor == "app":
        give_app(cast.users["ben"])
    for steps in (0, 1, 2):
        client = Client()
        if steps > 0:
            type_password(client, BEN, PASSWORD)
        if steps > 1:
            client.post("/sign-in/send-code/")
        for given in _thieves_forms():
            client.get(address, given)
            client.post(address, given)
            assert not _is_in(client), f"{name} signs in after {steps} steps with {given}"
    assert not OutgoingMail.objects.filter(kind="recovery code used").exists()


def _thieves_forms() -> list[dict[str, str]]:
    password = {"login": BEN, "email": BEN, "password": PASSWORD, "next": "/account/", "remember": "on"}
    codes = [{"code": code} for code in ("", "000000", "00000000", "None")]
    return [password, *codes, {"credential": "{}"}, {"credential": '{"id": ""}', **password}]


def _address(route: Route, cast: Cast) -> str:
    values = world.build(cast) if set(route.parameters) - {"token", "key"} else {}
    return reverse(route.name, kwargs={one: values.get(one, "made-up") for one in route.parameters})


@pytest.mark.row("H21")
def test_the_mark_of_the_second_factor_is_written_in_one_place() -> None:
    """A new way to sign in cannot set it by itself: whatever it does passes through the adapter's `login`."""
    root = Path(portal.__file__).parent
    written = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign) and any("SECOND_FACTOR_KEY]" in ast.unparse(target) for target in node.targets)
    ]
    assert written == ["pages/account/adapter.py"]
