"""The landlord's homepage: open cases, outstanding tasks, unread messages, and what it costs."""

from datetime import timedelta

import pytest

from portal.accounts.models import Session, User
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.notifications.fan_out import fan_out_one
from portal.tasks import actions as tasks
from portal.tasks.models import Task
from tests.cast import in_days
from tests.pages.landlord_rows import close, open_cases, statements, task_on
from tests.well_formed import check


def references(soup) -> list[str]:
    return [link.get_text(strip=True) for link in soup.select("tbody th a")]


def figures(soup) -> dict[str, tuple[int, str]]:
    """Each number of the page: its words, the number, and the address it leads to."""
    found = {}
    for link in soup.select(".portal-figure"):
        number = int(link.select_one(".portal-figure__number").get_text().replace(",", ""))
        found[link.select_one(".portal-figure__text").get_text(strip=True)] = (number, link["href"])
    return found


@pytest.mark.row("S21")
@pytest.mark.row("S22")
def test_home_lists_every_open_case_earliest_deadline_first(cast, client_of) -> None:
    late, soon = open_cases(cast, 2)
    task_on(cast, soon, due_on=in_days(0))
    close(cast, open_cases(cast, 1, start=50)[0])
    soup = check(client_of("amina").get("/"))
    assert references(soup) == [soon.reference, late.reference, cast.case.reference]
    assert "Showing 1 to 3 of 3 open cases" in soup.main.get_text()


@pytest.mark.row("S22")
@pytest.mark.row("S32")
def test_each_case_shows_its_status_and_its_team_and_links_to_its_details(cast, client_of) -> None:
    soup = check(client_of("amina").get("/"))
    row = soup.select_one("tbody tr")
    assert "Case under initial assessment" in row.get_text()
    assert "DR2 Triage" in row.get_text()
    assert row.select_one("th a")["href"] == "/cases/202601234/?from=%2F"


@pytest.mark.row("S23")
def test_each_case_shows_its_next_deadline_and_how_near_it_is(cast, client_of) -> None:
    task_on(cast, due_on=in_days(1))
    row = check(client_of("amina").get("/")).select_one("tbody tr").get_text(" ", strip=True)
    assert f"{in_days(1).day} {in_days(1):%b %Y} Approaching" in row


@pytest.mark.row("S22")
def test_home_has_25_cases_a_page_and_states_the_total(cast, client_of) -> None:
    open_cases(cast, 29)
    amina = client_of("amina")
    first, second = check(amina.get("/")), check(amina.get("/?page=2"))
    assert (len(references(first)), len(references(second))) == (25, 5)
    assert not set(references(first)) & set(references(second))
    assert "of 30 open cases" in first.main.get_text()


@pytest.mark.row("S1")
@pytest.mark.row("S2")
def test_another_landlord_and_an_unreleased_case_are_not_on_it(cast, client_of) -> None:
    open_cases(cast, 2)
    text = client_of("carys").get("/").content.decode()
    assert "202609999" in text
    assert "2025" not in check(client_of("carys").get("/")).main.get_text().replace("2025-", "")
    assert "Tom Hidden" not in client_of("amina").get("/").content.decode()


@pytest.mark.row("S25")
@pytest.mark.row("S56")
def test_home_shows_the_nearest_tasks_and_links_to_all(cast, client_of) -> None:
    for n in range(7):
        task_on(cast, title=f"Task number {n}", due_on=in_days(10 + n))
    soup = check(client_of("amina").get("/"))
    section = soup.select_one("section[aria-labelledby=tasks]")
    assert [link.get_text() for link in section.select("li > a")] == [f"Task number {n}" for n in range(5)]
    assert section.find("a", string="See all 7 outstanding tasks")["href"] == "/tasks/"


def test_home_shows_unread_messages_until_somebody_of_the_landlord_opened_them(cast, client_of) -> None:
    thread = messaging.start_thread(cast.case, subject="Access to the flat", body="When?", by=cast.dev)
    amina = client_of("amina")
    assert "Access to the flat" in check(amina.get("/")).main.get_text()
    messaging.open_thread(cast.case, thread.pk, by=cast.ben)
    assert "Access to the flat" not in check(amina.get("/")).main.get_text()


def test_every_number_on_home_is_the_length_of_the_list_it_leads_to(cast, client_of) -> None:
    for made in open_cases(cast, 8):
        task_on(cast, made, due_on=in_days(60))
    first = task_on(cast, title="About to be late", due_on=in_days(0))
    with clock.moved_to(clock.now() + timedelta(days=2)):
        tasks.report_unable(first, reason="The contractor is away.", by=cast.amina)
        amina = client_of("amina")
        shown = figures(check(amina.get("/")))
        for words, (number, href) in shown.items():
            soup = check(amina.get(href))
            rows = soup.select("tbody tr, main .portal-task, main .portal-upcoming > li")
            assert len(rows) == number, (words, number, len(rows))
        assert shown["overdue"][0] == 2
        assert shown["outstanding tasks"][0] == 17
        assert shown["open cases"][0] == 9
        assert shown["unread message threads"][0] == 8


def test_somebody_new_is_welcomed_and_somebody_known_is_not(cast, client_of) -> None:
    amina = client_of("amina")
    assert "Welcome to the Landlord Portal, Amina Yusuf" in check(amina.get("/")).main.get_text()
    User.objects.filter(pk=cast.amina.user_id).update(created_at=clock.now() - timedelta(days=60))
    assert "Welcome" not in check(amina.get("/")).main.get_text()


def test_a_landlord_without_cases_reads_what_will_be_here(cast, client_of) -> None:
    close(cast, cast.birch_case)
    soup = check(client_of("carys").get("/"))
    assert soup.find("h3", string="You have no open cases")
    assert soup.select_one("main a[href='/cases/closed/']")
    type(cast.birch_case).objects.filter(pk=cast.birch_case.pk).update(released_at=None)
    soup = check(client_of("carys").get("/"))
    assert soup.find("h3", string="You have no cases yet")
    assert "Welcome" in soup.main.get_text()


def test_the_services_people_start_with_their_worklist(client_of) -> None:
    assert client_of("dev").get("/")["Location"] == "/casework/"


def test_home_takes_nine_statements_at_most_however_many_rows(cast, client_of) -> None:
    """Session, user, membership, numbers and bell, cases, deadlines, tasks, messages; and the idle stamp once a minute."""
    amina = client_of("amina")

    def ask() -> None:
        Session.objects.update(last_active_at=clock.now() - timedelta(minutes=2))
        assert amina.get("/").status_code == 200

    open_cases(cast, 3)
    few = statements(ask) - 1  # the update of this test is not the page's
    open_cases(cast, 60, start=100)
    while fan_out_one(clock.now()):
        pass
    assert statements(ask) - 1 == few
    assert few <= 9


def test_home_of_twenty_open_cases_is_at_most_25_kb(cast, client_of) -> None:
    open_cases(cast, 19)
    Case.objects.filter(landlord=cast.alder).update(status=Status.LANDLORD_PROCEDURE, next_due_on=in_days(-1))
    Task.objects.update(due_on=in_days(-1))
    User.objects.filter(pk=cast.amina.user_id).update(name="Amina Yusuf-Featherstonehaugh")
    assert len(client_of("amina").get("/").content) <= 25_000
