"""The whole day of a landlord and of its caseworker in browsers that run no scripts: nothing is missing, nothing is lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.conftest import NewPerson, Person
from tests.journeys.running import RunningPortal

pytestmark = pytest.mark.once(on="sqlite")

REFERENCE = "202688001"
THEIRS, OURS = steps.theirs(REFERENCE), steps.ours(REFERENCE)
TASK, QUESTION = "Send the repair log", "What we need"
TYPED = "The boiler was replaced on 3 March."


@pytest.mark.statement("no-script")
@pytest.mark.row("B25")
@pytest.mark.row("S29")
def test_the_whole_day_of_a_landlord_and_its_caseworker_without_javascript(
    portal: RunningPortal, person: NewPerson, tmp_path: Path
) -> None:
    dev = person("dev@ombudsman.example", javascript=False)
    esi = person("esi@ombudsman.example", javascript=False)
    zoe = person("zoe@cedar.example", javascript=False)
    for each in (dev, esi, zoe):
        each.sign_in()  # with the second factor by e-mail
    _ask(dev)
    _find_the_case(zoe)
    _read_the_task(zoe)
    _upload(zoe, tmp_path)
    _complete_the_task(zoe)
    _reply_with_an_attachment(zoe, tmp_path)
    _lose_nothing_by_a_time_out(portal, zoe)
    _check_what_came(dev)
    _comply(dev, esi, zoe)
    _sign_out(zoe)


def _ask(dev: Person) -> None:
    page = dev.page
    steps.open_case(dev, REFERENCE, "Cedar Homes")
    for status in ("Referral assessment", "Evidence gathering"):
        steps.move(dev, REFERENCE, status)
    dev.goto(f"{OURS}/tasks/new/")
    page.get_by_label("Respond to information/evidence request").check()
    page.get_by_label("Title").fill(TASK)
    page.get_by_label("Or a number of working days from today").fill("10")
    steps.press(page, "Set task")
    expect(steps.main(dev)).to_contain_text(TASK)
    dev.goto(f"{OURS}/messages/new/")
    page.get_by_label("Subject").fill(QUESTION)
    page.get_by_label("Your message").fill("Please send the log since January.")
    steps.press(page, "Send")
    expect(steps.main(dev)).to_contain_text("Please send the log since January.")


def _find_the_case(zoe: Person) -> None:
    """By the menu, the filter and what it applied."""
    page = zoe.page
    zoe.goto("/")
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Open cases").click()
    page.locator("summary", has_text="Filter").click()
    page.get_by_role("search").get_by_label(re.compile("reference", re.I)).first.fill(REFERENCE)
    steps.press(page, "Apply filters")
    applied = page.get_by_role("region", name="Applied filters")
    expect(applied).to_contain_text(REFERENCE)
    expect(steps.main(zoe)).to_contain_text("Ada Okafor")
    applied.get_by_role("link", name="Clear filters").click()
    expect(applied).not_to_contain_text(REFERENCE)
    steps.main(zoe).get_by_role("link", name=REFERENCE).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Case {REFERENCE}")


def _read_the_task(zoe: Person) -> None:
    page = zoe.page
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="My tasks").click()
    row = page.locator(".portal-task").filter(has_text=TASK)
    opened = row.get_by_role("link", name="Open this task")
    expect(opened).to_be_hidden()
    row.locator("summary", has_text=f"Details of {TASK}").click()
    expect(opened).to_be_visible()
    row.locator("summary", has_text=f"Options for {TASK}").click()
    expect(row.get_by_role("link", name="Unable to complete")).to_be_visible()


def _upload(zoe: Person, folder: Path) -> None:
    """Two are accepted, one is refused; one category is given to both."""
    page = zoe.page
    paths = [folder / name for name in ("Receipt.txt", "Photograph.txt", "Empty.txt")]
    for path in paths[:2]:
        path.write_text(f"{path.name}: paid £450.\n")
    paths[2].write_bytes(b"")
    zoe.goto(f"{THEIRS}/documents/")
    page.get_by_label("Browse documents").set_input_files([str(path) for path in paths])
    steps.press(page, "Add to the list")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your documents")
    expect(page.get_by_text("Refused", exact=True)).to_have_count(1)
    steps.press(page, "Remove Empty.txt")
    page.get_by_label("Category of Receipt.txt").select_option(label="Proof of compliance")
    page.get_by_label("Set same category for all documents").check()
    steps.press(page, "Upload documents")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Receipt for 2 documents")


def _complete_the_task(zoe: Person) -> None:
    page = zoe.page
    zoe.goto("/tasks/")
    page.locator("summary", has_text=f"Options for {TASK}").click()
    page.get_by_role("link", name="Task completed").click()
    steps.press(page, "Confirm task completed")
    expect(page.locator(".govuk-error-summary")).to_contain_text("date")
    steps.fill_date(page, days=0, legend="Date completed")
    steps.press(page, "Confirm task completed")
    expect(steps.main(zoe)).to_contain_text("Completed, being checked")


def _reply_with_an_attachment(zoe: Person, folder: Path) -> None:
    page = zoe.page
    zoe.goto(f"{THEIRS}/messages/")
    page.get_by_role("link", name=QUESTION).click()
    page.get_by_label("Your message").fill("Here is a photograph.")
    page.get_by_label("Attach documents").set_input_files(str(folder / "Photograph.txt"))
    steps.press(page, "Attach files")
    expect(page.get_by_label("Your message")).to_have_value("Here is a photograph.")
    steps.press(page, "Send")
    expect(steps.main(zoe)).to_contain_text("Here is a photograph.")
    expect(steps.main(zoe)).to_contain_text("Photograph.txt")


def _lose_nothing_by_a_time_out(portal: RunningPortal, zoe: Person) -> None:
    page = zoe.page
    # said beforehand, as no dialog can warn
    expect(steps.main(zoe)).to_contain_text("you are signed out", use_inner_text=True)
    page.get_by_label("Your message").fill(TYPED)
    portal.run("-m", "tests.journeys.set_back", zoe.email, str(31 * 60))
    steps.press(page, "Send")
    expect(steps.main(zoe)).to_contain_text("we have kept it")
    page.get_by_label("E-mail address").fill(zoe.email)
    page.get_by_label("Password", exact=True).fill(zoe.password)
    steps.press(page, "Sign in")
    zoe.enter_code()
    expect(page.get_by_label("Your message")).to_have_value(TYPED)
    steps.press(page, "Send")
    expect(steps.main(zoe)).to_contain_text(TYPED)


def _check_what_came(dev: Person) -> None:
    page = dev.page
    for queue in ("New uploads", "Unread replies", "Completed, to check"):
        dev.goto("/casework/")
        page.get_by_role("link", name=queue, exact=True).click()
        expect(steps.main(dev)).to_contain_text(REFERENCE)
    dev.goto(f"{OURS}/documents/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Receipt.txt").first.click()
    assert "paid £450" in download.value.path().read_text()
    dev.goto(f"{OURS}/tasks/")
    page.get_by_role("link", name=TASK).first.click()
    steps.press(page, "Accept task")
    expect(steps.main(dev)).to_contain_text("Completed")


def _comply(dev: Person, esi: Person, zoe: Person) -> None:
    for status in ("Awaiting investigation", "Under investigation"):
        steps.move(dev, REFERENCE, status)
    steps.draft(dev, REFERENCE)
    steps.issue(esi, REFERENCE)
    for number in (1, 2):
        steps.confirm(zoe, REFERENCE, number)
        steps.accept(dev, REFERENCE, number)
    steps.move(dev, REFERENCE, "Case closed")
    zoe.goto("/cases/closed/")
    expect(steps.main(zoe)).to_contain_text(REFERENCE)


def _sign_out(zoe: Person) -> None:
    page = zoe.page
    zoe.goto("/notifications/")
    steps.press(page, "Mark all as read")
    page.locator("summary", has_text="Profile and settings").click()
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(steps.main(zoe)).to_contain_text("You have signed out")
