"""The search pages of both areas, and the box that leads to them from every page."""

from urllib.parse import quote

import pytest

from portal.accounts.models import Session
from portal.audit.models import AuditRow
from portal.cases import actions as cases
from portal.documents import actions as documents
from portal.documents.models import Visibility
from portal.lib import clock
from portal.messaging import actions as messaging
from tests.indexed import indexed, indexed_in_bulk
from tests.pages.landlord_rows import close, in_bulk, open_cases, statements, task_on
from tests.well_formed import check

pytestmark = pytest.mark.both  # searches

WINGS = (("amina", "/search/"), ("dev", "/casework/search/"))


def results(soup) -> list[str]:
    """The references found, in the order of the page."""
    return [link.get_text(strip=True).removeprefix("Case ") for link in soup.select(".portal-result h3 a")]


def words(soup) -> str:
    return " ".join(soup.main.get_text(" ", strip=True).split())


def marked(soup) -> list[str]:
    return [mark.get_text() for mark in soup.select("mark")]


@pytest.mark.row("S31")
@pytest.mark.parametrize(("person", "address"), WINGS)
def test_a_result_says_where_the_words_stand_and_leads_there(cast, client_of, person, address) -> None:
    task = task_on(cast, title="Send the gurgling boiler’s log")
    thread = messaging.start_thread(
        cast.case, subject="Access", body="The boiler gurgles <b>all</b> night", by=cast.dev
    )
    documents.share_document(
        cast.case, name="Boiler.txt", content=b"x\n", category="repairs", visibility=Visibility.BOTH, by=cast.dev
    )
    indexed()
    browser = client_of(person)
    soup = check(browser.get(f"{address}?q=boiler"))
    assert results(soup) == ["202601234"]
    assert "1 case holds “boiler”" in words(soup)
    places = soup.select(".portal-result__places li")
    assert [
        place.get_text(" ", strip=True).split(":")[0].split(" from")[0].split(" received")[0] for place in places
    ] == [
        "Task",
        "Message",
        "Document",
    ]
    assert marked(soup) == ["boiler’s", "boiler", "Boiler"]
    assert "<b>" not in str(soup.main)
    assert "<b>all</b>" in words(soup)
    links = [link["href"] for link in soup.select(".portal-result a")]
    assert any(link.endswith(f"/tasks/{task.pk}/") for link in links)
    assert any(f"/messages/{thread.pk}/#message-" in link for link in links)
    for link in links:
        assert browser.get(link).status_code == 200, link


@pytest.mark.row("S31")
@pytest.mark.parametrize(("person", "address"), WINGS)
def test_close_matches_are_said_to_be_close(cast, client_of, person, address) -> None:
    indexed()
    soup = check(client_of(person).get(f"{address}?q=Mray+Oneill"))
    assert soup.find("h2", string="Close matches")
    assert results(soup) == ["202601234"]
    assert "No case holds “Mray Oneill”" in words(soup)
    assert marked(soup) == ["Mary", "O’Neil"]
    soup = check(client_of(person).get(f"{address}?q=Mary"))
    assert not soup.find("h2", string="Close matches")


def test_open_and_closed_cases_can_be_told_apart(cast, client_of) -> None:
    made = open_cases(cast, 2)
    close(cast, made[0])
    indexed()
    amina = client_of("amina")
    for show, wanted in (
        ("", [made[1], made[0]]),
        ("open", [made[1]]),
        ("closed", [made[0]]),
        ("nonsense", made[::-1]),
    ):
        soup = check(amina.get(f"/search/?q=resident&show={show}"))
        assert results(soup) == [case.reference for case in wanted], show
    soup = check(amina.get("/search/?q=mary&show=closed"))
    assert soup.select_one(".portal-empty a")["href"] == "/search/?q=mary"
    assert soup.select_one("input[name=show]")["value"] == "closed"


def test_25_cases_stand_on_a_page_and_the_number_is_said(cast, client_of) -> None:
    in_bulk(cast, 60)
    indexed_in_bulk(cast)
    amina = client_of("amina")
    first, third = check(amina.get("/search/?q=high+street")), check(amina.get("/search/?q=high+street&page=3"))
    assert (len(results(first)), len(results(third))) == (25, 10)
    assert "60 cases hold “high street”" in words(first)
    assert "Showing 51 to 60 of 60 cases" in words(third)
    assert first.select_one(".govuk-pagination__next a")["href"] == "?q=high+street&page=2"
    assert len(results(check(amina.get("/search/?q=high+street&page=99")))) == 10


def test_more_cases_than_one_search_lists_are_said_to_be_more(cast, client_of) -> None:
    in_bulk(cast, 260)
    indexed_in_bulk(cast)
    soup = check(client_of("amina").get("/search/?q=street&page=10"))
    assert "More than 250 cases hold “street”" in words(soup)
    assert "Showing 226 to 250 of 250 cases" in words(soup)


def test_a_page_without_a_question_says_what_can_be_looked_for(client_of) -> None:
    for person, address in WINGS:
        soup = check(client_of(person).get(address))
        assert "a resident’s name, an address, a file name" in words(soup)
        assert results(soup) == []
        assert not soup.select(".moj-sub-navigation")


@pytest.mark.parametrize("asked", ["zzzz", "***", "%", "\0", "<script>alert(1)</script>", "x" * 3000, "👨‍👩‍👧"])
def test_whatever_finds_nothing_says_what_to_try(client_of, asked: str) -> None:
    for person, address in WINGS:
        response = client_of(person).get(f"{address}?q={quote(asked)}")
        soup = check(response)
        assert results(soup) == []
        if asked != "\0":
            assert "use fewer words" in words(soup)
        assert "<script>alert" not in response.content.decode()


def test_a_question_that_is_cut_says_so(client_of) -> None:
    soup = check(client_of("amina").get(f"/search/?q={'mary ' * 100}"))
    assert "first 200 characters" in words(soup)
    assert len(soup.select_one("#q")["value"]) <= 200


@pytest.mark.row("S1")
@pytest.mark.row("H38")
def test_a_landlord_finds_nothing_of_anothers_and_nothing_of_the_services_own(cast, client_of) -> None:
    documents.share_document(
        cast.case, name="Zebra.txt", content=b"x\n", category="repairs", visibility=Visibility.STAFF, by=cast.dev
    )
    indexed()
    for person, asked in (("carys", "Mary"), ("amina", "Nia"), ("amina", "Tom Hidden"), ("amina", "zebra")):
        assert results(check(client_of(person).get(f"/search/?q={asked}"))) == [], (person, asked)
    staff = check(client_of("dev").get("/casework/search/?q=Tom+Hidden"))
    assert "Hidden from landlord" in words(staff)
    assert "Alder Homes" in words(staff)
    assert results(check(client_of("dev").get("/casework/search/?q=zebra"))) == ["202601234"]
    cases.release_case(cast.hidden, by=cast.dev)
    assert results(check(client_of("amina").get("/search/?q=Tom+Hidden"))) == ["202605678"]


def test_the_box_stands_on_every_page_of_those_who_have_cases(client_of) -> None:
    for person, page, address in (("amina", "/", "/search/"), ("dev", "/casework/", "/casework/search/")):
        form = check(client_of(person).get(page)).select_one("form.portal-search")
        assert (form["action"], form.get("method", "get")) == (address, "get")
        assert form.select_one("input[name=q]")["aria-label"] == "Search all cases"
        assert not check(client_of(person).get(address)).select("form.portal-search")
    assert not check(client_of("gwen").get("/casework/landlords/")).select("form.portal-search")


def test_a_case_found_leads_back_to_the_search(cast, client_of) -> None:
    indexed()
    amina = client_of("amina")
    link = check(amina.get("/search/?q=mary")).select_one(".portal-result h3 a")["href"]
    way_back = check(amina.get(link)).select_one(".govuk-back-link")
    assert (way_back.get_text(strip=True), way_back["href"]) == ("Search results", "/search/?q=mary")


def test_looking_for_something_opens_nothing(cast, client_of) -> None:
    indexed()
    amina = client_of("amina")
    before = AuditRow.objects.count()
    amina.get("/search/?q=mary")
    assert AuditRow.objects.count() == before


@pytest.mark.parametrize(("person", "address"), WINGS)
def test_a_search_takes_as_many_statements_however_much_is_found(cast, client_of, person, address) -> None:
    browser = client_of(person)

    def ask() -> None:
        Session.objects.update(last_active_at=clock.now())
        assert browser.get(f"{address}?q=street+resident").status_code == 200

    open_cases(cast, 2)
    indexed()
    few = statements(ask)
    open_cases(cast, 12, start=100)
    in_bulk(cast, 200)
    indexed()
    indexed_in_bulk(cast)
    assert (
        statements(ask) <= few + 2
    )  # where many hold the words, better fits are asked for apart, and things are shown
    assert few <= 10


@pytest.mark.row("H42")
@pytest.mark.row("D11")
def test_no_filter_tells_of_words_that_stand_only_where_the_landlord_may_not_look(cast, client_of) -> None:
    """Neither what is found nor the chip “close matches”: cast.hidden is not released, and the note is the service's own."""
    documents.share_document(
        cast.case, name="Wombatplan.txt", content=b"x\n", category="repairs", visibility=Visibility.STAFF, by=cast.dev
    )
    indexed()
    amina = client_of("amina")
    for asked in ("resident=Hiddne", "text=Hiddne", "text=wombatplna", "text=wombatplan", "address=Queit"):
        page = check(amina.get(f"/cases/?{asked}"))
        assert "close matches" not in words(page), asked
        assert "202605678" not in words(page), asked
    assert "close matches" in words(check(amina.get("/cases/?resident=O’Niel")))
