"""The first sign-in of an invited administrator, every step of it, with “Back” and “Reload” at each (H36)."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.running import RunningPortal, code_in, link_in

pytestmark = pytest.mark.once(on="postgresql")

ADDRESS, WORDS = "zoe@beech.example", "a-long-walk-by-the-river"


def _back_and_forth(page: Page, heading: str) -> None:
    """Back, forward and reload end where they began."""
    page.go_back()
    page.go_forward()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.row("H36")
@pytest.mark.row("S12")
@pytest.mark.row("S14")
def test_a_first_sign_in_survives_back_and_reload_at_each_step(portal: RunningPortal, person: NewPerson) -> None:
    gwen = person("gwen@ombudsman.example")
    gwen.sign_in()
    gwen.goto("/casework/landlords/invite/")
    gwen.page.get_by_label("Landlord’s name").fill("Beech Homes")
    gwen.page.get_by_label("Administrator’s name").fill("Zoe Lund")
    gwen.page.get_by_label("Administrator’s e-mail address").fill(ADDRESS)
    gwen.page.get_by_role("button", name="Send invitation").click()
    portal.next_mail(ADDRESS, 0)

    zoe = person(ADDRESS, WORDS)
    page = zoe.page
    zoe.goto("/accessibility/")
    zoe.goto("/sign-in/")
    _back_and_forth(page, "Sign in")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Forgot your password?").click()
    page.get_by_role("button", name="Send the link").click()
    told = page.get_by_role("heading", level=1).inner_text()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(told)

    page.goto(link_in(portal.next_mail(ADDRESS, 1), portal.url))
    _back_and_forth(page, page.get_by_role("heading", level=1).inner_text())
    page.get_by_label("New password", exact=True).fill(WORDS)
    page.get_by_label("Type the new password again", exact=True).fill(WORDS)
    page.get_by_role("button", name="Save the new password").click()
    expect(page).to_have_url(f"{portal.url}/sign-in/")
    page.go_back()  # to a link that has been used
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")
    page.go_forward()

    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_label("Password", exact=True).fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Send 2FA Verification Code")).to_be_visible()
    _back_and_forth(page, page.get_by_role("heading", level=1).inner_text())
    before = len(portal.mails(ADDRESS, "sign-in code"))
    page.get_by_role("button", name="Send 2FA Verification Code").click()
    code = code_in(portal.next_mail(ADDRESS, before, "sign-in code"))
    _back_and_forth(page, page.get_by_role("heading", level=1).inner_text())
    assert len(portal.mails(ADDRESS, "sign-in code")) == before + 1, "no code goes out by going back or reloading"
    page.get_by_label("Enter code").fill(code)
    page.get_by_role("button", name="Verify").click()
    expect(page).to_have_url(f"{portal.url}/")

    page.go_back()  # to where the code was entered: it has been used, and she is in
    zoe.goto("/")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("no cases yet")
