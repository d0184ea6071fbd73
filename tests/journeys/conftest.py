"""One running portal for all journeys of a test run, one browser, and people who can sign in with it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from tests.cast import PASSWORD
from tests.journeys.looking import HEIGHT, WIDE, measure, narrow, widen
from tests.journeys.rowan import NIA
from tests.journeys.running import RunningPortal, code_in

CODE = "sign-in code"  # the kind of the mail
CHROMIUM = os.environ.get("PORTAL_CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 60_000  # a busy machine makes a run slow, not wrong
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package")
def portal(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """Web server, worker and mail server on a database of their own."""
    running = RunningPortal(tmp_path_factory.mktemp("portal"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


NewPerson = Callable[..., "Person"]


class Person:
    """Somebody at a browser of their own, which runs scripts or does not."""

    def __init__(
        self,
        portal: RunningPortal,
        context: BrowserContext,
        email: str,
        password: str = PASSWORD,
        *,
        javascript: bool = True,
        is_measured: bool = False,
    ) -> None:
        self.portal, self.context, self.email, self.password = portal, context, email, password
        self.has_script, self.is_measured = javascript, is_measured
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)

    def goto(self, path: str) -> None:
        self.page.goto(self.portal.url + path)

    def sign_in(self) -> None:
        """The whole way: password, “Send 2FA Verification Code”, the code from the mail, “Verify”."""
        self.goto("/sign-in/")
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(self.password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.enter_code()

    def enter_code(self) -> None:
        before = len(self.portal.mails(self.email, CODE))
        self.page.get_by_role("button", name="Send 2FA Verification Code").click()
        code = code_in(self.portal.next_mail(self.email, before, CODE))
        self.page.get_by_label("Enter code").fill(code)
        self.page.get_by_role("button", name="Verify").click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def look(self) -> None:
        """Nothing on the page as it stands sticks out sideways at 320 pixels; with --all, it breaks no rule of axe either.

        accessible/test_every_page.py asks axe about every page in every run. The measures are scripts: browsers without
        scripts are looked at in the others' pages.
        """
        if self.has_script:
            if self.is_measured:
                assert measure(self.page, "axe", contrast=False) == [], self.page.url
            narrow(self.page)
            assert measure(self.page, "sideways") == [], self.page.url
            widen(self.page)


@pytest.fixture(scope="package")
def rowan(portal: RunningPortal, browser: Browser) -> StorageState:
    """Rowan Homes stands in the portal, and Nia, its administrator, is signed in: her session, for a browser of a test's own."""
    portal.run("-m", "tests.journeys.rowan")
    context = browser.new_context(locale="en-GB")
    Person(portal, context, NIA).sign_in()
    session = context.storage_state()
    context.close()
    return session


@pytest.fixture
def nia(person: NewPerson, rowan: StorageState) -> "Person":
    """The administrator of Rowan Homes, signed in."""
    return person(NIA, session=rowan)


@pytest.fixture
def person(portal: RunningPortal, browser: Browser, tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[NewPerson]:
    """`person("amina@alder.example")` opens a browser for her; with `javascript=False` it runs no scripts."""
    contexts: list[BrowserContext] = []

    def build(
        email: str, password: str = PASSWORD, *, javascript: bool = True, session: StorageState | None = None
    ) -> Person:
        context = browser.new_context(
            java_script_enabled=javascript,
            viewport={"width": WIDE, "height": HEIGHT},
            locale="en-GB",
            storage_state=session,
        )
        contexts.append(context)
        is_measured: bool = pytestconfig.option.all
        return Person(portal, context, email, password, javascript=javascript, is_measured=is_measured)

    yield build
    for number, context in enumerate(contexts):
        for page in context.pages:  # shown when the journey failed
            page.screenshot(path=tmp_path / f"{number}.png", full_page=True)
            print(f"\n{page.url}\n{page.locator('body').inner_text()[:1500]}")
        context.close()
