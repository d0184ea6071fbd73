"""Tests every page for accessibility and writes the facts of the statement: `python -m tests.accessibility_facts`.

The pages are the portal's own routes, opened by somebody who may see them, at each width in a real browser. Writes
portal/pages/guide/accessibility_facts.json, which the statement reads; commit it.
"""

import json
import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import tests.outside_pytest  # noqa: F401 - first
from portal.lib import clock
from portal.pages.guide.accessibility import FACTS
from tests.journeys.conftest import CHROMIUM, QUIET
from tests.journeys.running import RunningPortal

WIDTHS = (1280, 320)
# Pages that bear the name of the record that they show.
NAMES = {"task": "A task", "thread": "A conversation", "landlord": "A landlord", "ticket": "A report of a fault"}
PEOPLE = ("amina", "dev", "gwen", "farid", "hana")


@dataclass(frozen=True)
class Visit:
    """A page to open; `who` is "" for somebody who has not signed in."""

    route: str
    address: str
    who: str


@dataclass
class Seen:
    """What a page turned out to be."""

    name: str
    broken: set[str] = field(default_factory=set)
    sideways: bool = False


class CastPortal(RunningPortal):
    """The tests' cast with one record of every kind; keeps the visits and the sessions that were made for them."""

    made: dict[str, Any]

    def fill(self) -> None:
        self.made = json.loads(self.run("-m", "tests.accessibility_facts", "--fill").splitlines()[-1])


def fill() -> dict[str, Any]:
    """Runs inside the portal's surroundings: the cast, a session for each person, and every route with its visitor."""
    from django.conf import settings
    from django.test import Client

    from tests import cast as the_cast
    from tests import world
    from tests.signing_in import sign_in

    cast = the_cast.build()
    sessions = {}
    for name in PEOPLE:
        client = Client()
        sign_in(client, cast.users[name])
        sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    visits = _visits(cast, world.build(cast))
    return {"cookie": settings.SESSION_COOKIE_NAME, "sessions": sessions, "visits": visits}


def _visits(cast: Any, values: dict[str, object]) -> list[dict[str, str]]:
    from django.urls import reverse

    from tests.house.resolver import routes

    found = []
    for route in routes():
        guard = getattr(route.view, "guard", None)
        if guard is None or not set(route.parameters) <= set(values) or route.name.endswith("account_logout"):
            continue
        public = guard.name == "public"
        who = "" if public else next((name for name in PEOPLE if guard.admits(getattr(cast, name))), None)
        if who is not None:
            address = reverse(route.name, kwargs={one: values[one] for one in route.parameters})
            found.append({"route": route.name, "address": address, "who": who})
    return found


def look(page: Page, seen: dict[str, Seen], visit: Visit, width: int) -> None:
    """Opens one page at one width. What is no page of its own (a file, an address only for posts) is left out."""
    answer = page.goto(visit.address, wait_until="load") if _is_page(page, visit) else None
    if answer is None or answer.status != 200:
        return
    name = name_of(page.title(), visit)
    one = seen.setdefault(name, Seen(name))
    result = Axe().run(page)
    one.broken |= {violation["help"] for violation in result.response["violations"]}
    if width == min(WIDTHS):
        one.sideways |= page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def name_of(title: str, visit: Visit) -> str:
    """What the statement calls the page: its title without the data of the tests' cast."""
    name = NAMES.get(visit.route.split(":")[-1]) or " ".join(
        re.sub(r"\b(?:SR-)?\d{6,9}\b", "", title.split(" – ")[0]).split()
    )
    name = name.replace(" :", ":").removesuffix(" of case").removesuffix(" to case").removesuffix(" on case")
    return f"{name} (our staff)" if visit.address.startswith("/casework/") else name


def _is_page(page: Page, visit: Visit) -> bool:
    answer = page.request.get(visit.address)
    return answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")


def _context(browser: Browser, portal: CastPortal, who: str) -> BrowserContext:
    context = browser.new_context(base_url=portal.url, locale="en-GB")
    if who:
        context.add_cookies([{"name": portal.made["cookie"], "value": portal.made["sessions"][who], "url": portal.url}])
    return context


def walk(portal: CastPortal, browser: Browser) -> dict[str, Seen]:
    seen: dict[str, Seen] = {}
    visits = [Visit(**one) for one in portal.made["visits"]]
    for who in dict.fromkeys(visit.who for visit in visits):
        context = _context(browser, portal, who)
        for width in WIDTHS:
            page = context.new_page()
            page.set_viewport_size({"width": width, "height": 900})
            for visit in visits:
                if visit.who == who:
                    look(page, seen, visit, width)
            page.close()
        context.close()
    return seen


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        portal = CastPortal(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            portal.start()
            seen = walk(portal, browser)
            facts = {
                "checked_on": clock.today().isoformat(),
                "browser": f"Chromium {browser.version.split('.')[0]}",
                "axe": _axe_version(browser),
                "widths": list(WIDTHS),
                "scrolls_sideways_at_narrowest": sorted(one.name for one in seen.values() if one.sideways),
                "pages": [{"name": one.name, "broken": sorted(one.broken)} for _, one in sorted(seen.items())],
            }
        finally:
            portal.stop()
            browser.close()
    FACTS.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    print(f"{len(facts['pages'])} pages, {sum(bool(page['broken']) for page in facts['pages'])} with broken rules")


def _axe_version(browser: Browser) -> str:
    page = browser.new_page()
    version: str = Axe().run(page).response["testEngine"]["version"]
    page.close()
    return version


if __name__ == "__main__":
    if sys.argv[1:] == ["--fill"]:
        print(json.dumps(fill()))
    else:
        main()
