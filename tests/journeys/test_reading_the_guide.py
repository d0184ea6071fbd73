"""Reading the guide in a browser: folded with script, whole without, and a link opens the part that it names."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.running import RunningPortal

pytestmark = pytest.mark.once(on="postgresql")


def open_guide(browser: Browser, portal: RunningPortal, path: str, *, javascript: bool = True) -> Page:
    viewport = {"width": 1280, "height": 800}
    context = browser.new_context(viewport=viewport, java_script_enabled=javascript, locale="en-GB")
    page = context.new_page()
    page.goto(portal.url + path)
    return page


@pytest.mark.row("S102")
def test_a_link_to_a_part_opens_its_section_and_no_other(browser: Browser, portal: RunningPortal) -> None:
    page = open_guide(browser, portal, "/guide/#managing-tasks")
    opened = page.locator(".govuk-accordion__section-button[aria-expanded=true]")
    expect(opened).to_have_count(1)
    expect(opened).to_contain_text("Using the portal")
    expect(page.get_by_role("heading", name="Managing tasks")).to_be_in_viewport()
    page.get_by_role("link", name="Technical issues", exact=True).click()
    expect(page.get_by_role("heading", name="Technical issues")).to_be_in_viewport()
    expect(opened).to_have_count(2)
    page.context.close()


@pytest.mark.row("S102")
def test_without_script_the_whole_guide_can_be_read(browser: Browser, portal: RunningPortal) -> None:
    page = open_guide(browser, portal, "/guide/", javascript=False)
    for heading in ("Account management", "Case status", "Sub accounts", "Technical issues"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_text("20 MB (20,971,520 bytes)")).to_be_visible()
    page.context.close()
