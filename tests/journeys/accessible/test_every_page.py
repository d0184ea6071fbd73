"""Every page that there is, as each person sees it, in each of its states, is held to the rules in the real browser."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.accessible.world_portal import WorldPortal
from tests.journeys.looking import measure, narrow, widen
from tests.journeys.statement import ON_EVERY_PAGE
from tests.visits import Visit

pytestmark = pytest.mark.once(on="sqlite")

Found = dict[str, list[str]]  # page to complaints
Record = Callable[[str, object], None]


@dataclass(frozen=True)
class Walk:
    """Every page is held to all of axe's rules once, with everything open; `is_full` does so at the narrow width as well."""

    is_full: bool

    def of(self, portal: WorldPortal, browser: Browser) -> Found:
        found: Found = {visit.name: [] for visit in portal.visits}
        for who in dict.fromkeys(visit.who for visit in portal.visits):
            with portal.browser_of(who, browser, reduced_motion="reduce") as context:
                page = context.new_page()
                for visit in portal.visits:
                    if visit.who == who:
                        found[visit.name] += self._look(page, visit)
        return found

    def _look(self, page: Page, visit: Visit) -> list[str]:
        widen(page)
        page.goto(visit.address)
        found = _as_it_comes(page) if visit.is_first else []
        found += self._narrow(page) + _wide(page)
        if visit.is_refused:
            with page.expect_navigation():
                measure(page, "sendEmpty")
            found += measure(page, "errors") + self._narrow(page) + _wide(page)
        return found

    def _narrow(self, page: Page) -> list[str]:
        narrow(page)
        found = measure(page, "heading") + measure(page, "sideways") + measure(page, "axe", only=["target-size"])
        measure(page, "open")
        if self.is_full:
            found += measure(page, "axe", sized=False)
        return found + measure(page, "sideways") + measure(page, "spacing")


def _as_it_comes(page: Page) -> list[str]:
    found = [words for name in ("motion", "filling") for words in measure(page, name)]
    found += measure(page, "axe", only=["target-size"])
    page.keyboard.press("Tab")
    found += measure(page, "focus")
    page.emulate_media(forced_colors="active")
    found += measure(page, "edges") + measure(page, "focus", forced=True)
    page.emulate_media(forced_colors="none")
    return found


def _wide(page: Page) -> list[str]:
    """Everything is open, and a menu may lie over what is below it: sizes of targets have been asked before."""
    widen(page)
    measure(page, "open")
    return measure(page, "axe", sized=False)


@pytest.mark.row("B25")
@pytest.mark.row("S29")
@pytest.mark.statement(*ON_EVERY_PAGE)
def test_every_page_in_every_state_keeps_every_rule(
    portal: WorldPortal, browser: Browser, record_property: Record, pytestconfig: pytest.Config
) -> None:
    found = Walk(is_full=pytestconfig.option.all).of(portal, browser)
    record_property("pages", found)
    record_property("browser", f"Chromium {browser.version.split('.')[0]}")
    assert {name: complaints for name, complaints in found.items() if complaints} == {}
