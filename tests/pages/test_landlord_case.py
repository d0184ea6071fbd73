"""A case as its landlord sees it: facts, tabs, upcoming tasks, timeline, the colleague who works on it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.accounts.models import Session
from portal.audit.models import AuditRow
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.content.words import words
from portal.determinations import orders
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.tasks import actions as tasks
from portal.teams.models import Team
from tests import determination_scene as scene
from tests.cast import in_days
from tests.pages.landlord_rows import close, statements, task_on
from tests.well_formed import check

CASE = "/cases/202601234/"


def timeline(soup) -> list[str]:
    return [title.get_text(strip=True) for title in soup.select(".moj-timeline__title")]


@pytest.mark.row("S43")
@pytest.mark.row("S71")
def test_a_case_has_four_tabs_each_with_its_own_address(client_of) -> None:
    soup = check(client_of("amina").get(CASE))
    tabs = [(link.get_text(strip=True), link["href"]) for link in soup.select(".moj-sub-navigation a")]
    assert tabs == [
        ("Overview", CASE),
        ("Tasks", f"{CASE}tasks/"),
        ("Documents", f"{CASE}documents/"),
        ("Messages", f"{CASE}messages/"),
    ]
    assert soup.select_one(".moj-sub-navigation [aria-current]").get_text(strip=True) == "Overview"
    assert soup.select_one(".portal-beside__main").find_next(class_="portal-beside__aside")


@pytest.mark.row("S44")
@pytest.mark.row("S46")
@pytest.mark.row("S32")
def test_a_case_shows_its_owner_its_team_and_its_status_each_explained(cast, client_of) -> None:
    amina = client_of("amina")
    facts = check(amina.get(CASE)).select_one(".portal-facts").get_text(" ", strip=True)
    for words_shown in (
        "Dev Patel",
        "DR2 Triage",
        words("team.triage"),
        "Case under initial assessment",
        words("status.initial-assessment"),
    ):
        assert words_shown in facts
    cases.hand_over(cast.case, team=Team.REVIEW, owner_id=cast.esi.user_id, by=cast.dev)
    facts = check(amina.get(CASE)).select_one(".portal-facts").get_text(" ", strip=True)
    assert "Esi Mensah" in facts
    assert words("team.review") in facts
    assert "Dev Patel" not in facts


@pytest.mark.row("S45")
def test_of_seven_open_tasks_the_five_nearest_are_shown_with_a_link_to_all(cast, client_of) -> None:
    for days in (40, 10, 70, 20, 60, 30, 50):
        task_on(cast, title=f"Due in {days}", due_on=in_days(days))
    amina = client_of("amina")
    left = check(amina.get(CASE)).select_one(".portal-beside__aside")
    assert [link.get_text() for link in left.select("li a")] == [f"Due in {days}" for days in (10, 20, 30, 40, 50)]
    link = left.find("a", string="See all 7 outstanding tasks")
    assert len(check(amina.get(link["href"])).select("main .portal-task")) == 7


def test_a_case_without_tasks_says_so(client_of) -> None:
    assert "Nothing to do on this case now" in check(client_of("amina").get(CASE)).main.get_text()


@pytest.mark.row("D8")
def test_the_timeline_shows_what_the_landlord_may_read_newest_first(cast, client_of) -> None:
    task = task_on(cast, title="Send the log")
    tasks.report_unable(task, reason="The contractor is on holiday.", by=cast.ben)
    cases.move_case(cast.case, to=Status.LANDLORD_PROCEDURE, reason="An internal thought of ours", by=cast.dev)
    soup = check(client_of("amina").get(CASE))
    shown = timeline(soup)
    assert shown[0] == "Status changed to “Within landlord’s internal complaint procedure”"
    assert shown[-1] == "Case opened to you in the portal"
    assert "The contractor is on holiday." in soup.main.get_text()
    assert "An internal thought" not in soup.get_text()
    assert "Case created" not in soup.get_text()


def test_the_timeline_is_shown_in_pages(cast, client_of) -> None:
    for n in range(25):
        messaging.start_thread(cast.case, subject=f"Subject {n}", body="Hello", by=cast.dev)
    amina = client_of("amina")
    first, second = timeline(check(amina.get(CASE))), timeline(check(amina.get(f"{CASE}?page=2")))
    assert (len(first), len(second)) == (20, 6)
    assert second[-1] == "Case opened to you in the portal"


@pytest.mark.row("D5")
def test_a_case_is_assigned_to_a_colleague_and_to_nobody_again(cast, client_of) -> None:
    amina = client_of("amina")
    answer = amina.post(CASE, {"colleague": cast.ben.user_id}, follow=True)
    assert "Case 202601234: assigned to Ben Carter." in check(answer).main.get_text()
    assert Case.objects.get(pk=cast.case.pk).colleague_id == cast.ben.user_id
    assert check(answer).select_one("select[name=colleague] option[selected]").get_text() == "Ben Carter"
    amina.post(CASE, {"colleague": ""})
    assert Case.objects.get(pk=cast.case.pk).colleague_id is None


@pytest.mark.row("H44")
@pytest.mark.parametrize("stranger", ["carys", "dev"])
def test_a_case_cannot_be_assigned_to_somebody_who_is_no_colleague(cast, client_of, stranger: str) -> None:
    answer = client_of("amina").post(CASE, {"colleague": cast.users[stranger].pk})
    soup = check(answer)
    assert "Choose one of your own colleagues" in soup.select_one(".govuk-error-summary").get_text()
    assert cast.users[stranger].name not in soup.select_one("select[name=colleague]").get_text()
    assert Case.objects.get(pk=cast.case.pk).colleague_id is None


@pytest.mark.row("S103")
def test_a_closed_case_can_be_read_and_nothing_can_be_added(cast, client_of) -> None:
    task_on(cast)
    close(cast, cast.case)
    amina = client_of("amina")
    soup = check(amina.get(CASE))
    assert "You can read it, but nothing can be added to it" in soup.main.get_text()
    assert not soup.main.find("form")
    answer = amina.post(CASE, {"colleague": cast.ben.user_id})
    assert "nothing can be added" in check(answer).select_one(".govuk-error-summary").get_text()
    assert Case.objects.get(pk=cast.case.pk).colleague_id is None


@pytest.mark.row("S1")
@pytest.mark.row("H45")
@pytest.mark.parametrize("name", ["landlord:case", "landlord:case_tasks"])
@pytest.mark.parametrize("reference", ["202609999", "202605678", "202600000"])
def test_another_landlords_an_unreleased_and_an_unknown_case_look_alike(client_of, name: str, reference: str) -> None:
    answer = client_of("amina").get(reverse(name, args=[reference]))
    assert answer.status_code == 404
    assert "Nia" not in answer.content.decode()
    assert "Hidden" not in answer.content.decode()


@pytest.mark.row("S1")
def test_another_landlords_case_cannot_be_assigned(cast, client_of) -> None:
    assert client_of("carys").post(CASE, {"colleague": ""}).status_code == 404
    assert client_of("carys").post(CASE, {"colleague": cast.carys.user_id}).status_code == 404
    assert Case.objects.get(pk=cast.case.pk).colleague_id is None


def test_opening_a_case_is_recorded(cast, client_of) -> None:
    client_of("ben").get(CASE)
    row = AuditRow.objects.filter(verb="case opened").latest("pk")
    assert (row.actor_id, row.case_reference) == (cast.ben.user_id, "202601234")


def test_the_tasks_tab_shows_each_task_in_the_view_of_its_state(cast, client_of) -> None:
    done, cancelled = task_on(cast, title="A done one"), task_on(cast, title="A cancelled one")
    task_on(cast, title="An open one")
    tasks.complete_task(done, completed_on=clock.today(), by=cast.amina)
    tasks.cancel_task(cancelled, reason="Not needed.", by=cast.dev)
    amina = client_of("amina")
    for query, title, tag in (
        ("", "An open one", "New"),
        ("?show=checking", "A done one", "Completed, being checked"),
        ("?show=ended", "A cancelled one", "Cancelled"),
    ):
        soup = check(amina.get(f"{CASE}tasks/{query}"))
        rows = soup.select("main .portal-task")
        assert [row.select_one(".portal-task__title").get_text() for row in rows] == [title]
        assert rows[0].select_one(".govuk-tag").get_text() == tag


@pytest.mark.parametrize("tab", ["", "tasks/"])
def test_case_details_take_twelve_statements_at_most_however_many_rows(cast, client_of, tab: str) -> None:
    amina = client_of("amina")

    def ask() -> None:
        Session.objects.update(last_active_at=clock.now() - timedelta(minutes=2))
        assert amina.get(CASE + tab).status_code == 200

    for _ in range(3):
        task_on(cast)
    few = statements(ask) - 1
    for n in range(60):
        task_on(cast, due_on=in_days(n))
        messaging.start_thread(cast.case, subject=f"Subject {n}", body="Hello", by=cast.dev)
    assert statements(ask) - 1 == few
    assert few <= 12


@pytest.mark.row("S40")
def test_after_the_last_acceptance_the_landlord_reads_that_nothing_is_left_to_do(cast, client_of) -> None:
    determination, amina = scene.determined(cast), client_of("amina")
    address, words_of_the_end = f"{CASE}determination/", "nothing left for you to do"
    assert words_of_the_end not in check(amina.get(address)).main.get_text()
    scene.settled(cast, determination)
    assert words_of_the_end not in check(amina.get(address)).main.get_text()  # a recommendation waits for feedback
    orders.answer_recommendation(determination.recommendations.get(), feedback="accepted", by=cast.amina)
    assert words_of_the_end in check(amina.get(address)).main.get_text()
