"""In the real browser: the warning before a time-out, work that survives one, and passkeys from set-up to sign-in."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.journeys.conftest import NewPerson, Person
from tests.journeys.running import RunningPortal
from tests.second_factors import code_of

pytestmark = pytest.mark.once(on="postgresql")

AMINA, BEN = "amina@alder.example", "ben@alder.example"
NEW = "/cases/202601234/messages/new/"
TYPED = "The boiler was replaced on 3 March."
ALMOST = 28 * 60 + 30


def _go_on(portal: RunningPortal, person: Person, seconds: int) -> None:
    """Time passes: for the server, and for the page's own clock."""
    portal.run("-m", "tests.journeys.set_back", person.email, str(seconds))
    person.page.clock.fast_forward(seconds * 1000)


def _at_a_new_message(person: NewPerson, email: str, *, javascript: bool = True) -> Person:
    somebody = person(email, javascript=javascript)
    if javascript:
        somebody.page.clock.install()
    somebody.sign_in()
    somebody.goto(NEW)
    return somebody


@pytest.mark.statement("time-out")
@pytest.mark.row("D12")
@pytest.mark.row("S29")
def test_two_minutes_before_the_time_out_a_dialog_offers_to_stay_signed_in(
    portal: RunningPortal, person: NewPerson
) -> None:
    amina = _at_a_new_message(person, AMINA)
    page, dialog = amina.page, amina.page.get_by_role("alertdialog", name="You will soon be signed out")
    page.get_by_label("Subject").focus()
    _go_on(portal, amina, ALMOST)
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("2 minutes")
    expect(dialog.get_by_role("status")).to_contain_text("You will be signed out in")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    amina.look()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Subject")).to_be_focused()
    _go_on(portal, amina, ALMOST)
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    page.reload()
    expect(page).to_have_url(portal.url + NEW)


@pytest.mark.row("D12")
def test_tabs_agree_on_the_time_out(portal: RunningPortal, person: NewPerson) -> None:
    amina = _at_a_new_message(person, AMINA)
    other = amina.context.new_page()
    other.clock.install()
    other.goto(portal.url + "/cases/open/")
    portal.run("-m", "tests.journeys.set_back", AMINA, str(ALMOST))
    for page in (amina.page, other):
        page.clock.fast_forward(ALMOST * 1000)
        expect(page.get_by_role("alertdialog")).to_be_visible()
    other.get_by_role("button", name="Stay signed in").click()
    expect(amina.page.get_by_role("alertdialog")).to_be_hidden()


@pytest.mark.row("B1")
@pytest.mark.row("D12")
@pytest.mark.row("H35")
def test_what_is_typed_is_saved_and_comes_back_after_the_time_out(portal: RunningPortal, person: NewPerson) -> None:
    amina = _at_a_new_message(person, AMINA)
    page = amina.page
    page.get_by_label("Subject").fill("About the boiler")
    page.get_by_label("Your message").press_sequentially(TYPED)
    with page.expect_response(lambda response: response.request.method == "POST" and response.status == 204):
        page.clock.run_for(4000)
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "boiler" not in stored
    _go_on(portal, amina, 31 * 60)
    page.wait_for_url(re.compile("/sign-in/"))
    expect(page.get_by_role("main")).to_contain_text("had not used the portal for a while")
    expect(page.get_by_role("main")).not_to_contain_text(TYPED)
    page.get_by_label("E-mail address").fill(AMINA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    amina.enter_code()
    expect(page).to_have_url(portal.url + NEW)
    expect(page.get_by_label("Your message")).to_have_value(TYPED)
    expect(page.get_by_label("Subject")).to_have_value("About the boiler")
    expect(page.get_by_role("region", name="Draft, not sent")).to_contain_text("We kept what you typed on")
    amina.look()
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_label("Your message")).to_have_value("")


@pytest.mark.row("B1")
@pytest.mark.row("H35")
def test_without_a_script_a_form_sent_too_late_is_kept_as_well(portal: RunningPortal, person: NewPerson) -> None:
    ben = _at_a_new_message(person, BEN, javascript=False)
    page = ben.page
    page.get_by_label("Subject").fill("About the boiler")
    page.get_by_label("Your message").fill(TYPED)
    portal.run("-m", "tests.journeys.set_back", BEN, str(31 * 60))
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("we have kept it")
    page.get_by_label("E-mail address").fill(BEN)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    ben.enter_code()
    expect(page.get_by_label("Your message")).to_have_value(TYPED)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Your message has been sent")


@pytest.mark.row("B1")
def test_the_same_form_in_two_tabs_and_once_more_after_back(portal: RunningPortal, person: NewPerson) -> None:
    ben = _at_a_new_message(person, BEN)
    first, second = ben.page, ben.context.new_page()
    second.clock.install()
    second.goto(portal.url + NEW)
    first.get_by_label("Subject").fill("About the roof")
    first.get_by_label("Your message").fill("The roof was mended.")
    first.get_by_role("button", name="Send", exact=True).last.click()
    expect(first.get_by_role("main")).to_contain_text("Your message has been sent")
    second.get_by_label("Subject").fill("About the cellar")
    second.get_by_label("Your message").press_sequentially(TYPED)
    with second.expect_response(lambda response: response.request.method == "POST" and response.status == 204):
        second.clock.run_for(4000)
    expect(second.get_by_text("was sent or discarded in another tab")).to_be_visible()
    second.reload()
    expect(second.get_by_label("Your message")).to_have_value(TYPED)
    first.go_back()
    first.get_by_label("Subject").fill("About the roof")
    first.get_by_label("Your message").fill("The roof was mended.")
    first.get_by_role("button", name="Send", exact=True).last.click()
    expect(first.get_by_role("alert")).to_contain_text("was not sent a second time")
    ben.look()
    first.get_by_role("button", name="Send", exact=True).last.click()
    expect(first.get_by_role("main")).to_contain_text("Your message has been sent")


# Passkeys: a passkey belongs to a name, which an IP address is not, so these journeys go to "localhost".


@pytest.fixture
def at_localhost(portal: RunningPortal, person: NewPerson) -> Callable[[str], Person]:
    def build(email: str) -> Person:
        somebody = person(email)
        somebody.goto = lambda path: somebody.page.goto(f"http://localhost:{portal.port}{path}")  # type: ignore[method-assign,assignment]
        return somebody

    return build


def _with_device(page: Page) -> tuple[object, str]:
    """A device that keeps passkeys and knows its owner: Chromium's own virtual authenticator."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session, made["authenticatorId"]


def _type_password(somebody: Person) -> None:
    somebody.goto("/sign-in/")
    somebody.page.get_by_label("E-mail address").fill(somebody.email)
    somebody.page.get_by_label("Password", exact=True).fill(somebody.password)
    somebody.page.get_by_role("button", name="Sign in", exact=True).click()


def _sign_out(somebody: Person) -> None:
    somebody.goto("/sign-out/")
    somebody.page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(somebody.page.get_by_role("main")).to_contain_text("You have signed out")


@pytest.mark.row("B13")
@pytest.mark.row("H26")
@pytest.mark.row("H32")
def test_a_passkey_from_set_up_to_sign_in_with_the_password_and_without(
    portal: RunningPortal, at_localhost: Callable[[str], Person]
) -> None:
    dev = at_localhost("dev@ombudsman.example")
    page = dev.page
    device, device_id = _with_device(page)
    dev.sign_in()
    dev.goto("/account/")
    page.get_by_role("link", name="Two-factor authentication").click()
    dev.look()
    page.get_by_role("button", name="Set up a passkey").click()
    dev.look()
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name of the passkey").fill("Work laptop")
    dev.look()
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    dev.look()
    codes = [text.replace(" ", "") for text in page.locator(".portal-codes li").all_inner_texts()]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the codes as text").click()
    assert codes[0] in download.value.path().read_text()
    page.get_by_role("button", name="I have kept the codes").click()
    expect(page.get_by_role("main")).to_contain_text("Work laptop")
    dev.look()
    assert len(device.send("WebAuthn.getCredentials", {"authenticatorId": device_id})["credentials"]) == 1

    _sign_out(dev)
    mails = len(portal.mails(dev.email))
    _type_password(dev)
    expect(page.get_by_role("heading", level=1)).to_have_text("Verify that it is you")
    dev.look()
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    dev.goto("/account/two-factor/")
    expect(page.get_by_role("main")).to_contain_text("Work laptop")

    _sign_out(dev)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    dev.goto("/account/")
    expect(page.get_by_role("main")).to_contain_text(dev.email)
    assert len(portal.mails(dev.email)) == mails, "no code is mailed to somebody with a passkey"

    _sign_out(dev)
    _type_password(dev)
    page.get_by_label("Recovery code").fill(codes[0])
    page.get_by_role("button", name="Verify").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


@pytest.mark.row("B13")
@pytest.mark.row("H21")
def test_a_passkey_without_its_owner_and_an_answer_sent_twice_sign_nobody_in(
    portal: RunningPortal, at_localhost: Callable[[str], Person]
) -> None:
    esi = at_localhost("esi@ombudsman.example")
    page = esi.page
    device, device_id = _with_device(page)
    esi.sign_in()
    esi.goto("/account/confirm/?next=/account/two-factor/passkey/")
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name of the passkey").fill("Key ring")
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    _sign_out(esi)

    device.send("WebAuthn.setUserVerified", {"authenticatorId": device_id, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("main")).to_contain_text("did not get a passkey")
    esi.goto("/account/")
    expect(page).to_have_url(re.compile("/sign-in/"))

    device.send("WebAuthn.setUserVerified", {"authenticatorId": device_id, "isUserVerified": True})
    sent: list[str] = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.post_data or ""))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    _sign_out(esi)
    answer = next(body for body in sent if "credential" in body)
    credential = json.dumps(json.loads(_form_value(answer, "credential")))
    page.locator("form[data-passkey] [name=credential]").evaluate(
        "(input, value) => { input.value = value; }", credential
    )
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("main")).to_contain_text("could not sign you in with that passkey")


def _form_value(body: str, name: str) -> str:
    from urllib.parse import parse_qs

    return parse_qs(body)[name][0]


@pytest.mark.row("B13")
@pytest.mark.row("H36")
def test_an_app_is_set_up_in_the_browser_with_back_and_reload(portal: RunningPortal, person: NewPerson) -> None:
    carys = person("carys@birch.example")
    page = carys.page
    carys.sign_in()
    carys.goto("/account/two-factor/")
    page.get_by_role("button", name="Set up an authenticator app").click()
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    secret = page.locator(".portal-secret").inner_text().replace(" ", "")
    page.reload()
    assert page.locator(".portal-secret").inner_text().replace(" ", "") == secret
    carys.look()
    page.get_by_label("Code that the app shows").fill("000000")
    page.get_by_role("button", name="Set up the app").click()
    carys.look()
    carys.goto("/account/two-factor/app/")  # a page that answered a form cannot be gone back to in any browser
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    page.go_back()
    page.go_forward()
    page.reload()
    expect(page.locator(".portal-codes li")).to_have_count(10)
    code = page.locator(".portal-codes li").first.inner_text()
    page.get_by_role("button", name="I have kept the codes").click()
    _sign_out(carys)
    _type_password(carys)
    carys.look()
    page.go_back()
    page.go_forward()
    page.get_by_label("Code from your authenticator app, or a recovery code").fill(code)
    page.get_by_role("button", name="Verify").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.go_back()
    carys.goto("/account/")
    expect(page.get_by_role("main")).to_contain_text("carys@birch.example")
