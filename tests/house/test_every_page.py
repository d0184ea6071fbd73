"""What stands on every page: guide, bell, account and accessibility at the top right; a case number is always a link."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests import world
from tests.cast import Cast
from tests.house.resolver import routes
from tests.signing_in import sign_in

SIGNING_IN = ("account_", "account:confirm")  # the pages on which one signs in or out, or says again who one is
TOP_RIGHT = ("/guide/", "/accessibility/", "/notifications/", "/account/")


def _pages(cast: Cast, person: str) -> dict[str, BeautifulSoup]:
    """Every page that the person gets, by its address."""
    values, client, found = world.build(cast), Client(), {}
    sign_in(client, cast.users[person])
    for route in routes():
        if set(route.parameters) <= set(values) and not route.name.startswith(SIGNING_IN):
            address = reverse(route.name, kwargs={one: values[one] for one in route.parameters})
            answer = client.get(address)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                found[address] = BeautifulSoup(answer.content, "lxml")
    return found


@pytest.mark.row("S17")
@pytest.mark.row("S26")
@pytest.mark.row("S27")
@pytest.mark.row("S28")
@pytest.mark.row("S29")
@pytest.mark.parametrize(("person", "least"), [("amina", 40), ("dev", 40), ("gwen", 40)])
def test_every_page_holds_guide_bell_account_and_accessibility_at_the_top_right(
    cast: Cast, person: str, least: int
) -> None:
    pages = _pages(cast, person)
    assert len(pages) >= least, sorted(pages)
    for address, page in pages.items():
        top = page.select_one(".portal-header__tools")
        links = {link["href"].split("?")[0] for link in top.select("a[href]")}
        assert set(TOP_RIGHT) <= links, address
        assert top.select_one("summary").get_text(strip=True), f"{address}: the person icon has no name"


@pytest.mark.row("S71")
def test_on_every_page_of_a_landlord_a_case_number_leads_to_the_case(cast: Cast) -> None:
    """On a page under the case's own address, such as a form, a link back into the case is enough."""
    case = "/cases/202601234/"
    naming = {at: page for at, page in _pages(cast, "amina").items() if "202601234" in page.main.get_text()}
    assert len([address for address in naming if not address.startswith(case)]) >= 5, sorted(naming)
    for address, page in naming.items():
        hrefs = {link["href"].split("?")[0] for link in page.select("a[href]")}
        within = [href for href in hrefs if href.startswith(case)]
        assert within if address.startswith(case) else case in hrefs, address
