"""What is done on a case by more than one journey: opening and moving it, determining it, complying with what is ordered."""

import re
from datetime import timedelta

from playwright.sync_api import Locator, Page, expect

from portal.lib import clock
from portal.lib.working_days import WorkingCalendar
from tests.journeys.conftest import Person

TAB = "/determination/"


def ours(reference: str) -> str:
    return f"/casework/cases/{reference}"


def theirs(reference: str) -> str:
    return f"/cases/{reference}"


def main(someone: Person) -> Locator:
    return someone.page.get_by_role("main")


def press(page: Page, name: str, role: str = "button") -> None:
    page.get_by_role(role, name=name, exact=True).first.click()
    page.wait_for_load_state("load")


def move(dev: Person, reference: str, status: str) -> None:
    dev.goto(f"{ours(reference)}/status/")
    dev.page.get_by_label(status).first.check()
    dev.page.get_by_label("Why the status changes").fill("The next step is clear.")
    press(dev.page, "Change status")
    expect(main(dev)).to_contain_text(f"Status changed to “{status}”")


def fill_date(page: Page, *, days: int, legend: str) -> None:
    group = page.get_by_role("group", name=legend)
    for label, value in zip(("Day", "Month", "Year"), in_days(days), strict=True):
        group.get_by_label(label, exact=True).fill(value)


def in_days(days: int) -> tuple[str, str, str]:
    day = clock.today() + timedelta(days=days)
    return str(day.day), str(day.month), str(day.year)


def _until_working_day(days: int) -> int:
    today = clock.today()
    return (WorkingCalendar().from_day(today + timedelta(days=days)) - today).days


def open_case(dev: Person, reference: str, landlord: str) -> None:
    page = dev.page
    dev.goto("/casework/cases/new/")
    page.get_by_label("Case reference").fill(reference)
    page.get_by_label("Landlord", exact=True).fill(landlord)
    page.get_by_label("Resident’s name").fill("Ada Okafor")
    page.get_by_label("Address of the home").fill("3 Canal Walk, Leeds LS1 9ZZ")
    owner = page.get_by_label("Case owner")
    owner.select_option(owner.locator("option", has_text="Dev Patel").get_attribute("value"))
    press(page, "Create case")
    expect(main(dev)).to_contain_text(reference)
    press(page, "Release to landlord")
    expect(main(dev)).to_contain_text("released")


def draft(dev: Person, reference: str) -> None:
    page = dev.page
    dev.goto(ours(reference) + TAB)
    press(page, "Draft the determination")
    for words, finding in (
        ("The landlord left the damp untreated for a year.", "Maladministration"),
        ("The landlord answered at stage 1 in time.", "No maladministration"),
    ):
        press(page, "Add a complaint")
        page.get_by_label("Complaint").fill(words)
        page.get_by_label(finding, exact=True).check()
        press(page, "Save")
        expect(main(dev)).to_contain_text(words)
    for kind, words, days in (("Compensation", "Pay the resident £450.", 14), ("Repairs", "Treat the damp.", 28)):
        press(page, "Add an order")
        page.get_by_label("What it is about").select_option(label=kind)
        page.get_by_label("What the landlord must do").fill(words)
        fill_date(page, days=_until_working_day(days), legend="Due date")
        press(page, "Save")
        expect(main(dev)).to_contain_text(words)
    press(page, "Add a recommendation")
    page.get_by_label("What it is about").select_option(label="Training")
    page.get_by_label("What you recommend").fill("Train the surveyors.")
    press(page, "Save")
    expect(main(dev)).to_contain_text("Train the surveyors.")


def issue(esi: Person, reference: str) -> None:
    esi.goto(ours(reference) + TAB)
    press(esi.page, "Issue the determination")
    expect(main(esi)).to_contain_text("2 complaints, 2 orders and 1 recommendation")
    press(esi.page, "Issue the determination")
    expect(main(esi)).to_contain_text("Determination issued")
    esi.page.get_by_role("link", name="Record that it was sent").click()
    esi.page.get_by_label("Post", exact=True).check()
    press(esi.page, "Save")
    expect(main(esi)).to_contain_text(re.compile("by post, recorded by .*Esi Mensah"))


def confirm(amina: Person, reference: str, number: int) -> None:
    page = amina.page
    amina.goto(theirs(reference) + TAB)
    page.get_by_role("link", name=re.compile(rf"Confirm compliance \(Order {number}:")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Confirm compliance with order {number}")
    amina.look()
    page.get_by_label("All of it").check()
    page.get_by_label("What did you do?").fill("We did what the order says.")
    fill_date(page, days=0, legend="When did you do it?")
    page.get_by_label(re.compile("Receipt.txt")).check()
    press(page, "Confirm compliance")
    expect(main(amina)).to_contain_text(f"Compliance with order {number} confirmed")
    amina.look()


def accept(dev: Person, reference: str, number: int) -> None:
    dev.goto(ours(reference) + TAB)
    dev.page.get_by_role("button", name=re.compile(rf"Accept \(Order {number}:")).click()
    expect(main(dev)).to_contain_text(f"Order {number} accepted")
