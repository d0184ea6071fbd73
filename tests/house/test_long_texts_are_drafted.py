"""Whoever writes at length loses nothing to a time-out: every page with a text area keeps what is typed on it (D12, B1)."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.drafts import actions as drafts
from portal.lib import clock
from tests import world
from tests.cast import Cast
from tests.house.resolver import routes
from tests.signing_in import sign_in

PEOPLE = ("amina", "dev", "farid", "gwen")
TYPED = "Nobody types this twice."
NOT_KEPT = {
    "help:report": "for anybody: without a session the form is taken all the same, so no time-out stands in its way",
}
NOT_SHOWN = {
    "casework:task_return": "the task of tests/world.py was not completed",
    "casework:task_answer": "nobody was unable to complete the task of tests/world.py",
    "casework:order_accept": "no order of tests/world.py was confirmed in part",
    "office:factors": "Ben of tests/world.py has no second factor to reset",
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
    chosen: tuple[str, ...]
    beside: dict[str, str]  # every other input of its form, with a value that can be chosen there


@pytest.mark.row("D12")
@pytest.mark.row("B1")
def test_every_page_with_a_text_area_keeps_what_is_typed_in_it_and_gives_it_back(cast: Cast) -> None:
    shown: set[str] = set()
    for area in _areas(cast):  # one by one, as Dev's opening of a document ends what Amina can do about it
        shown.add(area.route)
        if area.route not in NOT_KEPT:
            assert area.name in area.drafted, f"{area.route} does not keep “{area.name}”: say so by @drafted"
            assert area.sent_to == area.address, f"{area.route} sends its form elsewhere: it would not come back here"
            forgotten = {name.partition("-")[0] for name in area.beside} - {*area.drafted, *area.chosen}
            assert not forgotten, f"{area.route} forgets what is chosen beside what is typed: {forgotten}"
            _comes_back(area)
            _goes_only_when_it_is_done(area)
    named = {one.name for one in routes() if hasattr(one.view, "drafted")}
    assert named - shown == set(NOT_SHOWN), "these pages were not looked at"
    assert set(NOT_KEPT) <= shown - named


def _comes_back(area: Area) -> None:
    given = {**area.beside, area.name: TYPED}
    saved = area.client.post(area.address, given, HTTP_X_PORTAL_DRAFT=clock.now().isoformat())
    assert saved.status_code == 204, area.route
    page = BeautifulSoup(area.client.get(area.address).content, "lxml")
    form = page.select_one(f"textarea[name={area.name}]").find_parent("form")
    assert TYPED in form.select_one(f"textarea[name={area.name}]").get_text(), area.route
    assert {name: _shown(form, name) for name in area.beside} == area.beside, area.route


def _shown(form: Tag, name: str) -> str:
    """What an input shows: the one radio button, the last box that is ticked, the option, the text."""
    chosen = form.select(f"[name='{name}']:checked") or form.select(f"select[name='{name}'] option[selected]")
    typed = form.select(f"input[name='{name}']:not([type=radio], [type=checkbox])")
    return str([*chosen, *typed][-1].get("value", "")) if chosen or typed else ""


def _beside(form: Tag) -> dict[str, str]:
    values: dict[str, str] = {}
    for one in form.select("select, input:not([type=hidden], [type=file], [type=submit])"):
        options = one.select("option")
        values[one["name"]] = options[-1]["value"] if options else one.get("value", "") or "7"
    return values


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
            for action, name, beside in _written_on(client, address):
                kept, chosen = getattr(route.view, "drafted", ()), getattr(route.view, "chosen", ())
                person_id = cast.users[person].pk
                yield Area(person_id, client, address, route.name, name, action, kept, chosen, beside)


def _written_on(client: Client, address: str) -> list[tuple[str, str, dict[str, str]]]:
    """The address to which each text area of the page is sent, its name, and what stands beside it."""
    answer = client.get(address)
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return []
    areas = BeautifulSoup(answer.content, "lxml").select("form[method=post] textarea")
    forms = [(area["name"], area.find_parent("form")) for area in areas]
    return [(form.get("action") or address, name, _beside(form)) for name, form in forms]
