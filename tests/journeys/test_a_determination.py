"""From draft to review: a determination is drafted, issued, complied with, closed on and reviewed, in the guide's words."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.conftest import NewPerson, Person
from tests.journeys.running import RunningPortal

pytestmark = pytest.mark.once(on="postgresql")

REFERENCE = "202677001"
OURS, THEIRS = steps.ours(REFERENCE), steps.theirs(REFERENCE)
TAB = steps.TAB


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
        each.sign_in()
    steps.open_case(dev, REFERENCE, "Alder Homes")
    for status in ("Referral assessment", "Awaiting investigation", "Under investigation"):
        steps.move(dev, REFERENCE, status)
    steps.draft(dev, REFERENCE)
    amina.goto(THEIRS + TAB)
    expect(steps.main(amina)).to_contain_text("No determination yet")
    _looks_at_every_page(esi)
    steps.issue(esi, REFERENCE)

    _read_it(amina)
    _upload_evidence(amina, tmp_path)
    for number in (1, 2):
        steps.confirm(amina, REFERENCE, number)
    _give_feedback(amina)
    _complete_the_task(amina)

    esi.goto(OURS + TAB)
    esi.look()
    _return_the_first_and_accept_the_second(dev)
    amina.goto(THEIRS + TAB)
    expect(steps.main(amina)).to_contain_text("The receipt has no date.")
    steps.confirm(amina, REFERENCE, 1)
    steps.accept(dev, REFERENCE, 1)
    expect(steps.main(dev)).to_contain_text("complied with every order")
    steps.move(dev, REFERENCE, "Case closed")

    _ask_for_a_review(amina)
    dev.goto(f"{OURS}/")
    expect(steps.main(dev)).to_contain_text("DR2 Review")
    for path in (TAB, "/review/"):
        assert carys.context.request.get(portal.url + THEIRS + path).status == 404


def _looks_at_every_page(esi: Person) -> None:
    """The caseworkers' pages with scripts, for the rules of accessibility."""
    for path in ("", "draft/complaints/new/", "draft/orders/new/", "issue/"):
        esi.goto(f"{OURS}/determination/{path}")
        esi.look()


def _read_it(amina: Person) -> None:
    page = amina.page
    amina.goto(THEIRS + "/")
    expect(steps.main(amina)).to_contain_text("Determined – awaiting LL action")
    amina.look()
    page.get_by_role("link", name="Confirm compliance", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Confirm compliance")
    expect(steps.main(amina)).to_contain_text("Pay the resident £450.")
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


def _give_feedback(amina: Person) -> None:
    page = amina.page
    page.get_by_role("link", name=re.compile("Give feedback")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Feedback on recommendation 1")
    amina.look()
    page.get_by_label("Accepted", exact=True).check()
    steps.press(page, "Send feedback")
    expect(steps.main(amina)).to_contain_text("Your feedback on recommendation 1 is with us")


def _complete_the_task(amina: Person) -> None:
    page = amina.page
    amina.goto("/tasks/")
    page.get_by_role("button", name="Options for Confirm compliance").click()
    page.get_by_role("link", name="Task completed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Task completed")
    steps.fill_date(page, days=0, legend="Date completed")
    steps.press(page, "Confirm task completed")
    expect(steps.main(amina)).to_contain_text("Completed, being checked")


def _return_the_first_and_accept_the_second(dev: Person) -> None:
    page = dev.page
    dev.goto(OURS + TAB)
    expect(steps.main(dev)).to_contain_text("Receipt.txt")
    page.get_by_role("link", name=re.compile(r"Return \(Order 1:")).click()
    page.get_by_label("What is missing").fill("The receipt has no date.")
    steps.press(page, "Save")
    expect(steps.main(dev)).to_contain_text("Order 1 returned")
    steps.accept(dev, REFERENCE, 2)


def _ask_for_a_review(amina: Person) -> None:
    page = amina.page
    amina.goto("/cases/closed/")
    page.get_by_role("main").get_by_role("link", name=re.compile(REFERENCE)).first.click()
    expect(steps.main(amina)).to_contain_text("This case was closed")
    amina.look()
    page.get_by_role("link", name="Determination", exact=True).click()
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ask for a review")
    amina.look()
    page.get_by_label("There is new evidence").check()
    page.get_by_label("What should the review look at?").fill("We found the surveyor’s diary.")
    steps.press(page, "Ask for a review")
    expect(steps.main(amina)).to_contain_text("The case is with DR2 Review now")
    expect(steps.main(amina)).to_contain_text("Review – case outcome")
    amina.look()
