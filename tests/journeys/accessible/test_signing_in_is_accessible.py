"""Nobody must remember or copy out a secret to sign in (WCAG 3.3.8): passwords and codes can be pasted and filled in."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import PASSWORD
from tests.journeys.accessible.world_portal import WorldPortal
from tests.journeys.conftest import CODE
from tests.journeys.running import code_in

pytestmark = pytest.mark.once(on="sqlite")

ESI = "esi@ombudsman.example"


@pytest.mark.statement("paste")
@pytest.mark.row("S29")
def test_everything_that_signing_in_asks_for_can_be_pasted_and_filled_in(portal: WorldPortal, browser: Browser) -> None:
    with portal.browser_of("", browser, permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto("/sign-in/")
        _paste(page, "E-mail address", ESI, "username")
        _paste(page, "Password", PASSWORD, "current-password")
        page.get_by_role("button", name="Sign in", exact=True).click()
        before = len(portal.mails(ESI, CODE))
        page.get_by_role("button", name="Send 2FA Verification Code").click()
        _paste(page, "Enter code", code_in(portal.next_mail(ESI, before, CODE)), "one-time-code")
        page.get_by_role("button", name="Verify").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        page.goto("/account/password/")
        _paste(page, "New password", "a-long-walk-by-the-river", "new-password")


def _paste(page: Page, label: str, text: str, purpose: str) -> None:
    field = page.get_by_label(label, exact=True)
    expect(field).to_have_attribute("autocomplete", purpose)
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    field.focus()
    page.keyboard.press("ControlOrMeta+v")
    expect(field).to_have_value(text)
