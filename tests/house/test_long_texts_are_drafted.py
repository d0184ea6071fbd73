"""Whoever writes at length loses nothing to a time-out: every page with a text area keeps what is typed on it (D12, B1)."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.drafts import actions as drafts
from portal.lib import clock
from tests import world
from tests.cast import Cast
from tests.house.resolver import routes
from tests.signing_in import sign_in

pytestmark = pytest.mark.once(on="sqlite")  # what a page is made of is decided above the database

PEOPLE = ("amina", "dev", "farid", "gwen")
TYPED = "Nobody types this twice."
NOT_KEPT = {
    "help:report": "for anybody: without a session the form is taken all the same, so no time-out stands in its way",
}
NOT_SHOWN = {
    "casework:task_return": "the task of tests/world.py was not completed",
    "casework:task_answer": "nobody was unable to complete the task of tests/world.py",
    "casework:order_accept": "no order of tests/world.py was confirmed in part",
    "casework:factors": "Ben of tests/world.py has no second factor to reset",
}


@dataclass(frozen=True)
class Area:
    """A text area that somebody is shown."""

    user_id: int
    client: Client
    address: str
    route: str
    name: str
    sent_to: str
    drafted: tuple[str, ...]


@pytest.mark.row("D12")
@pytest.mark.row("B1")
def test_every_page_with_a_text_area_keeps_what_is_typed_in_it_and_gives_it_back(cast: Cast) -> None:
    shown: set[str] = set()
    for area in _areas(cast):  # one by one, as Dev's opening of a document ends what Amina can do about it
        shown.add(area.route)
        if area.route not in NOT_KEPT:
            assert area.name in area.drafted, f"{area.route} does not keep “{area.name}”: say so by @drafted"
            assert area.sent_to == area.address, f"{area.route} sends its form elsewhere: it would not come back here"
            _comes_back(area)
            _goes_only_when_it_is_done(area)
    named = {one.name for one in routes() if hasattr(one.view, "drafted")}
    assert named - shown == set(NOT_SHOWN), "these pages were not looked at"
    assert set(NOT_KEPT) <= shown - named


def _comes_back(area: Area) -> None:
    saved = area.client.post(area.address, {area.name: TYPED}, HTTP_X_PORTAL_DRAFT=clock.now().isoformat())
    assert saved.status_code == 204, area.route
    page = BeautifulSoup(area.client.get(area.address).content, "lxml")
    assert TYPED in page.select_one(f"textarea[name={area.name}]").get_text(), area.route


def _goes_only_when_it_is_done(area: Area) -> None:
    """Whatever the page answers to half a form: what was typed stays until the page says that something was done."""
    with transaction.atomic():
        answer = area.client.post(area.address, {area.name: TYPED}, follow=True)
        is_done = bool(BeautifulSoup(answer.content, "lxml").select(".govuk-notification-banner--success"))
        is_kept = drafts.kept(area.user_id, area.address) is not None
        transaction.set_rollback(True)
    assert is_kept != is_done, f"{area.route} {'did' if is_done else 'did not do'} what was asked"


def _areas(cast: Cast) -> Iterator[Area]:
    values = world.build(cast)
    reached = [route for route in routes() if set(route.parameters) <= set(values)]
    for person in PEOPLE:
        client = Client()
        sign_in(client, cast.users[person])
        for route in reached:
            address = reverse(route.name, kwargs={name: values[name] for name in route.parameters})
            for action, name in _written_on(client, address):
                kept = getattr(route.view, "drafted", ())
                yield Area(cast.users[person].pk, client, address, route.name, name, action, kept)


def _written_on(client: Client, address: str) -> list[tuple[str, str]]:
    """The address to which each text area of the page is sent, and its name."""
    answer = client.get(address)
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return []
    areas = BeautifulSoup(answer.content, "lxml").select("form[method=post] textarea")
    return [(area.find_parent("form").get("action") or address, area["name"]) for area in areas]
