"""Takes the pictures of the user guide from the running demo: `python -m tests.guide_pictures [slug ...]`.

Writes the pictures and portal/pages/guide/pictures_taken.json; commit both.
"""

import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, sync_playwright

import tests.outside_pytest  # noqa: F401 - first
from portal.demo.people import DEMO_PEOPLE
from portal.pages.guide import pictures
from portal.pages.guide.pictures import Pictured
from tests.guide_digest import first_case
from tests.guide_images import small
from tests.journeys.conftest import CHROMIUM, QUIET
from tests.journeys.running import RunningPortal, create_database
from tests.look import DemoPortal, signed_in


class Photographer:
    """Signs in once for each person and takes one picture after the other."""

    def __init__(self, portal: RunningPortal, browser: Browser) -> None:
        self.portal, self.browser = portal, browser
        self.contexts: dict[str, BrowserContext] = {}

    def take(self, wish: Pictured) -> dict[str, Any]:
        """Saves the picture and returns what is to be noted of it."""
        context = self._context(wish.who)
        url = self.portal.url + wish.address.replace("{case}", self._case(wish, context))
        page = context.new_page()
        page.set_viewport_size({"width": pictures.WIDTH, "height": wish.height})
        page.goto(url)
        image = small(page.screenshot())
        page.close()
        (pictures.FOLDER / wish.file).write_bytes(image)
        width, height = Image.open(io.BytesIO(image)).size
        return {"width": width, "height": height}

    def _context(self, who: str) -> BrowserContext:
        if who not in self.contexts:
            nobody = who == "nobody"
            self.contexts[who] = (
                self.browser.new_context(locale="en-GB")
                if nobody
                else signed_in(self.portal, self.browser, *DEMO_PEOPLE[who])
            )
        return self.contexts[who]

    def _case(self, wish: Pictured, context: BrowserContext) -> str:
        if "{case}" not in wish.address:
            return ""
        return first_case(context.request.get(self.portal.url + pictures.CASES).text())


class EmptyPortal(RunningPortal):
    """Only a database, for commands that need one."""

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, "DJANGO_SETTINGS_MODULE": "portal.config.settings.test"}

    def digests(self) -> dict[str, Any]:
        create_database()
        self.folder.mkdir(parents=True)
        for command in (["migrate", "-v0"], ["createcachetable"]):
            self.run("manage.py", *command)
        found: dict[str, Any] = json.loads(self.run("-m", "tests.guide_digest").splitlines()[-1])
        return found


def main(slugs: list[str]) -> None:
    pictures.FOLDER.mkdir(parents=True, exist_ok=True)
    record = pictures.record()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        portal = DemoPortal(Path(folder) / "demo", is_demo=True)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            create_database()
            portal.start()
            photographer = Photographer(portal, browser)
            for wish in pictures.PICTURED:
                if not slugs or wish.slug in slugs:
                    record[wish.slug] = photographer.take(wish)
                    print(wish.slug)
        finally:
            portal.stop()
            browser.close()
        digests = EmptyPortal(Path(folder) / "empty").digests()
    for slug in slugs or digests:
        if slug in record:
            record[slug]["digest"] = digests[slug]
    kept = {one.slug: record[one.slug] for one in pictures.PICTURED if one.slug in record}
    pictures.TAKEN.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
