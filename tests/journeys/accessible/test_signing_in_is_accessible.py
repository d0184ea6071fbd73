"""Nobody must remember or copy out a secret to sign in (WCAG 3.3.8): passwords and codes can be pasted and filled in."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.accessible.world_portal import WorldPortal

WORDS = "correct-horse-battery"


@pytest.mark.parametrize(
    ("who", "address", "label", "purpose"),
    [
        ("", "/sign-in/", "E-mail address", "username"),
        ("", "/sign-in/", "Password", "current-password"),
        ("with code", "/sign-in/code/", "Enter code", "one-time-code"),
        ("amina", "/account/password/", "New password", "new-password"),
    ],
)
@pytest.mark.statement("paste")
@pytest.mark.row("S29")
def test_a_field_of_signing_in_says_what_it_is_for_and_takes_what_is_pasted(
    portal: WorldPortal, browser: Browser, who: str, address: str, label: str, purpose: str
) -> None:
    with portal.browser_of(who, browser) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(address)
        field = page.get_by_label(label, exact=True)
        expect(field).to_have_attribute("autocomplete", purpose)
        _paste(page, "123456" if purpose == "one-time-code" else WORDS, label)
        assert field.input_value() in {"123456", WORDS}


def _paste(page: Page, text: str, label: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.get_by_label(label, exact=True).focus()
    page.keyboard.press("ControlOrMeta+v")
