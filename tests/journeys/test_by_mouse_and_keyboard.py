"""What scripts add, tried by mouse and by keyboard: the arrow of a task, the menus, dropping files, the limit."""

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.files.inspection import LIMIT_BYTES
from tests.journeys.conftest import NewPerson, Person
from tests.journeys.running import RunningPortal

pytestmark = pytest.mark.once(on="postgresql")

REFERENCE = "202601234"
DROP = """([zone, files]) => {
  const dropped = new DataTransfer();
  for (const [name, size] of files) dropped.items.add(new File(["x".repeat(size)], name, { type: "text/plain" }));
  document.querySelector(zone).dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
}"""


def _set_a_task(dev: Person) -> None:
    dev.sign_in()
    dev.goto(f"/casework/cases/{REFERENCE}/tasks/new/")
    dev.page.get_by_label("Respond to information/evidence request").check()
    dev.page.get_by_label("Title").fill("Send the lift log")
    dev.page.get_by_label("Or a number of working days from today").fill("10")
    dev.page.get_by_role("button", name="Set task").click()


def _opens_and_closes(page: Page, button: Locator) -> None:
    """By mouse and by keyboard, and it says so."""
    for press in (
        button.click,
        lambda: (button.focus(), page.keyboard.press("Enter")),
        lambda: page.keyboard.press("Space"),
    ):
        expanded = button.get_attribute("aria-expanded")
        press()
        expect(button).to_have_attribute("aria-expanded", "false" if expanded == "true" else "true")


@pytest.mark.row("S17")
@pytest.mark.row("S57")
@pytest.mark.row("S66")
def test_arrow_three_dots_and_person_icon_open_by_mouse_and_keyboard(portal: RunningPortal, person: NewPerson) -> None:
    _set_a_task(person("dev@ombudsman.example"))
    amina = person("amina@alder.example")
    amina.sign_in()
    amina.goto("/tasks/")
    page = amina.page
    arrow = page.locator(".portal-disclosure__toggle").first
    _opens_and_closes(page, arrow)
    expect(page.locator(f"#{arrow.get_attribute('aria-controls')}")).to_be_visible()
    amina.look()
    dots = page.get_by_role("button", name="Options for Send the lift log")
    dots.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Task completed")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dots).to_be_focused()
    icon = page.locator(".portal-header__tools").get_by_role("button", name="Profile and settings")
    icon.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Edit password")).to_be_visible()


@pytest.mark.row("S73")
@pytest.mark.row("S74")
@pytest.mark.row("S80")
def test_files_are_chosen_or_dropped_and_of_one_that_is_too_large_only_the_name_is_sent(
    portal: RunningPortal, person: NewPerson, tmp_path
) -> None:
    amina = person("amina@alder.example")
    amina.sign_in()
    amina.goto(f"/cases/{REFERENCE}/documents/")
    page, rows = amina.page, amina.page.locator("[data-upload-list] > li")
    chosen = [tmp_path / f"chosen {number}.txt" for number in range(5)]
    for path in chosen:
        path.write_text("1 March: leak reported\n")
    page.locator("input[type=file]").set_input_files([str(path) for path in chosen])
    expect(rows).to_have_count(5)
    page.evaluate(DROP, ["[data-upload-drop]", [[f"dropped {number}.txt", 20] for number in range(3)]])
    expect(rows).to_have_count(8)
    for number in range(3):
        expect(page.locator("[data-upload-list]")).to_contain_text(f"dropped {number}.txt")
    expect(rows.locator("select")).to_have_count(8)
    amina.look()
    posts: list[int] = []
    page.on("request", lambda sent: sent.method == "POST" and posts.append(len(sent.post_data_buffer or b"")))
    page.evaluate(DROP, ["[data-upload-drop]", [["large.txt", LIMIT_BYTES + 1]]])
    refused = page.get_by_role("list", name="Not uploaded").get_by_role("listitem")
    expect(refused).to_contain_text("larger than 20 MB")
    assert [size < 1000 for size in posts] == [True]
    expect(rows).to_have_count(8)
    expect(page.get_by_role("heading", name="Ready to upload (8)")).to_be_visible()
    expect(page.get_by_role("heading", name="Not uploaded (1)")).to_be_visible()
    said = page.locator("[data-upload-live]")
    page.get_by_role("button", name="Remove chosen 4.txt").click()
    expect(said).to_have_text("chosen 4.txt removed. 7 documents ready.")
    expect(page.get_by_role("button", name="Remove dropped 0.txt")).to_be_focused()
    page.get_by_role("button", name="Remove large.txt").click()
    expect(said).to_have_text("large.txt removed. 7 documents ready.")
    expect(page.get_by_label("Browse documents")).to_be_focused()
    expect(page.get_by_role("heading", name="Not uploaded")).to_be_hidden()
