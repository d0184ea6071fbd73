"""A landlord uploads wrong documents and puts it right: one is withdrawn, one replaced, with and without scripts; then
the caseworker opens one, and it stays."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewPerson, Person

pytestmark = pytest.mark.once(on="postgresql")

CASE = "202601234"
DOCUMENTS = f"/cases/{CASE}/documents/"


@pytest.mark.row("B12")
@pytest.mark.row("S83")
@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_wrong_upload_is_withdrawn_or_replaced(person: NewPerson, tmp_path: Path, javascript: bool) -> None:
    amina, dev = person("amina@alder.example", javascript=javascript), person("dev@ombudsman.example")
    mark = "scripted" if javascript else "plain"
    names = [f"{what} {mark}.txt" for what in ("other case", "last year", "right")]
    for name in (*names, f"this year {mark}.txt"):
        (tmp_path / name).write_text(f"About {name}")
    if not javascript:
        amina.look = lambda: None  # type: ignore[method-assign]  # axe itself is a script
    amina.sign_in()
    _upload(amina, [tmp_path / name for name in names], rename=f"Repair log {mark}")
    _withdraw(amina, names[0])
    _replace(amina, names[1], tmp_path / f"this year {mark}.txt")

    dev.sign_in()
    dev.goto(f"/casework{DOCUMENTS}")
    dev.look()
    for name, words in ((names[0], "Withdrawn"), (names[1], f"Replaced by this year {mark}.txt")):
        row = _row(dev, name)
        expect(row).to_contain_text(words)
        expect(row.get_by_role("link", name=name)).to_have_count(0)
    expect(_row(dev, f"Repair log {mark}.txt")).to_contain_text(f"Sent as right {mark}.txt")
    with dev.page.expect_download() as started:
        _row(dev, f"Repair log {mark}.txt").get_by_role("link").click()
    assert started.value.suggested_filename == f"Repair log {mark}.txt"

    _finds_that_it_was_opened(amina, f"Repair log {mark}.txt")


def _row(one: Person, name: str) -> Locator:
    """The row that is headed by the document of this name."""
    heading = one.page.get_by_role("rowheader").filter(has_text=name)
    return one.page.get_by_role("row").filter(has=heading).filter(has_not_text=f"Replaces {name}").first


def _upload(amina: Person, files: list[Path], *, rename: str) -> None:
    page = amina.page
    amina.goto(DOCUMENTS)
    page.get_by_label("Browse documents").set_input_files(files)
    _send_chosen(amina)
    waiting = page.get_by_role("list", name="Documents to upload").get_by_role("listitem")
    expect(waiting.filter(has_text="Ready to upload")).to_have_count(3)
    amina.look()
    last = waiting.filter(has_text=files[2].name)
    last.get_by_text("Rename").click()
    last.get_by_label("New name").fill(f"{rename}.exe")
    amina.look()
    for number in range(3):
        waiting.nth(number).get_by_label("Category").select_option(label="Repair log")
    page.get_by_role("button", name="Upload documents").click()
    expect(page.get_by_role("alert")).to_contain_text("must end in .txt")
    amina.look()
    last.get_by_label("New name").fill(rename)
    page.get_by_role("button", name="Upload documents").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt for 3 documents")
    amina.look()


def _send_chosen(amina: Person) -> None:
    """Without scripts files are sent by a button; with them at once."""
    button = amina.page.get_by_role("button", name="Add to the list")
    if button.is_visible():
        button.click()


def _withdraw(amina: Person, name: str) -> None:
    page = amina.page
    amina.goto(DOCUMENTS)
    page.get_by_role("link", name=f"Withdraw {name}").click()
    amina.look()
    page.get_by_role("button", name="Withdraw document").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter why you are withdrawing the document")
    amina.look()
    page.get_by_label("Why are you withdrawing it?").fill("It is about another case.")
    page.get_by_role("button", name="Withdraw document").click()
    row = _row(amina, name)
    expect(row).to_contain_text("by Amina Yusuf: It is about another case.")
    expect(row.get_by_role("link", name=f"Withdraw {name}")).to_have_count(0)
    amina.look()


def _replace(amina: Person, name: str, right: Path) -> None:
    page = amina.page
    amina.goto(DOCUMENTS)
    page.get_by_role("link", name=f"replace {name}").click()
    expect(page.get_by_label("Why are you replacing it?")).to_be_hidden()
    amina.look()
    page.get_by_label("Browse documents").set_input_files(right)
    _send_chosen(amina)
    waiting = page.get_by_role("list", name="Document that takes its place").get_by_role("listitem")
    expect(waiting).to_contain_text("Ready to upload")
    page.get_by_role("button", name="Replace document").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter why you are replacing the document")
    amina.look()
    page.get_by_label("Why are you replacing it?").fill("It was last year’s.")
    page.get_by_role("button", name="Replace document").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt for 1 document")
    expect(page.get_by_role("main")).to_contain_text(f"{name}")
    amina.look()
    amina.goto(DOCUMENTS)
    _fits_a_narrow_screen(amina)
    expect(_row(amina, name)).to_contain_text(f"Replaced by {right.name}")
    expect(_row(amina, right.name)).to_contain_text(f"Replaces {name}")


def _fits_a_narrow_screen(one: Person) -> None:
    """At 320 pixels nothing of the page sticks out sideways (B25)."""
    one.page.set_viewport_size({"width": 320, "height": 900})
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 320
    one.look()
    one.page.set_viewport_size({"width": 1280, "height": 900})


def _finds_that_it_was_opened(amina: Person, name: str) -> None:
    page = amina.page
    amina.goto(DOCUMENTS)
    expect(_row(amina, name)).to_contain_text("Opened by us on")
    expect(page.get_by_role("link", name=f"Withdraw {name}")).to_have_count(0)
    amina.look()
