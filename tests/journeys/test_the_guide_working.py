"""The guide's sections about the landlord's work, each done as it says: managing tasks, providing documents, determinations."""

import zipfile

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.cases.statuses import Status
from tests.journeys.conftest import Person
from tests.journeys.guide_reader import Reader
from tests.journeys.real_files import five_real_files
from tests.journeys.rowan import APPROACHING, CASE, LETTER, NEW, OVERDUE, REFERENCES

pytestmark = pytest.mark.once(on="postgresql")


def row_of(page: Page, title: str) -> Locator:
    return page.locator(".portal-task").filter(has_text=title)


def today(page: Page, button: str) -> None:
    """Today as day, month and year."""
    numbers = page.evaluate("new Date().toLocaleDateString('en-GB', {timeZone: 'Europe/London'})").split("/")
    for label, value in zip(("Day", "Month", "Year"), numbers, strict=True):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name=button).click()


@pytest.mark.row("S56")
@pytest.mark.row("S57")
@pytest.mark.row("S58")
@pytest.mark.row("S59")
@pytest.mark.row("S60")
@pytest.mark.row("S61")
@pytest.mark.row("S62")
@pytest.mark.row("S63")
@pytest.mark.row("S64")
@pytest.mark.row("S65")
@pytest.mark.row("S66")
@pytest.mark.row("S67")
@pytest.mark.row("S68")
@pytest.mark.row("S69")
def test_managing_tasks(nia: Person) -> None:
    reader, page = Reader(nia, "managing-tasks"), nia.page
    nia.goto("/")
    expect(page.get_by_role("region", name="Outstanding tasks").get_by_role("link", name=OVERDUE)).to_be_visible()
    reader.link("My tasks").click()
    arrow = page.get_by_role("button", name=f"Details of {NEW}")
    expect(arrow).to_contain_text("New")
    reader.says("the arrow to the left of a task’s status opens more details")
    expect(arrow).to_have_attribute("aria-expanded", "false")
    arrow.click()
    expect(arrow).to_have_attribute("aria-expanded", "true")
    expect(row_of(page, NEW)).to_contain_text("Record the complaint and send us the supporting information.")
    reader.says("New", "Pending", "Approaching", "Overdue")
    for title, standing in ((OVERDUE, "Overdue"), (APPROACHING, "Approaching")):
        expect(row_of(page, title)).to_contain_text(standing)
    row_of(page, NEW).get_by_role("link", name=NEW).first.click()
    nia.goto("/tasks/")
    expect(page.get_by_role("button", name=f"Details of {NEW}")).to_contain_text("Pending")
    reader.says("every task has a deadline", "These are the kinds of task", "Confirm compliance")
    expect(page.locator(".portal-task__due").filter(has_text="Due")).to_have_count(page.locator(".portal-task").count())
    for kind in (
        "Record complaint and update",
        "Escalate complaint and update",
        "For information",
        "Confirm compliance",
    ):
        expect(page.locator(".portal-task").filter(has_text=kind).first).to_be_visible()

    reader.says("select the three dots to the right of the task", "Task completed", "Unable to complete")
    page.get_by_role("button", name=f"Options for {APPROACHING}").click()
    options = row_of(page, APPROACHING).locator(".portal-menu__item")
    expect(options).to_have_text(["Task completed", "Unable to complete"])
    options.filter(has_text="Task completed").click()
    today(page, "Confirm task completed")
    reader.says("stands under “Completed, being checked”")
    expect(reader.main).to_contain_text("Completed, being checked")

    nia.goto("/tasks/")
    page.get_by_role("button", name=f"Options for {OVERDUE}").click()
    reader.link("Unable to complete", row_of(page, OVERDUE)).click()
    page.get_by_label("Why are you unable to complete the task?").fill("The file is with our solicitor until Friday.")
    page.get_by_role("button", name="Send reason").click()
    reader.says("Until then the task and its deadline stay")
    nia.goto("/tasks/")
    expect(row_of(page, OVERDUE)).to_contain_text("Unable to complete, with us")

    row_of(page, LETTER).get_by_role("link", name=LETTER).first.click()
    expect(reader.main.get_by_role("link", name="Our letter.txt")).to_be_visible()
    page.get_by_role("button", name="Task completed").click()
    today(page, "Confirm task completed")
    reader.says("“For information” ends at once")
    nia.goto("/tasks/?show=ended")
    expect(row_of(page, LETTER)).to_contain_text("Completed")


@pytest.mark.row("S71")
@pytest.mark.row("S72")
@pytest.mark.row("S73")
@pytest.mark.row("S74")
@pytest.mark.row("S75")
@pytest.mark.row("S76")
@pytest.mark.row("S77")
@pytest.mark.row("S81")
@pytest.mark.row("S83")
@pytest.mark.row("S84")
def test_providing_documents_and_evidence(nia: Person, tmp_path) -> None:
    reader, page = Reader(nia, "providing-documents"), nia.page
    nia.goto("/tasks/")
    reader.says("Select the link of the case; you can do so from any screen")
    reader.main.get_by_role("link", name=CASE).first.click()
    reader.link("Documents").click()
    files = five_real_files(tmp_path).accepted
    with page.expect_file_chooser() as chooser:
        page.get_by_text(reader._printed("Browse documents"), exact=True).click()
    assert chooser.value.is_multiple()  # Ctrl takes more than one
    chooser.value.set_files([str(path) for path in files[:2]])
    reader.says("You can also drag files from your folders and drop them")
    _drop(page, "Dropped note.txt")
    rows = page.locator("[data-upload-list] > li")
    expect(rows).to_have_count(3)
    expect(page.locator("[data-upload-list] select")).to_have_count(3)
    page.locator("[data-upload-list] select").first.select_option(label="Repair log")
    reader.field("Set same category for all documents").check()
    for select in page.locator("[data-upload-list] select").all():
        expect(select).to_have_value("repairs")
    reader.button("Upload documents").click()
    reader.says("you get a receipt with the time at which we received each")
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt for 3 documents")
    page.get_by_role("link", name=f"Documents of case {CASE}").click()
    for name in (files[0].name, files[1].name, "Dropped note.txt"):
        rows_of_it = page.get_by_role("table").get_by_role("row").filter(has_text=name)
        expect(rows_of_it.filter(has_text="Repair log")).to_be_visible()

    reader.says("any number of documents", "20 MB", "no compressed (zipped) files")
    with zipfile.ZipFile(tmp_path / "Everything.zip", "w") as packed:
        packed.writestr("a.txt", "a")
    page.locator("input[type=file]").set_input_files(str(tmp_path / "Everything.zip"))
    expect(page.get_by_role("list", name="Not uploaded")).to_contain_text("Everything.zip Refused")
    reader.says("refused by name, with the reason", "Give each file a clear name")
    expect(reader.main).to_contain_text("Give each file a clear name")
    reader.says("responding to information requests")
    expect(page.get_by_role("link", name="guidance about responding to information requests")).to_be_visible()


def _drop(page: Page, name: str) -> None:
    """A file dragged from a folder and dropped into the documents section."""
    carried = page.evaluate_handle(
        "name => { const carried = new DataTransfer();"
        " carried.items.add(new File(['The hall was dry in March.'], name, {type: 'text/plain'})); return carried; }",
        name,
    )
    page.locator("[data-upload-zone]").dispatch_event("drop", {"dataTransfer": carried})


@pytest.mark.row("S40")
@pytest.mark.row("S65")
@pytest.mark.row("S103")
def test_determination_compliance_and_review(nia: Person) -> None:
    reader, page = Reader(nia, "determinations"), nia.page
    reference = REFERENCES[Status.DETERMINED_AWAITING_ACTION]
    nia.goto(f"/cases/{reference}/")
    reader.says("Determination tab", "Determined – awaiting LL action")
    expect(page.locator(".portal-case-head")).to_contain_text("Determined – awaiting LL action")
    reader.link("Documents").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "Invoice.txt", "mimeType": "text/plain", "buffer": b"Repair done.\n"}
    )
    page.locator("[data-upload-list] select").select_option(label="Proof of compliance")
    page.get_by_role("button", name="Upload documents").click()
    page.get_by_role("link", name="Complete the task: Confirm").click()
    reader.says("On the task", "select Confirm beside an order")
    page.get_by_role("link", name="Confirm compliance with order 1").click()
    page.get_by_label("All of it").check()
    page.get_by_label("What did you do?").fill("We repaired the roof.")
    page.get_by_label("Invoice.txt").check()
    today(page, reader._printed("Confirm compliance"))
    reader.says("Tell us for each recommendation whether you accept it", "Send feedback")
    page.get_by_role("link", name="feedback").first.click()
    page.locator("main input[type=radio]").first.check()
    reader.button("Send feedback").click()
    reader.says("within three weeks", "also when the case is closed", "Ask for a review")
    nia.goto(f"/cases/{reference}/determination/")
    expect(page.get_by_role("button", name="Ask for a review")).to_be_visible()
