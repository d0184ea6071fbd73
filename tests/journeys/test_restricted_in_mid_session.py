"""Somebody is restricted while they work: the next click obeys. Lifted: it works again, in the same session."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.lib import clock
from tests.journeys.conftest import NewPerson, Person
from tests.journeys.running import RunningPortal

pytestmark = pytest.mark.once(on="postgresql")

ALDERS = "/cases/202601234/"


@pytest.mark.row("S8")
@pytest.mark.row("C22")
def test_the_next_click_obeys_and_lifting_gives_everything_back(portal: RunningPortal, person: NewPerson) -> None:
    gwen, ben = person("gwen@ombudsman.example"), person("ben@alder.example")
    gwen.sign_in()
    ben.sign_in()
    ben.goto(f"{ALDERS}messages/new/")
    ben.page.get_by_label("Subject").fill("My opinion")
    ben.page.get_by_label("Your message").fill("You are all useless.")

    before = len(portal.mails("ben@alder.example"))
    _restrict(gwen)
    ben.page.get_by_role("button", name="Send", exact=True).click()
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("Your access to the portal is restricted")
    expect(ben.page.get_by_role("link", name="Unacceptable User Action Policy")).to_be_visible()
    ben.look()
    assert "/your-access/" in portal.next_mail("ben@alder.example", before).get_content()
    ben.goto(ALDERS)
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("Case 202601234")
    expect(ben.page.get_by_label("Your access")).to_contain_text("read-only at the moment")
    expect(ben.page.get_by_role("main").get_by_role("button", name="Save")).to_have_count(0)
    ben.look()

    _take_step(gwen, "Change the level", "Full block")
    ben.goto("/tasks/")
    expect(ben.page.get_by_role("main")).to_contain_text("You cannot use the portal at the moment")
    expect(ben.page.get_by_role("navigation", name="Menu")).to_have_count(0)
    ben.look()

    _take_step(gwen, "Change the level", "Warning")
    ben.goto("/tasks/")
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("About your use of the portal")
    ben.look()
    ben.page.get_by_role("button", name="I have read this").click()
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("My tasks")

    _take_step(gwen, "Change the level", "Message block")
    ben.goto(f"{ALDERS}messages/")
    expect(ben.page.get_by_role("button", name="Start a new message")).to_have_count(0)
    _take_step(gwen, "Lift the restriction")
    ben.goto(f"{ALDERS}messages/")
    ben.page.get_by_role("button", name="Start a new message").click()
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("New message")
    expect(ben.page.get_by_label("Your access")).to_have_count(0)


def _restrict(gwen: Person) -> None:
    gwen.goto("/casework/landlords/?name=Alder+Homes")
    gwen.page.get_by_role("main").get_by_role("link", name="Alder Homes").click()
    gwen.page.get_by_role("link", name="Restrict access of Ben Carter").click()
    expect(gwen.page.get_by_role("heading", level=1)).to_have_text("Restrict access: Ben Carter")
    gwen.look()
    _fill(gwen, "Read-only")
    gwen.page.get_by_role("button", name="Restrict access").click()
    expect(gwen.page.get_by_role("heading", level=1)).to_have_text("Restriction: Ben Carter")
    gwen.look()


def _take_step(gwen: Person, step: str, level: str = "") -> None:
    gwen.page.get_by_role("button", name=step).click()
    expect(gwen.page.get_by_role("heading", level=1)).to_have_text(step)
    if level:
        _fill(gwen, level)
    else:
        gwen.page.get_by_label("Why it ends").fill("A new start.")
    gwen.page.get_by_role("button", name=step).click()
    expect(gwen.page.get_by_role("heading", level=1)).to_have_text("Restriction: Ben Carter")


def _fill(gwen: Person, level: str) -> None:
    review = clock.today() + timedelta(days=30)
    page = gwen.page
    page.get_by_role("radio", name=level).check()
    page.get_by_label("Why", exact=True).fill("What he wrote and said on the telephone.")
    page.get_by_label("Approved by").select_option(label="Farid Haddad (Team manager)")
    for part, value in (("Day", review.day), ("Month", review.month), ("Year", review.year)):
        page.get_by_label(part, exact=True).fill(str(value))
