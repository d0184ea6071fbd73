"""A filter from its first use to its deletion, in two browsers; and every heading of the lists, by keyboard alone."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.cedar import ADMINISTRATOR, CASES, COLLEAGUE
from tests.journeys.conftest import NewPerson, Person
from tests.journeys.running import RunningPortal

pytestmark = pytest.mark.once(on="postgresql")

HEADINGS = ["Reference", "Resident and home", "Status", "Managing team", "Case owner", "Assigned to", "Next deadline"]
TASK_HEADINGS = ["Deadline", "Task", "Kind of task", "Case", "Resident", "Assigned to"]
NAME = "What Dan does"


@pytest.mark.row("B9")
@pytest.mark.row("B8")
@pytest.mark.row("S31")
def test_a_saved_filter(portal: RunningPortal, person: NewPerson) -> None:
    portal.run("-m", "tests.journeys.cedar")
    cara, dan = person(ADMINISTRATOR), person(COLLEAGUE, javascript=False)
    cara.sign_in()
    _assign_to_dan(cara, "202570003")
    _save_and_share(cara)
    _press_every_heading(cara, "/cases/open/", HEADINGS, f"{CASES} open cases")
    _press_every_heading(cara, "/tasks/", TASK_HEADINGS, f"{CASES} outstanding tasks")

    _sign_in_without_scripts(dan)
    _use_what_is_shared(dan)
    _replace_after_being_asked(cara)
    _delete(cara)
    dan.goto("/cases/open/")
    expect(dan.page.get_by_role("link", name=NAME)).to_have_count(0)


def _assign_to_dan(cara: Person, reference: str) -> None:
    cara.goto(f"/cases/{reference}/")
    cara.page.get_by_label("Your colleague on this case").select_option(label="Dan Osei")
    cara.page.get_by_role("button", name="Save").click()
    expect(cara.page.get_by_role("main")).to_contain_text("assigned to Dan Osei")


def _save_and_share(cara: Person) -> None:
    page = cara.page
    cara.goto("/cases/open/")
    page.get_by_text("Filter cases", exact=True).click()
    page.get_by_label("Assigned to").select_option(label="Dan Osei")
    cara.look()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("main")).to_contain_text("1 open case matches your filters")
    page.get_by_role("link", name="Save this filter").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a name for the filter")
    cara.look()
    page.get_by_label("Name of the filter").fill(NAME)
    page.get_by_label("Share with colleagues").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(f"Filter “{NAME}” saved.")
    cara.look()


def _press_every_heading(cara: Person, address: str, headings: list[str], found: str) -> None:
    """Tab from one heading to the next and Enter, twice each: the second press turns the list round."""
    for heading in headings:
        cara.goto(address)
        first = _press(cara, heading)
        second = _press(cara, heading)
        assert {first, second} == {"ascending", "descending"}, heading
        expect(cara.page.get_by_role("main")).to_contain_text(found)
    cara.look()


def _press(cara: Person, heading: str) -> str:
    """Reached by the Tab key from the filter above the list. Says which way the heading then sorts."""
    cara.page.locator(".portal-filter > summary").focus()
    for _ in range(len(HEADINGS) + 1):
        cara.page.keyboard.press("Tab")
        if (_focused(cara).text_content() or "").startswith((f"{heading}:", f"{heading},")):
            break
    expect(_focused(cara)).to_contain_text(heading)
    before = cara.page.url
    cara.page.keyboard.press("Enter")
    cara.page.wait_for_url(lambda url: url != before)
    link = cara.page.locator("a.portal-sort--ascending, a.portal-sort--descending")
    expect(link).to_contain_text(heading)
    return "ascending" if "ascending" in (link.get_attribute("class") or "") else "descending"


def _focused(cara: Person) -> Locator:
    return cara.page.locator(":focus")


def _sign_in_without_scripts(dan: Person) -> None:
    dan.look = lambda: None  # type: ignore[method-assign]  # the accessibility rules are a script
    dan.sign_in()


def _use_what_is_shared(dan: Person) -> None:
    dan.goto("/cases/open/")
    expect(dan.page.get_by_role("navigation", name="Saved filters")).to_contain_text("shared by Cara Novak")
    dan.page.get_by_role("link", name=NAME).click()
    expect(dan.page.locator("tbody th")).to_have_text(["202570003"])
    dan.page.get_by_role("link", name="Manage saved filters").click()
    expect(dan.page.get_by_role("link", name=f"Delete {NAME}")).to_have_count(0)


def _replace_after_being_asked(cara: Person) -> None:
    page = cara.page
    cara.goto("/cases/open/?team=triage&sort=-reference")
    page.get_by_role("link", name="Save this filter").click()
    page.get_by_label("Name of the filter").fill(NAME)
    page.get_by_label("Share with colleagues").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("already")
    cara.look()
    page.get_by_role("button", name="Replace the saved filter").click()
    expect(page.get_by_role("main")).to_contain_text(f"Filter “{NAME}” saved.")
    assert page.url.endswith("/cases/open/?team=triage&sort=-reference")


def _delete(cara: Person) -> None:
    page = cara.page
    page.get_by_role("link", name="Manage saved filters").click()
    cara.look()
    page.get_by_role("link", name=f"Change {NAME}").click()
    cara.look()
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name=f"Delete {NAME}").click()
    cara.look()
    page.get_by_role("button", name="Delete filter").click()
    expect(page.get_by_role("main")).to_contain_text(f"Filter “{NAME}” deleted.")
    expect(page.get_by_role("main")).to_contain_text("You have no saved filters")
