"""An administrator creates a user, who makes a password and works; deactivated in mid-session, they are out at the next click."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson, Person
from tests.journeys.running import RunningPortal, link_in

pytestmark = pytest.mark.once(on="postgresql")

AMINA, DINA = "amina@alder.example", "dina@alder.example"
PASSWORD = "three-quiet-green-boats"


@pytest.mark.row("S17")
@pytest.mark.row("S88")
@pytest.mark.row("S89")
@pytest.mark.row("S90")
@pytest.mark.row("S91")
@pytest.mark.row("S92")
@pytest.mark.row("S93")
def test_a_user_comes_and_goes(portal: RunningPortal, person: NewPerson) -> None:
    amina = person(AMINA)
    amina.sign_in()
    _create(amina)

    dina = person(DINA, PASSWORD)
    _make_a_password(dina, portal, 0)
    dina.sign_in()
    expect(dina.page.get_by_role("heading", level=1)).to_be_visible()
    dina.page.locator(".portal-menu--person .portal-menu__toggle").click()
    expect(dina.page.get_by_role("link", name="Manage your users")).to_have_count(0)

    _choose(amina, "Reset password")
    before = len(portal.mails(DINA))
    amina.page.get_by_role("button", name="Reset password: the old one stops now").click()
    expect(amina.page.get_by_role("main")).to_contain_text("A new link is on its way")
    dina.goto("/cases/open/")
    expect(dina.page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    _make_a_password(dina, portal, before)
    dina.sign_in()

    _choose(amina, "Deactivate")
    amina.look()
    amina.page.get_by_role("button", name="Deactivate account").click()
    expect(amina.page.get_by_role("main")).to_contain_text("account is deactivated")
    amina.look()
    dina.page.get_by_role("link", name="My tasks").first.click()
    expect(dina.page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    dina.page.get_by_label("E-mail address").fill(DINA)
    dina.page.get_by_label("Password", exact=True).fill(PASSWORD)
    dina.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(dina.page.get_by_role("main")).to_contain_text("The e-mail address or password is not right")


@pytest.mark.row("S20")
@pytest.mark.row("C4")
def test_the_portal_team_changes_an_address_and_hands_over_without_scripts(
    portal: RunningPortal, person: NewPerson
) -> None:
    gwen = person("gwen@ombudsman.example", javascript=False)
    gwen.look = lambda: None  # type: ignore[method-assign]  # axe itself is a script
    gwen.sign_in()
    gwen.goto("/casework/landlords/invite/")
    gwen.page.get_by_label("Landlord’s name").fill("Fir Homes")
    gwen.page.get_by_label("Administrator’s name").fill("Mair Bowen")
    gwen.page.get_by_label("Administrator’s e-mail address").fill("mair@fir.example")
    gwen.page.get_by_role("button", name="Send invitation").click()
    portal.next_mail("mair@fir.example", 0)
    gwen.page.get_by_role("link", name="Change the e-mail address of Mair Bowen").click()
    gwen.page.get_by_label("New e-mail address").fill("office@fir.example")
    gwen.page.get_by_label("How you checked who is asking").fill("Called back on the number that we hold.")
    gwen.page.get_by_role("button", name="Change the address").click()
    expect(gwen.page.get_by_role("main")).to_contain_text("Both addresses are told")
    assert "office@fir.example" in portal.next_mail("mair@fir.example", 1).get_content()
    assert "office@fir.example" in portal.next_mail("office@fir.example", 0).get_content()
    gwen.page.get_by_role("link", name="Hand over the main account to somebody else").click()
    gwen.page.get_by_label("Somebody new", exact=True).check()
    gwen.page.get_by_label("Name of somebody new").fill("Nerys Vaughan")
    gwen.page.get_by_label("E-mail address of somebody new").fill("nerys@fir.example")
    gwen.page.get_by_label("Their account is deactivated").check()
    gwen.page.get_by_label("How you checked who is asking").fill("Called back on the number that we hold.")
    gwen.page.get_by_role("button", name="Hand over the main account").click()
    expect(gwen.page.get_by_role("main")).to_contain_text("Nerys Vaughan is now the administrator")
    nerys = person("nerys@fir.example", PASSWORD)
    _make_a_password(nerys, portal, 0)
    nerys.sign_in()
    nerys.goto("/users/")
    expect(nerys.page.get_by_role("main")).to_contain_text("Mair Bowen")


def _create(amina: Person) -> None:
    page = amina.page
    page.locator(".portal-menu--person .portal-menu__toggle").click()
    page.get_by_role("link", name="Create a new user").click()
    amina.look()
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    amina.look()
    page.get_by_label("Name", exact=True).fill("Dina Ferreira")
    page.get_by_label("E-mail address").fill(DINA)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Manage your users")
    expect(page.get_by_role("main")).to_contain_text("Account created for Dina Ferreira")
    amina.look()


def _choose(amina: Person, entry: str) -> None:
    """From the person icon to the three dots right of Dina."""
    amina.goto("/")
    amina.page.locator(".portal-menu--person .portal-menu__toggle").click()
    amina.page.get_by_role("link", name="Manage your users").click()
    row = amina.page.get_by_role("row").filter(has_text="Dina Ferreira")
    row.locator(".portal-menu--dots .portal-menu__toggle").click()
    amina.look()
    row.get_by_role("link", name=entry, exact=True).click()
    amina.look()


def _make_a_password(someone: Person, portal: RunningPortal, after: int) -> None:
    mail = portal.next_mail(someone.email, after)
    assert PASSWORD not in mail.get_content()
    someone.page.goto(link_in(mail, portal.url))
    someone.page.get_by_label("New password", exact=True).fill(PASSWORD)
    someone.page.get_by_label("Type the new password again", exact=True).fill(PASSWORD)
    someone.page.get_by_role("button", name="Save the new password").click()
    expect(someone.page).to_have_url(f"{portal.url}/sign-in/")
