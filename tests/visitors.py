"""Who opens the portal's pages: everybody, each in a browser of their own, signed in as far as they have come."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.test import Client

from portal.access.levels import Level
from portal.access.roles import Role
from portal.accounts.models import User
from portal.landlords.models import Landlord, LandlordState, Membership
from tests import cast as the_cast
from tests.cast import Cast
from tests.second_factors import confirm_password
from tests.signing_in import ask_for_code, sign_in, type_password

# Of the cast, one of each kind of person.
PEOPLE = ("amina", "ben", "ike", "dev", "esi", "farid", "gwen", "hana", "ines")


class Visitors:
    """One of each kind of person, somebody of a landlord that has nothing yet, the restricted, and people halfway in."""

    def __init__(self, cast: Cast) -> None:
        self.clients = {"": _client(), **{name: _signed_in(cast.users[name]) for name in PEOPLE}}
        confirm_password(self.clients["amina"])
        cedar = _of_cedar(cast)
        self.clients |= {name: _signed_in(user) for name, user in cedar.items()}
        self.actors = cast.actors | {name: the_cast.actor_now(cedar[name]) for name in ("zoe", "wanda")}
        self.clients |= {step: _client() for step in ("with password", "with code", "with app")}
        type_password(self.clients["with password"], "ben@alder.example", the_cast.PASSWORD)
        type_password(self.clients["with code"], "carys@birch.example", the_cast.PASSWORD)
        ask_for_code(self.clients["with code"], "carys@birch.example")
        type_password(self.clients["with app"], "amina@alder.example", the_cast.PASSWORD)

    def admitted_to(self, view: Any) -> Iterator[tuple[str, Client]]:
        """A page that is no route's is for everybody."""
        for who, client in self.clients.items():
            is_public = view is None or view.guard.name == "public"
            if is_public or (who in self.actors and view.guard.admits(self.actors[who])):
                yield who, client

    def sessions(self) -> dict[str, str]:
        name = settings.SESSION_COOKIE_NAME
        return {who: client.cookies[name].value for who, client in self.clients.items() if name in client.cookies}


def _client() -> Client:
    return Client(SERVER_NAME="127.0.0.1")  # which every portal's settings allow


def _signed_in(user: User) -> Client:
    client = _client()
    sign_in(client, user)
    return client


def _of_cedar(cast: Cast) -> dict[str, User]:
    """Zoe, whose landlord has no case; Wanda, who has a warning to read; Fred, who is blocked."""
    cedar = Landlord.objects.create(name="Cedar Homes", homes=3, state=LandlordState.ACTIVE)
    found = {}
    for key, name in (("zoe", "Zoe Adams"), ("wanda", "Wanda Reid"), ("fred", "Fred Lowe")):
        found[key] = User.objects.create_user(email=f"{key}@cedar.example", name=name, password=the_cast.PASSWORD)
        role = Role.ADMINISTRATOR if key == "zoe" else Role.SUB_ACCOUNT
        Membership.objects.create(landlord=cedar, user=found[key], role=role)
    for key, level in (("wanda", Level.WARN), ("fred", Level.FULL_BLOCK)):
        the_cast.restrict(found[key], cedar, level, approver=cast.users["farid"])
    return found
