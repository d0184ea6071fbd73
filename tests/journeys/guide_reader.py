"""Somebody who follows a section of the guide: each label that they look for must be printed in that section."""

from bs4 import BeautifulSoup
from playwright.sync_api import Locator, Page

from tests.guide_words import words_of
from tests.journeys.conftest import Person


class Reader:
    def __init__(self, person: Person, section: str) -> None:
        self.person, self.page = person, person.page
        html = person.context.request.get(f"{person.portal.url}/guide/").text()
        self.words = words_of(BeautifulSoup(html, "html5lib"), section)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def top_right(self) -> Locator:
        return self.page.locator(".portal-header__tools")

    def says(self, *words: str) -> None:
        """The section says so, in this order."""
        at = 0
        for each in words:
            found = self.words.lower().find(each.lower(), at)
            assert found >= 0, f"the section does not say “{each}” after what came before: {self.words}"
            at = found + len(each)

    def link(self, label: str, within: Locator | Page | None = None) -> Locator:
        return (within or self.page).get_by_role("link", name=self._printed(label), exact=True).first

    def button(self, label: str, within: Locator | Page | None = None) -> Locator:
        return (within or self.page).get_by_role("button", name=self._printed(label), exact=True).first

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(self._printed(label), exact=True)

    def _printed(self, label: str) -> str:
        self.says(label)
        return label
