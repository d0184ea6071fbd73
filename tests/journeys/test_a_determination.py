"""From draft to review: a determination is drafted, issued, complied with, closed on and reviewed, in the guide's words."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.lib import clock
from tests.journeys.conftest import NewPerson, Person
from tests.journeys.running import RunningPortal

REFERENCE = "202677001"
OURS, THEIRS = f"/casework/cases/{REFERENCE}", f"/cases/{REFERENCE}"
TAB = "/determination/"


@pytest.mark.row("S39")
@pytest.mark.row("S40")
@pytest.mark.row("S41")
@pytest.mark.row("S42")
@pytest.mark.row("S49")
@pytest.mark.row("S50")
@pytest.mark.row("S65")
@pytest.mark.row("S103")
def test_a_determination_from_draft_to_review(portal: RunningPortal, person: NewPerson, tmp_path) -> None:
    dev, amina = person("dev@ombudsman.example", javascript=False), person("amina@alder.example")
    carys, esi = person("carys@birch.example"), person("esi@ombudsman.example")
    for each in (dev, esi, amina, carys):
        each.look = _unless_without_script(each)  # type: ignore[method-assign]
        each.sign_in()
    _open_a_case(dev)
    for status in ("Referral assessment", "Awaiting investigation", "Under investigation"):
        _move(dev, status)
    _draft(dev)
    amina.goto(THEIRS + TAB)
    expect(_main(amina)).to_contain_text("No determination yet")
    _looks_at_every_page(esi)
    _issue(dev)

    _read_it(amina)
    _upload_evidence(amina, tmp_path)
    for number in (1, 2):
        _confirm(amina, number)
    _give_feedback(amina)
    _complete_the_task(amina)

    esi.goto(OURS + TAB)
    esi.look()
    _return_the_first_and_accept_the_second(dev)
    amina.goto(THEIRS + TAB)
    expect(_main(amina)).to_contain_text("The receipt has no date.")
    _confirm(amina, 1)
    _accept(dev, 1)
    expect(_main(dev)).to_contain_text("complied with every order")
    _move(dev, "Case closed")

    _ask_for_a_review(amina)
    dev.goto(f"{OURS}/")
    expect(_main(dev)).to_contain_text("DR2 Review")
    for path in (TAB, "/review/"):
        assert carys.context.request.get(portal.url + THEIRS + path).status == 404


def _unless_without_script(someone: Person):
    """The accessibility rules need scripts; people without them are looked at in the others' pages."""
    look = someone.look

    def maybe() -> None:
        if not someone.email.startswith("dev"):
            look()

    return maybe


def _main(someone: Person):
    return someone.page.get_by_role("main")


def _press(page: Page, name: str, role: str = "button") -> None:
    page.get_by_role(role, name=name, exact=True).first.click()
    page.wait_for_load_state("load")


def _move(dev: Person, status: str) -> None:
    dev.goto(f"{OURS}/status/")
    dev.page.get_by_label(status).first.check()
    dev.page.get_by_label("Why the status changes").fill("The next step is clear.")
    _press(dev.page, "Change status")
    expect(_main(dev)).to_contain_text(f"Status changed to “{status}”")


def _fill_date(page: Page, *, days: int, legend: str) -> None:
    group = page.get_by_role("group", name=legend)
    for label, value in zip(("Day", "Month", "Year"), _in_days(days), strict=True):
        group.get_by_label(label, exact=True).fill(value)


def _in_days(days: int) -> tuple[str, str, str]:
    day = clock.today() + timedelta(days=days)
    return str(day.day), str(day.month), str(day.year)


def _open_a_case(dev: Person) -> None:
    page = dev.page
    dev.goto("/casework/cases/new/")
    page.get_by_label("Case reference").fill(REFERENCE)
    page.get_by_label("Landlord", exact=True).fill("Alder Homes")
    page.get_by_label("Resident’s name").fill("Ada Okafor")
    page.get_by_label("Address of the home").fill("3 Canal Walk, Leeds LS1 9ZZ")
    _press(page, "Create case")
    expect(_main(dev)).to_contain_text(REFERENCE)
    _press(page, "Release to landlord")
    expect(_main(dev)).to_contain_text("released")


def _looks_at_every_page(esi: Person) -> None:
    """The caseworkers' pages with scripts, for the rules of accessibility."""
    for path in ("", "draft/complaints/new/", "draft/orders/new/", "issue/"):
        esi.goto(f"{OURS}/determination/{path}")
        esi.look()


def _draft(dev: Person) -> None:
    page = dev.page
    dev.goto(OURS + TAB)
    _press(page, "Draft the determination")
    for words, finding in (
        ("The landlord left the damp untreated for a year.", "Maladministration"),
        ("The landlord answered at stage 1 in time.", "No maladministration"),
    ):
        _press(page, "Add a complaint")
        page.get_by_label("Complaint").fill(words)
        page.get_by_label(finding, exact=True).check()
        _press(page, "Save")
        expect(_main(dev)).to_contain_text(words)
    for kind, words, days in (("Compensation", "Pay the resident £450.", 14), ("Repairs", "Treat the damp.", 28)):
        _press(page, "Add an order")
        page.get_by_label("What it is about").select_option(label=kind)
        page.get_by_label("What the landlord must do").fill(words)
        _fill_date(page, days=days, legend="Due date")
        _press(page, "Save")
        expect(_main(dev)).to_contain_text(words)
    _press(page, "Add a recommendation")
    page.get_by_label("What it is about").select_option(label="Training")
    page.get_by_label("What you recommend").fill("Train the surveyors.")
    _press(page, "Save")
    expect(_main(dev)).to_contain_text("Train the surveyors.")


def _issue(dev: Person) -> None:
    dev.goto(OURS + TAB)
    _press(dev.page, "Issue the determination")
    expect(_main(dev)).to_contain_text("2 complaints, 2 orders and 1 recommendation")
    _press(dev.page, "Issue the determination")
    expect(_main(dev)).to_contain_text("Determination issued")
    dev.page.get_by_role("link", name="Record that it was sent").click()
    dev.page.get_by_label("Post", exact=True).check()
    _press(dev.page, "Save")
    expect(_main(dev)).to_contain_text("by post, recorded by Dev Patel")


def _read_it(amina: Person) -> None:
    page = amina.page
    amina.goto(THEIRS + "/")
    expect(_main(amina)).to_contain_text("Determined – awaiting LL action")
    amina.look()
    page.get_by_role("link", name="Confirm compliance", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Confirm compliance")
    expect(_main(amina)).to_contain_text("Pay the resident £450.")
    amina.look()
    amina.goto(THEIRS + TAB)
    amina.look()
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Determination {REFERENCE}.pdf").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def _upload_evidence(amina: Person, tmp_path) -> None:
    page, receipt = amina.page, tmp_path / "Receipt.txt"
    receipt.write_text("Paid £450.\n")
    amina.goto(f"{THEIRS}/documents/")
    page.locator("input[type=file]").set_input_files(str(receipt))
    page.locator("[data-upload-list] select").first.select_option(label="Proof of compliance")
    page.get_by_role("button", name="Upload documents").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("receipt", ignore_case=True)


def _confirm(amina: Person, number: int) -> None:
    page = amina.page
    amina.goto(THEIRS + TAB)
    page.get_by_role("link", name=re.compile(rf"Confirm compliance \(Order {number}:")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Confirm compliance with order {number}")
    amina.look()
    page.get_by_label("All of it").check()
    page.get_by_label("What did you do?").fill("We did what the order says.")
    _fill_date(page, days=0, legend="When did you do it?")
    page.get_by_label(re.compile("Receipt.txt")).check()
    _press(page, "Confirm compliance")
    expect(_main(amina)).to_contain_text(f"Compliance with order {number} confirmed")
    amina.look()


def _give_feedback(amina: Person) -> None:
    page = amina.page
    page.get_by_role("link", name=re.compile("Give feedback")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Feedback on recommendation 1")
    amina.look()
    page.get_by_label("Accepted", exact=True).check()
    _press(page, "Send feedback")
    expect(_main(amina)).to_contain_text("Your feedback on recommendation 1 is with us")


def _complete_the_task(amina: Person) -> None:
    page = amina.page
    amina.goto("/tasks/")
    page.get_by_role("button", name="Options for Confirm compliance").click()
    page.get_by_role("link", name="Task completed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Task completed")
    _fill_date(page, days=0, legend="Date completed")
    _press(page, "Confirm task completed")
    expect(_main(amina)).to_contain_text("Completed, being checked")


def _accept(dev: Person, number: int) -> None:
    dev.goto(OURS + TAB)
    dev.page.get_by_role("button", name=re.compile(rf"Accept \(Order {number}:")).click()
    expect(_main(dev)).to_contain_text(f"Order {number} accepted")


def _return_the_first_and_accept_the_second(dev: Person) -> None:
    page = dev.page
    dev.goto(OURS + TAB)
    expect(_main(dev)).to_contain_text("Receipt.txt")
    page.get_by_role("link", name=re.compile(r"Return \(Order 1:")).click()
    page.get_by_label("What is missing").fill("The receipt has no date.")
    _press(page, "Save")
    expect(_main(dev)).to_contain_text("Order 1 returned")
    _accept(dev, 2)


def _ask_for_a_review(amina: Person) -> None:
    page = amina.page
    amina.goto("/cases/closed/")
    page.get_by_role("main").get_by_role("link", name=re.compile(REFERENCE)).first.click()
    expect(_main(amina)).to_contain_text("This case was closed")
    amina.look()
    page.get_by_role("link", name="Determination", exact=True).click()
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ask for a review")
    amina.look()
    page.get_by_label("There is new evidence").check()
    page.get_by_label("What should the review look at?").fill("We found the surveyor’s diary.")
    _press(page, "Ask for a review")
    expect(_main(amina)).to_contain_text("The case is with DR2 Review now")
    expect(_main(amina)).to_contain_text("Review – case outcome")
    amina.look()
