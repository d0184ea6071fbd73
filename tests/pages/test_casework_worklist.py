"""The worklist: every number is the length of the list it leads to, for every role, in a fixed number of statements."""

from datetime import datetime, time, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.cases import actions as cases
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.pages.casework.worklist import queues
from portal.pages.casework.worklist.queues import QUEUES, Whose
from portal.pages.shared.horizon import today
from portal.tasks import actions as tasks
from portal.teams.models import Team
from tests.cast import Cast, in_days
from tests.conftest import Browser
from tests.pages import casework_scene
from tests.pages.casework_scene import new_task, overdue_task
from tests.well_formed import check

pytestmark = pytest.mark.both  # filters and counts


def numbers(page: BeautifulSoup) -> dict[str, tuple[int, str]]:
    """Each queue's number and where it leads."""
    links = page.select("a[data-queue]")
    return {a["data-queue"]: (int(a.get_text().split(":")[-1].replace(",", "")), a["href"]) for a in links}


def shown(client: Client, address: str) -> int:
    """How long the list is: the rows of all its pages, and the total that it states."""
    rows, number, total = 0, 1, None
    while True:
        page = check(client.get(f"{address}&page={number}"))
        found = len(page.select("tbody tr"))
        stated = page.select_one(".portal-pages__count")
        total = int(stated.get_text().split(" of ")[1].split()[0].replace(",", "")) if stated else 0
        rows, number = rows + found, number + 1
        if rows >= total or not found:
            assert rows == total
            return rows


@pytest.mark.row("C9")
@pytest.mark.row("H41")
@pytest.mark.parametrize("who", ["dev", "esi", "farid", "hana"])
def test_every_number_is_the_length_of_the_list_it_leads_to(cast: Cast, client_of: Browser, who: str) -> None:
    casework_scene.build(cast)
    for number in range(27):
        overdue_task(cast.case, cast.dev, f"Late {number}")
    client = client_of(who)
    for whose in queues.choices_of(cast.actors[who]):
        found = numbers(check(client.get(f"/casework/?whose={whose}")))
        assert set(found) == {queue.key for queue in QUEUES}
        for key, (number, address) in found.items():
            assert shown(client, address) == number, (key, whose)


@pytest.mark.row("C9")
@pytest.mark.row("S70")
def test_each_thing_waits_in_its_own_queue(cast: Cast, client_of: Browser) -> None:
    scene = casework_scene.build(cast)
    found = {key: number for key, (number, _) in numbers(check(client_of("dev").get("/casework/"))).items()}
    assert found == {
        "new-uploads": 1,
        "unread-replies": 1,
        "unable-to-complete": 1,
        "to-check": 1,
        "overdue": 1,
        "due-this-week": 1,
        "cases": 3,
    }
    rows = {queue.key: list(queue.rows(cast.dev, Whose.MINE, today())) for queue in QUEUES}
    assert rows["new-uploads"] == [scene.submission]
    assert rows["unread-replies"] == [scene.unread]
    assert rows["unable-to-complete"] == [scene.unable]
    assert rows["to-check"] == [scene.checking]
    assert rows["overdue"] == [scene.overdue]
    assert rows["due-this-week"] == [scene.outstanding]


@pytest.mark.row("C9")
def test_work_that_is_done_leaves_its_queue(cast: Cast, client_of: Browser) -> None:
    scene, dev = casework_scene.build(cast), client_of("dev")
    reference = cast.case.reference
    dev.post(f"/casework/cases/{reference}/documents/seen/", {"up_to": scene.submission.pk})
    dev.get(f"/casework/cases/{reference}/messages/{scene.unread.pk}/")
    dev.post(f"/casework/tasks/{scene.unable.pk}/answer/", {"answer": "Please send what you have."})
    dev.post(f"/casework/tasks/{scene.checking.pk}/accept/")
    dev.post(f"/casework/tasks/{scene.overdue.pk}/cancel/", {"reason": "Overtaken."})
    found = numbers(check(dev.get("/casework/")))
    assert {key: number for key, (number, _) in found.items() if number} == {"due-this-week": 1, "cases": 3}


@pytest.mark.row("C8")
@pytest.mark.row("C9")
def test_queues_follow_the_owner_and_the_team(cast: Cast, client_of: Browser) -> None:
    casework_scene.build(cast)
    cases.hand_over(cast.case, team=Team.DISPUTE_RESOLUTION, owner_id=cast.esi.user_id, by=cast.dev)
    assert numbers(check(client_of("dev").get("/casework/")))["overdue"][0] == 0
    assert numbers(check(client_of("esi").get("/casework/")))["overdue"][0] == 1
    assert numbers(check(client_of("farid").get("/casework/")))["overdue"][0] == 0


@pytest.mark.row("C9")
def test_a_team_manager_starts_with_the_team(cast: Cast, client_of: Browser) -> None:
    casework_scene.build(cast)
    client = client_of("farid")
    assert numbers(check(client.get("/casework/")))["cases"][0] == 3
    assert numbers(check(client.get("/casework/?whose=mine")))["cases"][0] == 0


@pytest.mark.row("C1")
def test_the_portal_team_starts_with_the_landlords_and_an_auditor_with_everyones_cases(
    cast: Cast, client_of: Browser
) -> None:
    answer = client_of("gwen").get("/casework/")
    assert (answer.status_code, answer["Location"]) == (302, "/casework/landlords/")
    page = check(client_of("hana").get("/casework/"))
    assert "Everyone’s cases" in page.get_text()
    assert numbers(page)["cases"][0] == 3


def test_somebody_with_no_cases_reads_what_to_do(cast: Cast, client_of: Browser) -> None:
    page = check(client_of("esi").get("/casework/"))
    assert "Nothing waits for you here" in page.get_text()
    for queue in QUEUES[:-1]:
        empty = check(client_of("esi").get(queue.address(Whose.MINE)))
        assert queue.empty in empty.get_text()


def test_a_scope_that_the_person_does_not_have_is_ignored(cast: Cast, client_of: Browser) -> None:
    casework_scene.build(cast)
    assert numbers(check(client_of("esi").get("/casework/?whose=all")))["cases"][0] == 0
    assert numbers(check(client_of("hana").get("/casework/?whose=mine")))["cases"][0] == 3


@pytest.mark.parametrize("address", ["/casework/worklist/cases/", "/casework/worklist/nonsense/"])
def test_there_is_no_queue_of_another_name(cast: Cast, client_of: Browser, address: str) -> None:
    assert client_of("dev").get(address).status_code == 404


@pytest.mark.row("D16")
def test_due_this_week_ends_on_sunday_and_overdue_begins_the_day_after(cast: Cast) -> None:
    task = new_task(cast.case, cast.dev, due_on=in_days(10))
    sunday = task.due_on + timedelta(days=6 - task.due_on.weekday())
    tasks.extend_task(task, due_on=sunday + timedelta(days=7), reason="To a Sunday.", by=cast.dev)
    due = sunday + timedelta(days=7)
    queue = {one.key: one for one in QUEUES}
    noon = datetime.combine(clock.today(), time(12), clock.LONDON)
    at = {days: noon + (due - clock.today()) + timedelta(days=days) for days in (-7, -6, 0, 1)}
    seen = {}
    for days, moment in at.items():
        with clock.moved_to(moment):
            week = queue["due-this-week"].rows(cast.dev, Whose.MINE, today()).count()
            late = queue["overdue"].rows(cast.dev, Whose.MINE, today()).count()
            seen[days] = (week, late)
    assert seen == {-7: (0, 0), -6: (1, 0), 0: (1, 0), 1: (0, 1)}


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_worklist_and_its_lists_ask_the_same_number_of_statements_whatever_the_rows(
    cast: Cast, client_of: Browser
) -> None:
    casework_scene.build(cast)
    client = client_of("dev")
    addresses = ["/casework/"] + [queue.address(Whose.MINE) for queue in QUEUES]
    client.get("/casework/")
    few = {address: statements(client, address) for address in addresses}
    for number in range(20):
        overdue_task(cast.case, cast.dev, f"Late {number}")
        casework_scene.upload(cast.case, cast.amina, f"more-{number}.pdf")
        messaging.start_thread(cast.case, subject=f"More {number}", body="x", by=cast.amina)
    many = {address: statements(client, address) for address in addresses}
    assert few == many
    assert max(many.values()) <= 12, many
