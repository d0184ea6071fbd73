"""A landlord's day without a mouse: every stop can be seen, they come in the order in which one reads, and none is a trap."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.lib import clock
from tests.journeys.conftest import CODE, NewPerson, Person
from tests.journeys.keyboard import Keyboard
from tests.journeys.running import RunningPortal, code_in

pytestmark = pytest.mark.once(on="sqlite")

TASK, QUESTION = "Send the gas record", "When may we come?"
CASE = "/cases/202609999/"


@pytest.mark.statement("keyboard")
@pytest.mark.row("B25")
@pytest.mark.row("S29")
def test_a_landlords_day_by_keyboard_alone(portal: RunningPortal, person: NewPerson, tmp_path: Path) -> None:
    carys = person("carys@birch.example")
    keys = Keyboard(carys.page)
    _sign_in(carys, keys)
    _skip_to_the_content_and_through_the_page(carys, keys)
    _work_the_menus(carys, keys)
    _read_and_complete_the_task(carys, keys)
    _upload(carys, keys, tmp_path)
    _reply(carys, keys, tmp_path)
    _sign_out(carys, keys)
    assert keys.stops > 150


def _sign_in(carys: Person, keys: Keyboard) -> None:
    carys.goto("/sign-in/")
    keys.fill("E-mail address", carys.email)
    keys.fill("Password", carys.password)
    keys.press("Enter")
    before = len(carys.portal.mails(carys.email, CODE))
    keys.button("Send 2FA Verification Code")
    code = code_in(carys.portal.next_mail(carys.email, before, CODE))
    keys.fill("Enter code", code)
    keys.button("Verify")
    expect(carys.page.get_by_role("heading", level=1)).to_have_text("Home")


def _skip_to_the_content_and_through_the_page(carys: Person, keys: Keyboard) -> None:
    names = keys.stop_names(10)
    assert names[0] == "Skip to main content"
    assert [name.split(",")[0] for name in names[2:6]] == [
        "User guide",
        "Accessibility statement",
        "Notifications",
        "Profile and settings",
    ]
    assert names[6:10] == ["Home", "Open cases", "Closed cases", "My tasks"]
    carys.goto("/")
    keys.press("Tab", "Enter")
    expect(carys.page.locator("#main-content")).to_be_focused()
    keys.press("Tab")
    assert carys.page.evaluate("!!document.activeElement.closest('main')"), "the skip link leads past the header"


def _work_the_menus(carys: Person, keys: Keyboard) -> None:
    page = carys.page
    toggle = page.get_by_role("button", name="Profile and settings")
    keys.back_to(toggle)
    keys.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    keys.press("ArrowDown")
    expect(page.get_by_role("link", name="Profile and settings")).to_be_focused()
    keys.press("End")
    expect(page.get_by_role("button", name="Sign out")).to_be_focused()
    keys.press("ArrowDown")
    expect(page.get_by_role("link", name="Profile and settings")).to_be_focused()
    keys.press("Escape")
    expect(toggle).to_be_focused()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    keys.press("Enter")
    keys.back_to(page.get_by_role("link", name="Notifications").first)
    expect(toggle).to_have_attribute("aria-expanded", "false")


def _read_and_complete_the_task(carys: Person, keys: Keyboard) -> None:
    page = carys.page
    keys.link("My tasks", exact=True)
    details = page.get_by_role("button", name=f"Details of {TASK}")
    keys.tab_to(details)
    expect(details).to_have_attribute("aria-expanded", "false")
    keys.press("Enter")
    expect(details).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("main")).to_contain_text("Since 2024.")
    keys.press("Space")
    expect(details).to_have_attribute("aria-expanded", "false")
    options = page.get_by_role("button", name=f"Options for {TASK}")
    keys.tab_to(options)
    keys.press("Enter", "Escape")
    expect(options).to_be_focused()
    keys.press("ArrowDown")
    expect(page.get_by_role("link", name="Task completed")).to_be_focused()
    keys.press("Enter")
    keys.button("Confirm task completed")
    _summary_leads_to_the_field(carys, keys)
    today = clock.today()
    for label, number in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        keys.fill(label, str(number)) if label != "Day" else keys.type(str(number))
    keys.button("Confirm task completed")
    expect(page.get_by_role("main")).to_contain_text("Completed, being checked")
    expect(page.get_by_role("alert", name="Success")).to_be_focused()


def _summary_leads_to_the_field(carys: Person, keys: Keyboard) -> None:
    page = carys.page
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")
    keys.press("Tab", "Enter")
    expect(page.get_by_label("Day", exact=True)).to_be_focused()


def _upload(carys: Person, keys: Keyboard, folder: Path) -> None:
    page = carys.page
    paths = [folder / f"Record {number}.txt" for number in (1, 2)]
    for path in paths:
        path.write_text(f"{path.name}: the boiler was serviced.\n")
    carys.goto(CASE)
    keys.link("Documents", exact=True)
    keys.choose_files("Browse documents", *map(str, paths))
    rows = page.locator("[data-upload-list] select")
    expect(rows).to_have_count(2)
    expect(page.locator("[data-upload-live]")).to_contain_text("Record")
    keys.tab_to(page.get_by_label("Set same category for all documents"))
    keys.press("Space")
    keys.tab_to(rows.first)
    keys.type("Repair")
    for row in rows.all():
        assert row.evaluate("select => select.selectedOptions[0].text").startswith("Repair")
    keys.button("Upload documents")
    expect(page.get_by_role("heading", level=1)).to_contain_text("receipt", ignore_case=True)


def _reply(carys: Person, keys: Keyboard, folder: Path) -> None:
    page = carys.page
    carys.goto(f"{CASE}messages/")
    keys.link(QUESTION)
    with page.expect_response(lambda response: response.request.method == "POST" and response.status == 204):
        keys.fill("Your message", "Thursday at ten.")
    expect(page.locator("[data-draft-live]")).to_have_text("What you typed is saved. It is not sent yet.")
    keys.back_to(page.get_by_role("link", name="Home").first)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    carys.goto(f"{CASE}messages/")
    keys.link(QUESTION)
    expect(page.get_by_label("Your message", exact=True)).to_have_value("Thursday at ten.")
    keys.choose_files("Attach documents", str(folder / "Record 1.txt"))
    expect(page.locator("[data-attach-list]")).to_contain_text("Checked when you select “Send”")
    expect(page.locator("[data-attach-live]")).to_contain_text("1 chosen")
    keys.button("Send", exact=True)
    expect(page.get_by_role("main")).to_contain_text("Thursday at ten.")
    expect(page.get_by_role("main")).to_contain_text("Record 1.txt")


def _sign_out(carys: Person, keys: Keyboard) -> None:
    page = carys.page
    keys.back_to(page.get_by_role("button", name="Profile and settings"))
    keys.press("ArrowDown", "End", "Enter")
    expect(page.get_by_role("main")).to_contain_text("You have signed out")
