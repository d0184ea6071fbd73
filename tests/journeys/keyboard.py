"""A person who has no mouse: goes by Tab, arrow keys, Enter and Escape, and must see at each stop where they are."""

from playwright.sync_api import Locator, Page, expect

from tests.journeys.looking import measure

FAR = 120  # more stops than any page has


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops = 0
        # Playwright takes over the browser's dialog from here on: asked only as the key is pressed, it may come too late.
        page.on("filechooser", lambda chooser: None)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, wanted: Locator, *, key: str = "Tab") -> None:
        """Goes on to an element; each stop on the way shows that it has the focus. Never arriving is a trap."""
        expect(wanted).to_be_visible()
        for _ in range(FAR):
            self.press(key)
            if self.page.evaluate("document.activeElement !== document.body"):
                assert measure(self.page, "stop") == []
                self.stops += 1
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{FAR} stops, and {wanted} was none of them")

    def back_to(self, wanted: Locator) -> None:
        self.tab_to(wanted, key="Shift+Tab")

    def button(self, name: str, **how: bool) -> None:
        self.tab_to(self.page.get_by_role("button", name=name, **how))
        self.press("Enter")

    def link(self, name: str, **how: bool) -> None:
        self.tab_to(self.page.get_by_role("link", name=name, **how).first)
        self.press("Enter")

    def fill(self, label: str, text: str) -> None:
        self.tab_to(self.page.get_by_label(label, exact=True))
        self.press("ControlOrMeta+a")
        self.type(text)

    def choose_files(self, label: str, *paths: str) -> None:
        """The space bar on the field opens the browser's own dialog, which the keyboard works too."""
        expect(self.page.get_by_label(label)).to_be_visible()  # so it is this page whose scripts are waited for:
        self.page.wait_for_load_state("load")  # one that starts meanwhile would take the press
        self.tab_to(self.page.get_by_label(label))
        with self.page.expect_file_chooser() as chooser:
            self.press("Space")
        chooser.value.set_files(list(paths))

    def stop_names(self, count: int) -> list[str]:
        """What the next stops are called, in their order."""
        names = []
        for _ in range(count):
            self.press("Tab")
            assert measure(self.page, "stop") == []
            names.append(self.page.evaluate(NAME))
        return names


NAME = "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText).trim()"
