"""The guide's sections about cases, each done as it says: main screen, case status, case details screen, messages."""

import re

import pytest
from playwright.sync_api import expect

from portal.cases.statuses import Status
from tests.journeys.conftest import Person
from tests.journeys.guide_reader import Reader
from tests.journeys.real_files import five_real_files
from tests.journeys.rowan import CASE, REFERENCES

pytestmark = pytest.mark.once(on="postgresql")


@pytest.mark.row("S21")
@pytest.mark.row("S22")
@pytest.mark.row("S23")
@pytest.mark.row("S24")
@pytest.mark.row("S25")
@pytest.mark.row("S26")
@pytest.mark.row("S27")
@pytest.mark.row("S28")
@pytest.mark.row("S29")
@pytest.mark.row("S30")
@pytest.mark.row("S31")
def test_main_screen(nia: Person) -> None:
    reader, page = Reader(nia, "main-screen"), nia.page
    nia.goto("/")
    reader.says("you arrive on the homepage", "all your open cases", "deadlines of the tasks")
    cases = page.get_by_role("table")
    for status, reference in REFERENCES.items():
        expect(cases.get_by_role("link", name=reference)).to_have_count(0 if status is Status.CLOSED else 1)
    expect(cases.get_by_role("row").filter(has_text=CASE)).to_contain_text("Overdue")
    menu = page.get_by_role("navigation", name="Menu")
    for place in ("Open cases", "Closed cases"):
        reader.link(place, menu).click()
        reader.says("the name of a filter that you applied", "stands at the top of the screen")
        expect(page.get_by_role("region", name="Applied filters")).to_contain_text(place)
    expect(page.get_by_role("table").get_by_role("link", name=REFERENCES[Status.CLOSED])).to_be_visible()
    reader.link("My tasks", menu).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My tasks")
    for place in ("User guide", "Accessibility statement"):
        reader.link(place, reader.top_right).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(place)
    reader.says("see your Notifications", "under the person icon")
    reader.top_right.get_by_role("link", name="Notifications").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Notifications")
    expect(reader.top_right.get_by_role("button", name="Profile and settings")).to_be_visible()
    reader.link("Open cases", menu).click()
    reader.says("Filter cases")
    page.get_by_text("Filter cases", exact=True).click()
    page.get_by_role("search", name="Filter cases").get_by_label("Status", exact=True).select_option(
        label="Evidence gathering"
    )
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("table").get_by_role("rowheader")).to_have_text([CASE])
    expect(page.get_by_role("region", name="Applied filters")).to_contain_text("Evidence gathering")


@pytest.mark.row("S32")
def test_case_status(nia: Person) -> None:
    reader, page = Reader(nia, "case-status"), nia.page
    reader.says("on the open cases and closed cases screens", *Status.labels)
    for status, reference in REFERENCES.items():
        place = "/cases/closed/" if status is Status.CLOSED else "/cases/open/"
        if not page.url.endswith(place):
            nia.goto(place)
        row = page.get_by_role("table").get_by_role("row").filter(has_text=reference)
        expect(row.get_by_role("cell", name=status.label, exact=True)).to_be_visible()
    page.get_by_text("What the statuses mean").click()
    meanings = [text.strip() for text in page.locator("main details dd").all_inner_texts()]
    assert len(meanings) >= 10
    reader.says(*meanings[-10:])


@pytest.mark.row("S43")
@pytest.mark.row("S44")
@pytest.mark.row("S45")
@pytest.mark.row("S46")
@pytest.mark.row("S48")
def test_case_details_screen(nia: Person) -> None:
    reader, page = Reader(nia, "case-details"), nia.page
    nia.goto("/cases/open/")
    reader.says("select the link of a case")
    page.get_by_role("table").get_by_role("link", name=CASE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Case {CASE}")
    head = page.locator(".portal-case-head")
    expect(head).to_contain_text("Dev Patel")
    reader.says("the case owner", "DR2 Triage")
    expect(head.get_by_text("DR2 Triage").first).to_be_visible()
    tasks = page.get_by_role("region", name="Upcoming tasks")
    reader.says("on the left-hand side is a list of up to 5 upcoming tasks")
    expect(tasks.get_by_role("listitem")).to_have_count(5)
    tabs = page.get_by_role("navigation", name=f"Parts of case {CASE}")
    assert tasks.bounding_box()["x"] < tabs.bounding_box()["x"]
    for tab in ("Overview", "Tasks", "Documents", "Messages"):
        reader.link(tab, tabs).click()
        expect(tabs.get_by_role("link", name=tab)).to_have_attribute("aria-current", "page")
    nia.goto(f"/cases/{REFERENCES[Status.DETERMINED]}/")
    reader.link("Determination").click()
    expect(reader.main).to_contain_text("Esi Mensah issued this determination")


@pytest.mark.row("S51")
@pytest.mark.row("S52")
@pytest.mark.row("S53")
@pytest.mark.row("S54")
@pytest.mark.row("S55")
def test_messages(nia: Person, tmp_path) -> None:
    reader, page = Reader(nia, "messages"), nia.page
    nia.goto(f"/cases/{CASE}/")
    reader.link("Messages").click()
    page.get_by_role("link", name="The inspection").click()
    reader.says("you can reply to a message, more than once", "the whole history")
    for words in ("On the second Tuesday of March.", "We have the report, too."):
        page.get_by_label("Your message").fill(words)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator(".moj-message-list, .moj-message").first).to_be_visible()
        expect(reader.main).to_contain_text(words)
    written = reader.main.inner_text()
    places = [
        written.index(words) for words in ("When did the surveyor visit?", "second Tuesday", "We have the report")
    ]
    assert places == sorted(places)
    reader.says("the paperclip icon attaches a document", "Documents tab instead")
    photo = five_real_files(tmp_path).accepted[0]
    page.get_by_label("Your message").fill("A photograph of the hall.")
    page.get_by_label("Attach documents").set_input_files(str(photo))
    page.get_by_role("button", name="Send", exact=True).click()
    expect(reader.main.get_by_role("link", name=re.compile(re.escape(photo.name)))).to_be_visible()
    expect(reader.main.get_by_role("link", name="use the documents tab")).to_be_visible()
    nia.goto(f"/cases/{CASE}/messages/")
    reader.says("Start a new message")
    page.get_by_role("button", name="Start a new message").click()
    page.get_by_label("Subject").fill("The stairs")
    page.get_by_label("Your message").fill("Do you need photographs of the stairs?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The stairs")
