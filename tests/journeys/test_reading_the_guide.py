"""Reading the guide in a browser: folded with script, whole without, and a link opens the part that it names."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.running import RunningPortal

pytestmark = pytest.mark.once(on="postgresql")


def open_guide(
    browser: Browser, portal: RunningPortal, path: str, *, width: int = 1280, javascript: bool = True
) -> Page:
    viewport = {"width": width, "height": 800}
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


@pytest.mark.row("S29")
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", ["/guide/", "/guide/video/", "/acceptable-use/", "/accessibility/", "/contact/"])
def test_the_pages_break_no_rule_and_need_no_scrolling_sideways(
    browser: Browser, portal: RunningPortal, path: str, width: int
) -> None:
    page = open_guide(browser, portal, path, width=width)
    if path == "/guide/":
        page.get_by_role("button", name=re.compile("Show all sections")).click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.context.close()
