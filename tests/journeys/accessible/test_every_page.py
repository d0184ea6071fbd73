"""Every page that there is, as each person sees it, in each of its states, is held to the rules in the real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.accessible.world_portal import WorldPortal
from tests.journeys.looking import measure, narrow, widen
from tests.journeys.statement import ON_EVERY_PAGE
from tests.visits import Visit

pytestmark = pytest.mark.once(on="sqlite")

Found = dict[str, list[str]]  # page to complaints
Record = Callable[[str, object], None]


def _walk(portal: WorldPortal, browser: Browser) -> Found:
    found: Found = {visit.name: [] for visit in portal.visits}
    for who in dict.fromkeys(visit.who for visit in portal.visits):
        with portal.browser_of(who, browser, reduced_motion="reduce") as context:
            page = context.new_page()
            for visit in portal.visits:
                if visit.who == who:
                    found[visit.name] += _look(page, visit)
    return found


def _look(page: Page, visit: Visit) -> list[str]:
    widen(page)
    page.goto(visit.address)
    found = _as_it_comes(page) if visit.is_first else []
    narrow(page)
    found += _narrow(page)
    if visit.is_refused:
        with page.expect_navigation():
            measure(page, "sendEmpty")
        found += measure(page, "errors") + _narrow(page)
    return found


def _as_it_comes(page: Page) -> list[str]:
    found = [words for name in ("axe", "motion", "filling") for words in measure(page, name)]
    page.keyboard.press("Tab")
    found += measure(page, "focus")
    page.emulate_media(forced_colors="active")
    found += measure(page, "edges") + measure(page, "focus", forced=True)
    page.emulate_media(forced_colors="none")
    return found


def _narrow(page: Page) -> list[str]:
    found = measure(page, "heading") + measure(page, "sideways") + measure(page, "axe", only=["target-size"])
    measure(page, "open")
    return found + measure(page, "axe", sized=False) + measure(page, "sideways") + measure(page, "spacing")


@pytest.mark.row("B25")
@pytest.mark.row("S29")
@pytest.mark.statement(*ON_EVERY_PAGE)
def test_every_page_in_every_state_keeps_every_rule(
    portal: WorldPortal, browser: Browser, record_property: Record
) -> None:
    found = _walk(portal, browser)
    record_property("pages", found)
    record_property("browser", f"Chromium {browser.version.split('.')[0]}")
    assert {name: complaints for name, complaints in found.items() if complaints} == {}
