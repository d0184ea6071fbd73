"""Every route bears one guard, stands in the reviewed list, and gives each role what the list says: route x verb x role."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.access.actor import Actor
from portal.access.levels import Level
from portal.access.permissions import Permission
from portal.pages.guards import Guard
from portal.restrictions.models import Restriction
from tests import cast as the_cast
from tests import world
from tests.cast import Cast, actor_now
from tests.house.resolver import Route, routes
from tests.house.reviewed_routes import POSTS, ROUTES
from tests.signing_in import sign_in

ALL = {route.name: route for route in routes()}
PEOPLE = ("amina", "ben", "carys", "dev", "esi", "farid", "gwen", "hana", "ike", "ines")
# What belongs to Alder Homes: for Carys of Birch Homes it does not exist.
ALDERS = {
    "reference",
    "task_id",
    "thread_id",
    "document_id",
    "submission_id",
    "upload_id",
    "member_id",
    "order_id",
    "recommendation_id",
}
# What belongs to Amina alone, even within Alder Homes. Taking back a file that is not one's own is no error and changes
# nothing: tests/pages/test_landlord_documents.py holds that.
AMINAS = {"draft_id", "report_id", "factor_id", "filter_id"}


@dataclass(frozen=True)
class World:
    """The cast, and what each parameter of a route may be."""

    cast: Cast
    values: dict[str, object]

    def address(self, name: str) -> str:
        route = ALL[name]
        unknown = set(route.parameters) - set(self.values) - OPEN_PARAMETERS
        assert not unknown, f"say in tests/world.py what {unknown} of {name} may be"
        taken = {p: self.values.get(p, 0 if p.endswith("_id") else "nothing") for p in route.parameters}
        return reverse(name, kwargs=taken)


@pytest.fixture(scope="module")
def built(empty_database: None) -> Iterator[World]:
    """Made once for all routes: no request of these tests leaves a trace. Rolled back after the last of them."""
    with transaction.atomic():
        cast = the_cast.build()
        yield World(cast, world.build(cast))
        transaction.set_rollback(True)


@pytest.mark.row("H39")
def test_every_route_is_in_the_reviewed_list_and_no_other() -> None:
    assert set(ALL) == set(ROUTES)


@pytest.mark.parametrize("name", sorted(ALL))
def test_the_route_bears_the_guard_of_the_list(name: str) -> None:
    guard = _guard(ALL[name])
    words = f"may {guard.permission.name}" if guard.permission else guard.name
    assert words == ROUTES.get(name), f"{name} is guarded by {words}"
    assert guard.name != "public" or guard.reason


@pytest.mark.row("H43")
@pytest.mark.row("H38")
@pytest.mark.row("S1")
@pytest.mark.row("S10")
@pytest.mark.parametrize("name", sorted(ALL))
def test_each_role_gets_what_the_list_says(name: str, built: World, db: None, settings) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = False
    route, address, cast = ALL[name], built.address(name), built.cast
    for person in (None, *PEOPLE):
        for verb in ("get", "post"):
            answer = _ask(cast, person, verb, address)
            _judge(route, person, verb, answer, getattr(cast, person) if person else None)


@pytest.mark.row("H46")
@pytest.mark.row("S8")
@pytest.mark.row("C22")
@pytest.mark.parametrize("name", sorted(ALL))
def test_each_level_of_restriction_has_its_own_matrix(name: str, built: World, db: None, settings) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = False
    route, address, cast = ALL[name], built.address(name), built.cast
    for level in Level:
        Restriction.objects.update(level=level)  # Ike's, the only one
        ike = actor_now(cast.users["ike"])
        for verb in ("get", "post"):
            _judge_restricted(route, verb, _ask(cast, "ike", verb, address), ike)


def _judge_restricted(route: Route, verb: str, answer, ike: Actor) -> None:
    guard, what = _guard(route), f"{verb.upper()} {route.name} at {ike.restriction}: {answer.status_code}"
    if guard.name == "public":
        assert answer.status_code not in {403, 500}, what
    elif ike.restriction is Level.FULL_BLOCK:
        assert answer.status_code == 403, what
        assert "Unacceptable User Action Policy" in answer.content.decode(), what
    elif ike.restriction is Level.WARN and verb == "get" and not guard.shows_warning:
        assert answer.status_code == 302, what
        assert answer["Location"].startswith("/your-access/?next="), what
    else:
        _judge(route, "ike", verb, answer, ike)


# Parameters of public routes that name no record of a landlord.
OPEN_PARAMETERS = {"uidb36", "key", "name", "session_id", "device_id", "token"}


def _guard(route: Route) -> Guard:
    guard = getattr(route.view, "guard", None)
    assert guard, f"{route.name} has no guard"
    return guard


def _ask(cast: Cast, person: str | None, verb: str, address: str):
    client = Client(raise_request_exception=True)
    with transaction.atomic():
        if person:
            sign_in(client, cast.users[person])
        answer = getattr(client, verb)(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def _judge(route: Route, person: str | None, verb: str, answer, actor: Actor | None) -> None:
    guard, what = _guard(route), f"{verb.upper()} {route.name} as {person or 'nobody'}: {answer.status_code}"
    if guard.name == "public":
        assert answer.status_code not in {403, 500}, what
    elif actor is None:
        assert answer.status_code == 302, what
        assert answer["Location"].startswith("/sign-in/"), what
    elif not guard.admits(actor) or (verb == "post" and not _may_post(route, actor)):
        assert answer.status_code == 403, what
    elif _not_theirs(route, person, actor):
        assert answer.status_code in {404, 405}, what
    else:
        assert answer.status_code not in {403, 404, 500} or _may_be_missing(route), what


def _may_post(route: Route, actor: Actor) -> bool:
    words = POSTS.get(route.name)
    return words is None or actor.may(Permission[words.removeprefix("may ")])


def _not_theirs(route: Route, person: str | None, actor: Actor) -> bool:
    theirs = set(route.parameters)
    if theirs & AMINAS and person != "amina":
        return True
    return actor.is_landlord and person == "carys" and bool(theirs & ALDERS)


def _may_be_missing(route: Route) -> bool:
    return bool(set(route.parameters) & OPEN_PARAMETERS)


@pytest.mark.parametrize("who", ["amina", "dev", "gwen"])
def test_an_address_that_shows_a_page_answers_head_as_it_answers_get(
    built: World, db: None, settings, who: str
) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = False
    for name in ALL:
        got, head = (_ask(built.cast, who, verb, built.address(name)) for verb in ("get", "head"))
        assert head.status_code == got.status_code, name
