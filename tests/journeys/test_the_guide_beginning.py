"""The guide's first sections, each done as it says: introduction, acceptable use, setting up, account management."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import CODE, NewPerson, Person
from tests.journeys.guide_reader import Reader
from tests.journeys.rowan import CASE, NIA, OWEN, YEW
from tests.journeys.running import RunningPortal, code_in, link_in

pytestmark = pytest.mark.once(on="postgresql")

PASSWORD, OTHER = "eleven-slow-white-ferries", "twelve-quick-red-kites"


@pytest.mark.row("S3")
@pytest.mark.row("S4")
@pytest.mark.row("S5")
@pytest.mark.row("S6")
def test_introduction_and_support(nia: Person) -> None:
    reader, page = Reader(nia, "introduction-and-support"), nia.page
    nia.goto("/nowhere/")  # an error message
    expect(reader.main).to_contain_text("reference")
    expect(reader.main.get_by_role("link", name="portal@ombudsman.example")).to_be_visible()
    page.get_by_role("banner").get_by_role("link", name="User guide").click()
    page.get_by_role("button", name=re.compile("Introduction and support")).click()
    reader.says("look in this guide first", "for technical help", "for a question about a case")
    expect(reader.link("portal@ombudsman.example")).to_have_attribute("href", "mailto:portal@ombudsman.example")
    reader.link("watch our demonstration video").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Demonstration video")
    expect(page.get_by_role("heading", name="Transcript")).to_be_visible()
    nia.goto("/guide/#introduction-and-support")
    reader.link("help and support").click()
    reader.link("Chat to us").or_(page.get_by_role("link", name="Write to the portal team")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chat to us")
    nia.goto("/guide/#introduction-and-support")
    reader.link("contact us").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contact us")
    nia.goto(f"/cases/{CASE}/messages/")
    page.get_by_role("button", name="Start a new message").click()
    expect(page.get_by_label("Your message")).to_be_visible()


@pytest.mark.row("S7")
@pytest.mark.row("S8")
def test_acceptable_use_of_the_portal(person: NewPerson) -> None:
    ike = person("ike@alder.example")
    reader = Reader(ike, "acceptable-use")
    ike.goto("/sign-in/")
    ike.page.get_by_role("link", name="Acceptable use").click()
    expect(reader.main).to_contain_text("right to be heard, understood and respected")
    reader.says("independent, impartial and free", "aggressive, abusive or otherwise unreasonable")
    ike.sign_in()
    reader.says("reading only", "how to ask us to look at it again", "Other users of the same organisation go on")
    standing = ike.page.get_by_role("region", name="Your access")
    expect(standing).to_contain_text("read-only")
    standing.get_by_role("link", name="What this means and how to ask us to look at it again").click()
    expect(reader.main.get_by_role("link", name="Unacceptable User Action Policy")).to_be_visible()
    expect(reader.main).to_contain_text("It has applied since")


@pytest.mark.row("S9")
@pytest.mark.row("S10")
@pytest.mark.row("S11")
@pytest.mark.row("S12")
@pytest.mark.row("S14")
@pytest.mark.row("S15")
@pytest.mark.row("S16")
@pytest.mark.row("S21")
@pytest.mark.usefixtures("rowan")
def test_accessing_the_portal_and_setting_up_your_account(portal: RunningPortal, person: NewPerson) -> None:
    sian = person(YEW, PASSWORD)
    reader, page = Reader(sian, "setting-up-your-account"), sian.page
    reader.says("until the portal team has contacted you", "the address of the portal is", "your username")
    invitation = portal.next_mail(YEW, 0)
    page.goto(link_in(invitation, portal.url))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("E-mail address").fill(YEW)
    reader.button("Forgot your password?").click()
    expect(page.get_by_label("E-mail address")).to_have_value(YEW)
    reader.button("Send the link").click()
    page.goto(link_in(portal.next_mail(YEW, 1), portal.url))
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("Type the new password again", exact=True).fill(PASSWORD)
    reader.button("Save the new password").click()
    page.get_by_label("E-mail address").fill(YEW)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    reader.button("Sign in").click()
    assert portal.mails(YEW, CODE) == []
    reader.button("Send 2FA Verification Code").click()
    code = code_in(portal.next_mail(YEW, 0, CODE))
    reader.field("Enter code").fill(code)
    reader.button("Verify").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    expect(page.get_by_role("banner")).to_contain_text("Yew Homes")


@pytest.mark.row("S17")
@pytest.mark.row("S18")
@pytest.mark.row("S19")
@pytest.mark.row("S20")
def test_account_management(nia: Person, person: NewPerson) -> None:
    reader, page = Reader(nia, "account-management"), nia.page
    nia.goto("/")
    reader.top_right.get_by_role("button", name="Profile and settings").click()
    reader.link("Profile and settings").click()
    reader.says("registered administrator address of your account is fixed")
    expect(reader.main).to_contain_text(NIA)
    expect(reader.main.get_by_role("textbox")).to_have_count(0)
    expect(reader.link("portal@ombudsman.example", reader.main)).to_be_visible()

    owen = person(OWEN)
    owen.sign_in()
    reader, page = Reader(owen, "account-management"), owen.page
    reader.top_right.get_by_role("button", name="Profile and settings").click()
    reader.link("Edit password").click()
    reader.says("Enter the current one and the new one twice")
    page.get_by_label("Current password").fill(owen.password)
    page.get_by_label("New password", exact=True).fill(OTHER)
    page.get_by_label("Type the new password again", exact=True).fill(OTHER)
    page.get_by_role("main").get_by_role("button", name=re.compile("password", re.IGNORECASE)).last.click()
    expect(reader.main).to_contain_text("password")
    expect(page.get_by_role("heading", name="There is a problem")).to_have_count(0)
    for place in ("Notification settings", "Signed-in devices"):
        owen.goto("/account/")
        reader.link(place, reader.main).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(place)
