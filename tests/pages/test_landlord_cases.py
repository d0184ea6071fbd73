"""The lists of the landlord's cases: open, closed, all; filters that can be shared; as many statements for every length."""

from datetime import timedelta

import pytest

from portal.accounts.models import Session
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.lib import clock
from portal.teams.models import Team
from tests.cast import in_days
from tests.indexed import indexed, indexed_anew
from tests.pages.landlord_rows import close, in_bulk, open_cases, statements, task_on
from tests.well_formed import check

pytestmark = pytest.mark.both  # filters


def references(response) -> list[str]:
    return [link.get_text(strip=True) for link in check(response).select("tbody th a")]


def chips(soup) -> list[str]:
    found = soup.select(".portal-applied li")
    return [" ".join(chip.get_text(" ", strip=True).replace("Remove this filter:", "").split()) for chip in found]


@pytest.mark.row("S24")
@pytest.mark.row("S103")
def test_open_and_closed_are_disjoint_and_together_all(cast, client_of) -> None:
    made = open_cases(cast, 4)
    close(cast, made[0])
    amina = client_of("amina")
    is_open, is_closed = references(amina.get("/cases/open/")), references(amina.get("/cases/closed/"))
    assert is_closed == [made[0].reference]
    assert not set(is_open) & set(is_closed)
    assert sorted(is_open + is_closed) == sorted(references(amina.get("/cases/")))


@pytest.mark.row("S30")
def test_the_list_says_at_its_top_whether_open_or_closed_cases_are_shown_and_the_chip_can_be_taken_away(
    client_of,
) -> None:
    amina = client_of("amina")
    for address, words in (("/cases/open/", "Open cases"), ("/cases/closed/", "Closed cases")):
        soup = check(amina.get(address))
        assert chips(soup) == [words]
        assert soup.select_one(".portal-applied a")["href"] == "/cases/"


@pytest.mark.row("S32")
def test_every_row_shows_one_of_the_ten_statuses_and_the_page_explains_them(cast, client_of) -> None:
    soup = check(client_of("amina").get("/cases/open/"))
    assert soup.select_one("tbody td[data-label=Status]").get_text(strip=True) in {status.label for status in Status}
    terms = [term.get_text(strip=True) for term in soup.select("main details dt")]
    assert terms == [status.label for status in Status]


def _various(cast) -> dict[str, Case]:
    """Cases that differ from the cast's own in each thing that can be filtered by."""
    near, far, plain, esis = open_cases(cast, 4)
    task_on(cast, near, due_on=in_days(0))
    task_on(cast, far, due_on=in_days(90))
    cases.hand_over(esis, team=Team.DISPUTE_RESOLUTION, owner_id=cast.esi.user_id, by=cast.dev)
    Case.objects.filter(pk=plain.pk).update(
        resident_name="Zofia Nowak", resident_address="1 Żelazna, York", owner=None, summary="Broken lift"
    )
    Case.objects.filter(pk=far.pk).update(status=Status.EVIDENCE_GATHERING, next_due_on=in_days(90))
    indexed_anew()
    return {"near": near, "far": far, "plain": plain, "esis": esis, "cast": cast.case}


@pytest.mark.row("S31")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("reference=20252000", {"near", "far", "plain", "esis"}),
        ("reference=2026 01234", {"cast"}),
        *((f"reference={way}", {"cast"}) for way in ("2026-01234", "2026–01234", "%23202601234", "Case 202601234")),
        ("reference=Case", set()),
        ("resident=nowak", {"plain"}),
        ("address=mill+lane", {"cast"}),
        ("status=evidence-gathering", {"far"}),
        ("team=dispute-resolution", {"esis"}),
        ("owner=ESI", {"esis"}),
        ("owner=nobody", {"plain"}),
        ("deadline=overdue", set()),
        ("deadline=later", {"far"}),
        ("deadline=none", {"cast"}),
        ("tasks=outstanding", {"near", "far", "plain", "esis"}),
        ("tasks=none", {"cast"}),
        ("text=broken+lift", {"plain"}),
        ("FROM90", {"far"}),
        ("team=triage&deadline=none&text=damp", {"cast"}),
        ("team=triage&deadline=none&text=nothing", set()),
    ],
)
def test_each_filter_alone_and_combined_narrows_the_list(cast, client_of, query: str, expected: set[str]) -> None:
    made, day = _various(cast), in_days(80)
    query = query.replace("ESI", str(cast.esi.user_id))
    query = query.replace("FROM90", f"due_from-day={day.day}&due_from-month={day.month}&due_from-year={day.year}")
    shown = references(client_of("amina").get(f"/cases/open/?{query}"))
    assert set(shown) == {made[name].reference for name in expected}


@pytest.mark.row("S31")
def test_an_overdue_and_an_approaching_deadline_can_be_asked_for(cast, client_of) -> None:
    made = _various(cast)
    assert made["near"].reference in references(client_of("amina").get("/cases/open/?deadline=approaching"))
    with clock.moved_to(clock.now() + timedelta(days=1)):
        assert references(client_of("amina").get("/cases/open/?deadline=overdue")) == [made["near"].reference]


@pytest.mark.row("S30")
@pytest.mark.row("S31")
def test_each_applied_filter_is_a_chip_whose_link_takes_only_it_away(cast, client_of) -> None:
    soup = check(
        client_of("amina").get("/cases/open/?resident=Mary&team=triage&due_to-day=1&due_to-month=3&due_to-year=2030")
    )
    assert chips(soup) == ["Open cases", "Resident: Mary", "Managing team: DR2 Triage", "Deadline to: 1 March 2030"]
    links = [link["href"] for link in soup.select(".portal-applied li a")]
    assert links[1] == "/cases/open/?team=triage&due_to-day=1&due_to-month=3&due_to-year=2030"
    assert links[3] == "/cases/open/?resident=Mary&team=triage"
    assert soup.select_one(".portal-applied__clear")["href"] == "/cases/open/"
    assert soup.select_one("input[name=resident]")["value"] == "Mary"


@pytest.mark.row("S31")
def test_what_a_filter_does_not_offer_narrows_nothing_and_is_not_shown_as_applied(cast, client_of) -> None:
    response = client_of("amina").get("/cases/open/?status=nonsense&owner=999999&sort=password&page=zzz")
    assert references(response) == [cast.case.reference]
    assert chips(check(response)) == ["Open cases"]


def test_a_date_that_is_none_is_said_beside_the_field_and_the_rest_of_the_filter_still_applies(cast, client_of) -> None:
    soup = check(
        client_of("amina").get("/cases/open/?due_from-day=31&due_from-month=2&due_from-year=2026&resident=Mary")
    )
    assert "Deadline from must be a real date" in soup.select_one(".govuk-error-summary").get_text()
    assert soup.select_one("input[name=due_from-day]")["value"] == "31"
    assert chips(soup) == ["Open cases", "Resident: Mary"]


def test_the_last_deadline_must_not_lie_before_the_first(client_of) -> None:
    query = "due_from-day=2&due_from-month=2&due_from-year=2027&due_to-day=1&due_to-month=2&due_to-year=2027"
    soup = check(client_of("amina").get(f"/cases/open/?{query}"))
    assert "same as or after" in soup.select_one(".govuk-error-summary").get_text()


def test_the_list_sorts_by_its_columns_and_keeps_the_filters(cast, client_of) -> None:
    open_cases(cast, 3)
    soup = check(client_of("amina").get("/cases/open/?team=triage&sort=reference"))
    shown = [link.get_text() for link in soup.select("tbody th a")]
    assert shown == sorted(shown)
    assert soup.select_one("th[aria-sort=ascending]").get_text(strip=True) == "Reference: sort highest first"
    heads = {link.get_text(strip=True): link["href"] for link in soup.select("thead a")}
    assert heads["Status: sort first step first"] == "/cases/open/?team=triage&sort=status"
    assert heads["Reference: sort highest first"] == "/cases/open/?team=triage&sort=-reference"
    assert heads["Next deadline: sort earliest first"] == "/cases/open/?team=triage"


def test_the_next_page_keeps_the_filters(cast, client_of) -> None:
    open_cases(cast, 30)
    soup = check(client_of("amina").get("/cases/open/?team=triage"))
    assert len(soup.select("tbody tr")) == 25
    assert soup.select_one(".govuk-pagination__next a")["href"] == "?team=triage&page=2"


@pytest.mark.row("S1")
def test_no_filter_finds_another_landlords_case(cast, client_of) -> None:
    indexed()
    amina = client_of("amina")
    for query in ("reference=202609999", "resident=Nia", "text=Birch", f"owner={cast.dev.user_id}", "text=Hidden"):
        assert "202609999" not in references(amina.get(f"/cases/?{query}"))
        assert "202605678" not in references(amina.get(f"/cases/?{query}"))


def test_an_empty_list_says_what_to_do(client_of) -> None:
    amina = client_of("amina")
    assert "No open cases match your filters" in check(amina.get("/cases/open/?resident=nobody")).main.get_text()
    assert "You can still read them" in check(amina.get("/cases/closed/")).main.get_text()


@pytest.mark.parametrize(
    "address", ["/cases/open/", "/cases/closed/", "/cases/", "/cases/open/?deadline=none&text=l&sort=status"]
)
def test_a_list_takes_eleven_statements_at_most_however_many_rows(cast, client_of, address: str) -> None:
    amina = client_of("amina")

    def ask() -> None:
        Session.objects.update(last_active_at=clock.now() - timedelta(minutes=2))
        assert amina.get(address).status_code == 200

    for made in open_cases(cast, 3)[:2]:
        close(cast, made)
    few = statements(ask) - 1
    in_bulk(cast, 60)
    assert statements(ask) - 1 == few
    assert (
        few <= 11
    )  # session, person, place, owners, colleagues, saved filters, count, rows, deadlines, bell, idle stamp
