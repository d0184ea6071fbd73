"""Takes pictures of the running demo, wide and narrow, to be looked at: `python -m tests.look FOLDER [who=/address/ ...]`.

`python -m tests.look --readme` takes the picture in the README.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

import tests.outside_pytest  # noqa: F401  (sets Django up)
from portal.demo.people import DEMO_PEOPLE
from tests.house.layers import ROOT
from tests.journeys.conftest import CHROMIUM, QUIET, Person
from tests.journeys.running import RunningPortal

WIDTHS = (1280, 360)
README = ROOT / "docs" / "images" / "home.png"


class DemoPortal(RunningPortal):
    """The running portal with the demo's people and cases in place of the tests' cast."""

    def fill(self) -> None:
        self.run("manage.py", "build_demo", "--small")


def signed_in(portal: RunningPortal, browser: Browser, email: str, password: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900}, locale="en-GB")
    person = Person(portal, context, email, password)
    person.look = lambda: None  # type: ignore[method-assign]  # only pictures are wanted here
    person.sign_in()
    return context


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        portal = DemoPortal(Path(folder), is_demo=True)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            portal.start()
            if arguments == ["--readme"]:
                _readme(portal, browser)
            else:
                _pictures(portal, browser, Path(arguments[0]), arguments[1:])
        finally:
            portal.stop()
            browser.close()
    print("done")


def _readme(portal: RunningPortal, browser: Browser) -> None:
    page = signed_in(portal, browser, *DEMO_PEOPLE["administrator"]).new_page()
    page.goto(portal.url + "/")
    README.parent.mkdir(exist_ok=True)
    page.screenshot(path=README)


def _pictures(portal: RunningPortal, browser: Browser, folder: Path, wishes: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    contexts: dict[str, BrowserContext] = {}
    for wish in wishes:
        who, _, address = wish.partition("=")
        if who not in contexts:
            contexts[who] = (
                signed_in(portal, browser, *DEMO_PEOPLE[who])
                if who != "nobody"
                else browser.new_context(locale="en-GB")
            )
        page = contexts[who].new_page()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(portal.url + address)
            name = address.strip("/").replace("/", "-").replace("?", "-").replace("=", "-") or "home"
            page.screenshot(path=folder / f"{who}-{name}-{width}.png", full_page=True)
        page.close()


if __name__ == "__main__":
    main(sys.argv[1:])
