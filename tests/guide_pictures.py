"""Takes the pictures of the user guide from the running demo: `bin/guide pictures [slug ...]`.

It starts a demo of its own on a fixed day, and ends it. Without names it takes all pictures anew. It writes the
pictures and portal/pages/guide/pictures_taken.json; commit both. The same pages give the same pictures, byte for byte,
on the same machine; another Chromium or other typefaces draw them differently.
"""

import io
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FloatRect, Page, sync_playwright

import tests.outside_pytest  # noqa: F401 - first
from portal.demo.people import DEMO_PEOPLE
from portal.pages.guide import pictures
from portal.pages.guide.pictures import Pictured
from tests import databases
from tests.guide_digest import filled_in
from tests.guide_files import two_files
from tests.guide_images import small
from tests.guide_portal import GuidePortal
from tests.journeys.conftest import CHROMIUM, QUIET
from tests.journeys.running import RunningPortal
from tests.look import signed_in

ABOVE = 12  # pixels over the first thing of a picture that does not begin with the page
MARGIN = 2  # pixels under the last thing of a picture: the line below a row


def _open_person_menu(page: Page) -> None:
    page.get_by_role("button", name="Profile and settings").click()


def _open_details(page: Page) -> None:
    page.get_by_role("button", name="Details of").first.click()


def _open_options(page: Page) -> None:
    page.get_by_role("button", name="Options for").first.click()


def _choose_documents(page: Page) -> None:
    with tempfile.TemporaryDirectory() as folder:
        page.locator("input[type=file]").first.set_input_files([str(path) for path in two_files(Path(folder))])
        categories = page.locator("select[data-upload-category]")
        categories.nth(1).wait_for()
        for number, label in enumerate(("Stage 1 response", "Photograph, video or recording")):
            categories.nth(number).select_option(label=label)


# What is done on a page before its picture is taken.
ACTIONS: dict[str, Callable[[Page], None]] = {
    "profile": _open_person_menu,
    "tasks": _open_details,
    "task-options": _open_options,
    "categories": _choose_documents,
    "users": _open_options,
}


class Photographer:
    """Signs in once for each person and takes one picture after the other."""

    def __init__(self, portal: RunningPortal, browser: Browser) -> None:
        self.portal, self.browser = portal, browser
        self.contexts: dict[str, BrowserContext] = {}

    def take(self, wish: Pictured) -> dict[str, Any]:
        """Saves the picture and returns what is to be noted of it."""
        page = self._context(wish.who).new_page()
        page.set_viewport_size({"width": pictures.WIDTH, "height": 900})
        address = filled_in(wish.address, lambda path: self._html(page, path))
        answer = page.goto(self.portal.url + address)
        assert answer is not None
        assert answer.ok, f"{wish.slug}: {address} answers {answer.status}"
        ACTIONS.get(wish.slug, lambda page: None)(page)
        image = small(_screenshot(page, wish))
        page.close()
        (pictures.FOLDER / wish.file).write_bytes(image)
        width, height = Image.open(io.BytesIO(image)).size
        return {"width": width, "height": height}

    def _html(self, page: Page, path: str) -> str:
        return page.context.request.get(self.portal.url + path).text()

    def _context(self, who: str) -> BrowserContext:
        if who not in self.contexts:
            self.contexts[who] = (
                self.browser.new_context(locale="en-GB")
                if who == "nobody"
                else signed_in(self.portal, self.browser, *DEMO_PEOPLE[who])
            )
        return self.contexts[who]


def _screenshot(page: Page, wish: Pictured) -> bytes:
    """What lies between the two elements, over the whole width, without the pointer's traces."""
    page.mouse.move(0, 0)
    page.wait_for_load_state("networkidle")
    top = max(0, _box(page, wish.since)["y"] - ABOVE)
    last = _box(page, wish.until)
    height = round(last["y"] + last["height"] - top) + MARGIN
    clip = {"x": 0, "y": round(top + page.evaluate("scrollY")), "width": pictures.WIDTH, "height": height}
    return page.screenshot(full_page=True, animations="disabled", clip=clip)


def _box(page: Page, selector: str) -> FloatRect:
    box = page.locator(selector).first.bounding_box()
    assert box, f"{page.url} has no {selector}"
    return box


class EmptyPortal(RunningPortal):
    """Only a database, for commands that need one."""

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, "DJANGO_SETTINGS_MODULE": "portal.config.settings.test"}

    def digests(self) -> dict[str, Any]:
        databases.create(self.database)
        self.folder.mkdir(parents=True)
        for command in (["migrate", "-v0"], ["createcachetable"]):
            self.run("manage.py", *command)
        found: dict[str, Any] = json.loads(self.run("-m", "tests.guide_digest").splitlines()[-1])
        return found


def main(slugs: list[str]) -> None:
    os.environ.pop("DATABASE_URL", None)  # a database of its own, whatever the environment says
    pictures.FOLDER.mkdir(parents=True, exist_ok=True)
    record = pictures.record() if slugs else {}
    with tempfile.TemporaryDirectory() as folder:
        record |= _taken(Path(folder) / "demo", slugs)
        digests = EmptyPortal(Path(folder) / "empty").digests()
    for slug in slugs or digests:
        record[slug]["digest"] = digests[slug]
    kept = {one.slug: record[one.slug] for one in pictures.PICTURED if one.slug in record}
    pictures.TAKEN.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def _taken(folder: Path, slugs: list[str]) -> dict[str, dict[str, Any]]:
    record = {}
    portal = GuidePortal(folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            portal.start()
            photographer = Photographer(portal, browser)
            for wish in pictures.PICTURED:
                if not slugs or wish.slug in slugs:
                    record[wish.slug] = photographer.take(wish)
                    print(wish.slug)
        finally:
            portal.stop()
            browser.close()
    return record


if __name__ == "__main__":
    main(sys.argv[1:])
