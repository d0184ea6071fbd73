"""From nothing to answered evidence: an invited administrator, a caseworker, and a landlord that must see nothing of it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson, Person
from tests.journeys.real_files import five_real_files
from tests.journeys.running import RunningPortal, link_in

ADMINISTRATOR = "olu@elm.example"
PASSWORD = "a-long-walk-by-the-river"
REFERENCE = "202612345"


@pytest.mark.once(on="postgresql")  # on SQLite the day is walked without scripts and by keyboard
@pytest.mark.row("S9")
@pytest.mark.row("S12")
@pytest.mark.row("S13")
@pytest.mark.row("S15")
@pytest.mark.row("S16")
@pytest.mark.row("S21")
def test_a_landlords_day(portal: RunningPortal, person: NewPerson, tmp_path) -> None:
    gwen, dev, carys = person("gwen@ombudsman.example"), person("dev@ombudsman.example"), person("carys@birch.example")
    gwen.sign_in()
    _invite(gwen)
    olu = person(ADMINISTRATOR, PASSWORD)
    _make_a_password(olu, portal)
    olu.sign_in()
    expect(olu.page).to_have_url(portal.url + "/")
    olu.look()

    dev.sign_in()
    _open_a_case(dev)
    _ask_for_evidence(dev)

    _upload_five_files_of_which_two_are_refused(olu, tmp_path)
    _complete_the_task(olu)
    _reply_with_an_attachment(olu, tmp_path)

    _see_all_of_it_in_the_worklist(dev)
    _accept_and_move_on(dev)

    before = len(portal.mails(ADMINISTRATOR))
    assert before > 0
    olu.goto(f"/cases/{REFERENCE}/")
    expect(olu.page.get_by_role("main")).to_contain_text("Awaiting investigation")
    subjects = [mail["Subject"] for mail in portal.mails(ADMINISTRATOR)]
    assert any("status" in subject.lower() for subject in subjects), subjects
    _nothing_of_the_case_in_mails(portal)
    carys.sign_in()
    _sees_nothing(carys, olu)


def _invite(gwen: Person) -> None:
    gwen.goto("/casework/landlords/")
    gwen.look()
    gwen.page.get_by_role("main").get_by_role("link", name="Invite a landlord").or_(
        gwen.page.get_by_role("button", name="Invite a landlord")
    ).first.click()
    gwen.look()
    gwen.page.get_by_label("Landlord’s name").fill("Elm Tree Homes")
    gwen.page.get_by_label("Administrator’s name").fill("Olu Bright")
    gwen.page.get_by_label("Administrator’s e-mail address").fill(ADMINISTRATOR)
    gwen.page.get_by_role("button", name="Send invitation").click()
    expect(gwen.page.get_by_role("main")).to_contain_text("Elm Tree Homes")
    gwen.look()


def _make_a_password(olu: Person, portal: RunningPortal) -> None:
    invitation = portal.next_mail(ADMINISTRATOR, 0)
    assert "/sign-in/" in invitation.get_content()
    olu.goto("/sign-in/")
    olu.look()
    olu.page.get_by_label("E-mail address").fill(ADMINISTRATOR)
    olu.page.get_by_role("button", name="Forgot your password?").click()
    expect(olu.page.get_by_label("E-mail address")).to_have_value(ADMINISTRATOR)
    olu.look()
    olu.page.get_by_role("button", name="Send the link").click()
    link = link_in(portal.next_mail(ADMINISTRATOR, 1), portal.url)
    olu.page.goto(link)
    olu.look()
    olu.page.get_by_label("New password", exact=True).fill(PASSWORD)
    olu.page.get_by_label("Type the new password again", exact=True).fill(PASSWORD)
    olu.page.get_by_role("button", name="Save the new password").click()
    expect(olu.page).to_have_url(f"{portal.url}/sign-in/")
    olu.look()


def _open_a_case(dev: Person) -> None:
    page = dev.page
    dev.goto("/casework/cases/new/")
    dev.look()
    page.get_by_label("Case reference").fill(REFERENCE)
    page.get_by_label("Landlord", exact=True).fill("Elm Tree Homes")
    page.get_by_label("Resident’s name").fill("Wilhelmina Okonkwo-Featherstonehaugh")
    page.get_by_label("Address of the home").fill("Flat 3, 27 Harbour Terrace, Hull HU1 2AB")
    page.get_by_label("What the complaint is about").fill("Leaks through the bathroom ceiling since January.")
    page.get_by_label("Managing team", exact=True).select_option(label="DR2 Triage")
    page.get_by_label("Case owner").select_option(label="Dev Patel (DR2 Triage)")
    page.get_by_role("button", name="Create case").click()
    expect(page.get_by_role("main")).to_contain_text("Not yet")
    dev.look()
    page.get_by_role("button", name="Release to landlord").click()
    for status in ("Referral assessment", "Evidence gathering"):
        _move(dev, status)


def _move(dev: Person, status: str) -> None:
    dev.goto(f"/casework/cases/{REFERENCE}/status/")
    dev.look()
    dev.page.get_by_label(status, exact=False).first.check()
    dev.page.get_by_label("Why the status changes").fill("The next step is clear.")
    dev.page.get_by_role("button", name="Change status").click()
    expect(dev.page.get_by_role("main")).to_contain_text(status)


def _ask_for_evidence(dev: Person) -> None:
    page = dev.page
    dev.goto(f"/casework/cases/{REFERENCE}/tasks/new/")
    dev.look()
    page.get_by_label("Respond to information/evidence request").check()
    page.get_by_label("Title").fill("Send the repair log and photographs")
    page.get_by_label("Or a number of working days from today").fill("10")
    page.get_by_role("button", name="Set task").click()
    expect(page.get_by_role("main")).to_contain_text("Send the repair log and photographs")
    dev.look()
    dev.goto(f"/casework/cases/{REFERENCE}/messages/new/")
    dev.look()
    page.get_by_label("Subject").fill("What we need")
    page.get_by_label("Your message").fill("Please send the log since January.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Please send the log since January.")


def _upload_five_files_of_which_two_are_refused(olu: Person, tmp_path) -> None:
    page = olu.page
    olu.goto("/")
    olu.look()
    page.get_by_role("main").get_by_role("link", name=re.compile(REFERENCE)).first.click()
    olu.look()
    page.get_by_role("link", name="Documents", exact=True).click()
    olu.look()
    files = five_real_files(tmp_path)
    page.locator("input[type=file]").set_input_files([str(path) for path in files.accepted + files.refused])
    for path in files.accepted:
        expect(page.get_by_role("main")).to_contain_text(path.name)
    rows = page.locator("[data-upload-list] > li")
    expect(rows).to_have_count(3)
    expect(page.get_by_role("list", name="Not uploaded").get_by_role("listitem")).to_have_count(2)
    expect(page.locator("[data-upload-list] select")).to_have_count(3)
    expect(page.get_by_text("Refused", exact=True)).to_have_count(2)
    olu.look()
    page.locator("[data-upload-list] select").first.select_option(label="Repair log")
    page.get_by_label("Set same category for all documents").check()
    page.get_by_role("button", name="Upload documents").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("receipt", ignore_case=True)
    for path in files.accepted + files.refused:
        expect(page.get_by_role("main")).to_contain_text(path.name)
    expect(page.get_by_role("heading", name="Not uploaded")).to_be_visible()
    olu.look()


def _complete_the_task(olu: Person) -> None:
    page = olu.page
    olu.goto("/tasks/")
    olu.look()
    row = page.get_by_role("main")
    expect(row).to_contain_text("Send the repair log and photographs")
    page.get_by_role("button", name="Options for Send the repair log and photographs").click()
    page.get_by_role("link", name="Task completed").click()
    olu.look()
    today = page.evaluate("new Date().toLocaleDateString('en-GB', {timeZone: 'Europe/London'})").split("/")
    for label, value in zip(("Day", "Month", "Year"), today, strict=True):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Confirm task completed").click()
    expect(page.get_by_role("main")).to_contain_text("Completed, being checked")
    olu.look()


def _reply_with_an_attachment(olu: Person, tmp_path) -> None:
    page = olu.page
    olu.goto(f"/cases/{REFERENCE}/messages/")
    olu.look()
    page.get_by_role("link", name=re.compile("What we need")).click()
    olu.look()
    page.get_by_label("Your message").fill("Here is a photograph of the ceiling.")
    first, second = five_real_files(tmp_path).accepted[:2]
    page.get_by_label("Attach documents").set_input_files(str(first))
    expect(page.locator("[data-attach-list]")).to_contain_text(f"{first.name}")
    expect(page.locator("[data-attach-list]")).to_contain_text("Checked when you select “Send”")
    expect(page.get_by_role("button", name="Attach files")).to_have_count(0)
    page.get_by_label("Attach documents").set_input_files(str(second))
    page.get_by_role("button", name=f"Clear {first.name}").click()
    expect(page.locator("[data-attach-list] li")).to_have_count(1)
    page.get_by_label("Attach documents").set_input_files(str(first))
    expect(page.locator("[data-attach-list] li")).to_have_count(2)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(second.name)
    expect(page.get_by_role("main")).to_contain_text(first.name)
    expect(page.get_by_role("main")).to_contain_text("Here is a photograph of the ceiling.")
    olu.look()


def _see_all_of_it_in_the_worklist(dev: Person) -> None:
    page = dev.page
    dev.goto("/casework/")
    dev.look()
    for queue in ("New uploads", "Unread replies", "Completed, to check"):
        dev.goto("/casework/")
        page.get_by_role("link", name=queue, exact=True).click()
        expect(page.get_by_role("main")).to_contain_text(REFERENCE)
        dev.look()
    dev.goto(f"/casework/cases/{REFERENCE}/documents/")
    dev.look()
    for link in page.locator("main a[href*='/documents/']").all():
        if re.search(r"/documents/\d+/$", link.get_attribute("href") or ""):
            with page.expect_download() as download:
                link.click()
            assert download.value.path().stat().st_size > 0
    dev.goto(f"/casework/cases/{REFERENCE}/messages/")
    page.get_by_role("link", name=re.compile("What we need")).click()
    expect(page.get_by_role("main")).to_contain_text("Here is a photograph of the ceiling.")
    dev.look()


def _accept_and_move_on(dev: Person) -> None:
    page = dev.page
    dev.goto(f"/casework/cases/{REFERENCE}/tasks/")
    dev.look()
    page.get_by_role("link", name=re.compile("Send the repair log")).first.click()
    dev.look()
    page.get_by_role("button", name="Accept task").click()
    expect(page.get_by_role("main")).to_contain_text("Completed")
    _move(dev, "Awaiting investigation")


def _nothing_of_the_case_in_mails(portal: RunningPortal) -> None:
    for mail in portal.mails(ADMINISTRATOR):
        for secret in ("Okonkwo", "Harbour Terrace", "repair log", "bathroom", "photograph"):
            assert secret not in mail.get_content() + mail["Subject"]


def _sees_nothing(carys: Person, olu: Person) -> None:
    addresses = {
        f"/cases/{REFERENCE}/{tab}"
        for tab in ("", "tasks/", "documents/", "messages/", "messages/new/", "documents/review/")
    }
    for path in (
        f"/cases/{REFERENCE}/documents/",
        f"/cases/{REFERENCE}/messages/",
        "/tasks/?show=checking",
        f"/cases/{REFERENCE}/tasks/",
    ):
        olu.goto(path)
        hrefs = olu.page.eval_on_selector_all("main a[href]", "links => links.map(link => link.getAttribute('href'))")
        addresses |= {
            href
            for href in hrefs
            if (href.startswith(("/cases/20", "/tasks/")) and REFERENCE in href) or re.match(r"/tasks/\d", href)
        }
    assert len(addresses) > 10, addresses
    for address in sorted(addresses):
        answer = carys.context.request.get(carys.portal.url + address)
        assert answer.status == 404, f"{address}: {answer.status}"
        assert "Okonkwo" not in answer.text()
    for path in ("/", "/cases/open/", "/cases/closed/", "/tasks/", "/notifications/", f"/cases/?text={REFERENCE}"):
        answer = carys.context.request.get(carys.portal.url + path)
        assert "Okonkwo" not in answer.text()
