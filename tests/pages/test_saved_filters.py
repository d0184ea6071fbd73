"""Saved filters on screen: saved above a list, used, shared, renamed, deleted."""

from datetime import timedelta

import pytest

from portal.accounts.models import Session
from portal.cases import actions as cases
from portal.filters import actions
from portal.filters.models import List, SavedFilter
from portal.landlords import sub_accounts
from portal.landlords.models import Membership
from portal.lib import clock
from tests.pages.landlord_rows import open_cases, statements, task_on
from tests.well_formed import check

pytestmark = [pytest.mark.both, pytest.mark.row("B9")]  # filters, and names are unique

LISTS = {
    List.OPEN_CASES: "/cases/open/",
    List.CLOSED_CASES: "/cases/closed/",
    List.ALL_CASES: "/cases/",
    List.TASKS: "/tasks/",
    List.SERVICE_CASES: "/casework/cases/",
}


def save_link(soup) -> str | None:
    found = soup.find("a", string="Save this filter")
    return found["href"] if found else None


def saved_links(soup) -> dict[str, str]:
    return {link.get_text(): link["href"] for link in soup.select(".portal-saved li a")}


def references(soup) -> list[str]:
    return [link.get_text(strip=True) for link in soup.select("tbody th a")]


def save(by, name: str, query: str = "deadline=overdue", of: List = List.OPEN_CASES, **given) -> SavedFilter:
    return actions.save_filter(of, name=name, query=query, by=by, **given)


@pytest.mark.parametrize(
    ("who", "address", "query"),
    [
        ("amina", "/cases/open/", "resident=O%E2%80%99Neil&team=triage&sort=-owner"),
        ("ben", "/cases/closed/", "due_from-day=1&due_from-month=3&due_from-year=2026"),
        ("amina", "/cases/", "sort=-reference"),
        ("ben", "/tasks/", "assigned=me&kind=for-information&show=checking&sort=-completed"),
        ("dev", "/casework/cases/", "landlord=Alder&whose=team&sort=-landlord"),
    ],
)
def test_a_filter_is_saved_from_its_list_and_stands_above_it(cast, client_of, who, address, query) -> None:
    client = client_of(who)
    assert save_link(check(client.get(address))) is None  # nothing is filtered
    query = check(client.get(f"{address}?{query}")).find("a", string="Save this filter")["href"].split("?")[1]
    new = save_link(check(client.get(f"{address}?{query}&page=1")))
    assert new.endswith(f"?{query}")
    assert save_link(check(client.get(f"{new}"))) is None
    answer = client.post(new, {"name": "My favourite"})
    assert answer["Location"] == f"{address}?{query}"
    soup = check(client.get(answer["Location"]))
    assert "Filter “My favourite” saved." in soup.main.get_text()
    assert saved_links(soup) == {"My favourite": f"{address}?{query}"}
    assert soup.select_one(".portal-saved a[aria-current]").get_text() == "My favourite"
    assert not check(client.get(address)).select(".portal-saved a[aria-current]")
    for other in set(LISTS.values()) - {address}:
        if other.startswith("/casework") == address.startswith("/casework"):
            assert saved_links(check(client.get(other))) == {}


def test_saving_the_same_name_asks_before_it_replaces_and_nothing_typed_is_lost(cast, client_of) -> None:
    save(cast.amina, "Overdue")
    amina, address = client_of("amina"), "/filters/new/open-cases/?team=triage"
    soup = check(amina.post(address, {"name": "overdue", "is_shared": "on"}))
    assert "You have a filter called “Overdue” already" in soup.select_one(".govuk-error-summary").get_text()
    assert soup.select_one("input[name=name]")["value"] == "overdue"
    assert soup.select_one("input[name=is_shared]").has_attr("checked")
    button = soup.find("button", string="Replace the saved filter")
    assert SavedFilter.objects.get().query == "deadline=overdue"
    amina.post(address, {"name": "overdue", "is_shared": "on", button["name"]: button["value"]})
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query, saved.is_shared) == ("overdue", "team=triage", True)
    save(cast.amina, "Other")
    soup = check(amina.post(address, {"name": "Other", "replace": "overdue"}))  # the question was about another name
    assert "“Other” already" in soup.select_one(".govuk-error-summary").get_text()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "!!"])
def test_a_name_that_does_not_do_is_said_beside_the_field(cast, client_of, name: str) -> None:
    soup = check(client_of("amina").post("/filters/new/tasks/?kind=for-information", {"name": name, "is_shared": "on"}))
    assert soup.select_one("#id_name-error, #name-error, .govuk-error-message")
    assert soup.select_one("input[name=name]")["value"] == name.strip() or name.strip() == ""
    assert soup.select_one("input[name=is_shared]").has_attr("checked")
    assert not SavedFilter.objects.exists()


def test_the_twenty_first_filter_is_refused_in_words(cast, client_of) -> None:
    for number in range(20):
        save(cast.amina, f"Number {number}")
    amina = client_of("amina")
    soup = check(amina.post("/filters/new/open-cases/?team=triage", {"name": "One more"}))
    assert "You have 20 saved filters, which is the most" in soup.select_one(".govuk-error-summary").get_text()
    soup = check(amina.get("/cases/open/"))
    assert len(saved_links(soup)) == 20
    assert soup.select_one(".portal-saved details summary").get_text() == "14 more"


def test_a_shared_filter_is_marked_and_means_each_reader_by_me(cast, client_of) -> None:
    bens = open_cases(cast, 1)[0]
    cases.assign_colleague(bens, colleague_id=cast.ben.user_id, by=cast.amina)
    cases.assign_colleague(cast.case, colleague_id=cast.amina.user_id, by=cast.ben)
    amina, ben = client_of("amina"), client_of("ben")
    amina.post("/filters/new/open-cases/?assigned=me", {"name": "What I do", "is_shared": "on"})
    assert "What I do shared" in check(amina.get("/cases/open/")).select_one(".portal-saved li").get_text()
    soup = check(ben.get("/cases/open/"))
    assert "shared by Amina Yusuf" in soup.select_one(".portal-saved li").get_text()
    href = saved_links(soup)["What I do"]
    assert references(check(ben.get(href))) == [bens.reference]
    assert references(check(amina.get(href))) == [cast.case.reference]
    assert saved_links(check(client_of("carys").get("/cases/open/"))) == {}


@pytest.mark.row("H47")
def test_shared_and_own_filters_vanish_for_whoever_changes_landlord(cast, client_of) -> None:
    save(cast.amina, "Amina’s", is_shared=True)
    own = save(cast.ben, "Ben’s")
    ben = client_of("ben")
    assert set(saved_links(check(ben.get("/cases/open/")))) == {"Amina’s", "Ben’s"}
    Membership.objects.filter(user_id=cast.ben.user_id).update(landlord=cast.birch)
    assert saved_links(check(ben.get("/cases/open/"))) == {}
    assert "You have no saved filters" in check(ben.get("/filters/")).main.get_text()
    assert ben.get(f"/filters/{own.pk}/").status_code == 404
    assert ben.post(f"/filters/{own.pk}/delete/").status_code == 404


@pytest.mark.row("H44")
def test_the_lists_and_filters_of_others_do_not_exist(cast, client_of) -> None:
    bens = save(cast.ben, "Ben’s")
    shared = save(cast.ben, "Shared", is_shared=True)
    for who, refused in (
        ("amina", [f"/filters/{bens.pk}/", f"/filters/{bens.pk}/delete/", f"/filters/{shared.pk}/"]),
        ("ike", [f"/filters/{shared.pk}/", f"/filters/{shared.pk}/delete/"]),
        ("carys", [f"/filters/{shared.pk}/", f"/filters/{shared.pk}/delete/", "/filters/new/cases/?team=triage"]),
        ("dev", [f"/filters/{shared.pk}/delete/", "/filters/new/open-cases/?team=triage", "/filters/new/x/?a=b"]),
        ("gwen", [f"/filters/{shared.pk}/", "/filters/new/cases/?team=triage"]),
    ):
        client = client_of(who)
        for address in refused:
            assert client.get(address).status_code == 404, (who, address)
            assert client.post(address, {"name": "Mine now"}).status_code == 404, (who, address)
    assert {one.name for one in SavedFilter.objects.all()} == {"Ben’s", "Shared"}


@pytest.mark.row("S31")
def test_a_saved_filter_whose_values_have_gone_narrows_nothing_and_gives_no_error(cast, client_of) -> None:
    """Also one that names another landlord's person, a status that is no more, and fields that never were."""
    for number, query in enumerate(
        ["status=no-longer", "owner=999999", f"assigned={cast.carys.user_id}", "sort=-gone", "gone=1", "assigned=x"]
    ):
        save(cast.amina, f"Number {number}", query)
        soup = check(client_of("amina").get(f"/cases/open/?{query}"))
        assert references(soup) == [cast.case.reference]
        assert not soup.select(".govuk-error-summary")
    save(cast.amina, "Tasks", "kind=gone&nearness=gone&assigned=999999&show=gone&sort=gone", List.TASKS)
    task = task_on(cast)
    soup = check(client_of("amina").get(saved_links(check(client_of("amina").get("/tasks/")))["Tasks"]))
    assert [link.get_text() for link in soup.select(".portal-task__title")] == [task.title]


@pytest.mark.row("D5")
def test_a_filter_by_a_colleague_goes_on_after_they_were_deactivated(cast, client_of) -> None:
    cases.assign_colleague(cast.case, colleague_id=cast.ben.user_id, by=cast.amina)
    save(cast.amina, "Ben’s cases", f"assigned={cast.ben.user_id}")
    sub_accounts.deactivate(Membership.objects.get(user_id=cast.ben.user_id).pk, by=cast.amina)
    amina = client_of("amina")
    soup = check(amina.get(saved_links(check(amina.get("/cases/open/")))["Ben’s cases"]))
    assert references(soup) == [cast.case.reference]
    assert "Assigned to Ben Carter (no longer active)" in soup.select_one(".portal-applied").get_text()
    assert "Ben Carter (no longer active)" in soup.select_one("tbody tr").get_text()


def test_the_room_of_saved_filters_lists_changes_and_deletes_them(cast, client_of) -> None:
    mine, bens = save(cast.amina, "Mine"), save(cast.ben, "Ben’s", of=List.TASKS, query="assigned=me", is_shared=True)
    amina = client_of("amina")
    soup = check(amina.get("/filters/"))
    rows = [" ".join(row.get_text(" ", strip=True).split()) for row in soup.select("tbody tr")]
    assert rows[0].startswith("Mine Open cases Only you")
    assert rows[0].endswith("Change Mine Delete Mine")
    assert rows[1].startswith("Ben’s My tasks Ben Carter")
    assert rows[1].endswith("Delete Ben’s")
    check(amina.get(f"/filters/{mine.pk}/"))
    amina.post(f"/filters/{mine.pk}/", {"name": "Renamed", "is_shared": "on"})
    assert "Renamed shared by Amina Yusuf" in check(client_of("ben").get("/cases/open/")).main.get_text()
    assert (
        "they and your other colleagues lose it too" in check(amina.get(f"/filters/{bens.pk}/delete/")).main.get_text()
    )
    answer = amina.post(f"/filters/{bens.pk}/delete/", follow=True)
    assert "Filter “Ben’s” deleted." in check(answer).main.get_text()
    assert check(client_of("ben").get("/tasks/")).select(".portal-saved") == []
    assert not check(client_of("ike").get("/filters/")).select("a[href$='/delete/']")


def test_a_name_is_shown_as_typed_and_never_as_code(cast, client_of) -> None:
    save(cast.amina, "<script>alert(1)</script>", is_shared=True)
    for address in ("/cases/open/", "/filters/"):
        html = client_of("ben").get(address).content.decode()
        assert "&lt;script&gt;alert(1)" in html
        assert "<script>alert" not in html


def test_an_address_that_was_saved_leads_nowhere_else(cast, client_of) -> None:
    answer = client_of("amina").post("/filters/new/open-cases/?next=//evil.example&from=/x&page=3", {"name": "Odd"})
    assert answer["Location"] == "/cases/open/?next=%2F%2Fevil.example"


@pytest.mark.parametrize("address", ["/cases/open/", "/tasks/", "/filters/"])
def test_the_number_of_statements_does_not_depend_on_how_many_filters_there_are(cast, client_of, address: str) -> None:
    ben = client_of("ben")

    def ask() -> None:
        Session.objects.update(last_active_at=clock.now() - timedelta(minutes=2))
        assert ben.get(address).status_code == 200

    few = statements(ask) - 1
    for number in range(15):
        save(cast.amina, f"Number {number}", is_shared=True)
        save(cast.ben, f"Number {number}", "assigned=me", List.TASKS)
    assert statements(ask) - 1 == few
    assert few <= (7 if address == "/filters/" else 11)
