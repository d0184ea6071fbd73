"""The guide's last sections, each done as it says: sub accounts, technical issues, portal guidance document."""

import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.journeys.conftest import NewPerson, Person
from tests.journeys.guide_reader import Reader
from tests.journeys.rowan import NIA
from tests.journeys.running import RunningPortal
from tests.support_scene import PICTURE

pytestmark = pytest.mark.once(on="postgresql")

ELIN = "elin@rowan.example"


@pytest.mark.row("S85")
@pytest.mark.row("S86")
@pytest.mark.row("S87")
@pytest.mark.row("S88")
@pytest.mark.row("S89")
@pytest.mark.row("S90")
@pytest.mark.row("S91")
@pytest.mark.row("S92")
@pytest.mark.row("S93")
def test_sub_accounts(portal: RunningPortal, nia: Person) -> None:
    reader, page = Reader(nia, "sub-accounts"), nia.page
    reader.says("up to 3 sub accounts", "can see and work on all of your cases")
    for name, email in (("Elin Price", ELIN), ("Huw Price", "huw@rowan.example")):
        nia.goto("/")
        reader.top_right.get_by_role("button", name="Profile and settings").click()
        reader.link("Create a new user").click()
        reader.says("Complete the boxes and select Create account")
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("E-mail address").fill(email)
        reader.button("Create account").click()
    assert portal.url in portal.next_mail(ELIN, 0).get_content()
    reader.top_right.get_by_role("button", name="Profile and settings").click()
    reader.link("Manage your users").click()
    expect(reader.main).to_contain_text("3 of 3 sub accounts in use")
    expect(reader.main.get_by_role("button", name="Create a new user")).to_have_count(0)
    reader.says("Select the three dots to the right of the user")
    row = page.get_by_role("row").filter(has_text="Elin Price")
    for entry, button in (
        ("Reset password", "Reset password: the old one stops now"),
        ("Deactivate", "Deactivate account"),
        ("Reactivate", "Reactivate account"),
    ):
        row.get_by_role("button", name="Options for Elin Price").click()
        reader.link(entry, row).click()
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Manage your users")
    portal.next_mail(ELIN, 2)  # created, reset, reactivated


@pytest.mark.row("S94")
@pytest.mark.row("S95")
@pytest.mark.row("S96")
@pytest.mark.row("S97")
def test_technical_issues(portal: RunningPortal, nia: Person, person: NewPerson) -> None:
    reader, page = Reader(nia, "technical-issues"), nia.page
    nia.goto("/guide/#technical-issues")
    reader.link("report a fault").click()
    reader.says("the main account, sub accounts or both, with their e-mail addresses")
    page.get_by_label("Both", exact=False).first.check()
    page.get_by_label("E-mail addresses of the affected accounts").fill(NIA)
    reader.says("in detail", "screenshots that show the fault", "your IP address", "fills in these two for you")
    page.get_by_label("Detailed description of the issue").fill("The list of documents stays empty.")
    page.get_by_label("Screenshots that show the fault").set_input_files(
        {"name": "Empty list.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    for what in ("Browser", "IP address"):
        expect(reader.main.locator("dt").filter(has_text=what)).to_be_visible()
    page.get_by_role("button", name="Send report").click()
    number = page.locator(".govuk-panel__body strong").inner_text()

    gwen = person("gwen@ombudsman.example")
    gwen.sign_in()
    gwen.goto("/casework/support/")
    gwen.page.get_by_role("link", name=number).click()
    gwen.page.get_by_role("button", name="Refer to IT support").click()
    reader.says("you get a ticket number by e-mail from", "updates you until the fault is resolved")
    told = portal.next_mail(NIA, 1, "support ticket")  # after the one that says that we have it
    assert "it-support@ombudsman.example" in told["From"]
    ticket = re.search(r"fault report (\S+):", told["Subject"])
    assert ticket, told["Subject"]
    nia.goto("/help/")
    reader.link("Your reports and questions").click()
    expect(page.get_by_role("row").filter(has_text=ticket.group(1))).to_contain_text("Referred to IT")


@pytest.mark.row("S99")
@pytest.mark.row("B26")
def test_portal_guidance_document(nia: Person) -> None:
    reader, page = Reader(nia, "guidance-document"), nia.page
    nia.goto("/guide/#guidance-document")
    with page.expect_download() as download:
        reader.link("download the user guide as a PDF").click()
    document = PdfReader(download.value.path())
    assert download.value.suggested_filename == "landlord-portal-guide.pdf"
    assert len(document.outline) >= 7
    assert sum(len(each.images) for each in document.pages) > 10
    text = "".join("".join(each.extract_text().split()) for each in document.pages)
    assert re.search("ManagingtheportalSubaccounts", text)
