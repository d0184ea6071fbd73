"""The staff side as a newcomer met it: sign-ins noted, counts alike, release tells, refusals in words, ways back."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.access.permissions import Permission
from portal.cases import actions as cases
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.content.words import working_calendar
from portal.landlords import actions as landlords
from portal.landlords.models import Landlord, LandlordState
from portal.lib import clock
from portal.mail import outbox
from portal.messaging import actions as messaging
from portal.notifications import inbox
from portal.notifications.fan_out import fan_out_one
from portal.tasks import actions as tasks
from portal.tasks.models import Task
from portal.teams.models import Team
from tests.cast import Cast
from tests.conftest import Browser
from tests.pages import casework_scene
from tests.pages.casework_scene import letter, new_task, overdue_task, upload
from tests.signing_in import link_in_mail, sign_in_by_pages
from tests.smtp import smtp_server
from tests.well_formed import check

STATUS = "/casework/cases/202601234/status/"
MOVE = {"status": "referral-assessment", "reason": "Next."}


def notify_all() -> None:
    while fan_out_one(clock.now()):
        pass


def titles(page) -> list[str]:
    return [title.get_text() for title in page.select(".moj-timeline__title")]


def banner(page) -> str:
    return page.select_one(".govuk-notification-banner").get_text(" ", strip=True)


@pytest.mark.row("C3")
def test_an_invited_landlord_is_active_from_its_first_complete_sign_in(cast: Cast, client_of: Browser) -> None:
    cedar = landlords.invite_landlord(
        name="Cedar Charity",
        administrator_name="Cyd Lee",
        email="cyd@cedar.example",
        kind="Charity",
        homes=9,
        by=cast.gwen,
    )
    gwen, address, cyd = client_of("gwen"), f"/casework/landlords/{cedar.pk}/", Client()
    cyd.post("/forgotten-password/", {"email": "cyd@cedar.example"})
    link = link_in_mail("cyd@cedar.example")
    assert cyd.get(link, follow=True).status_code == 200
    cyd.post(link, {"password": "correct-horse-battery", "again": "correct-horse-battery"}, follow=True)
    assert Landlord.objects.get(pk=cedar.pk).state == LandlordState.INVITED
    sign_in_by_pages(Client(), "cyd@cedar.example", "correct-horse-battery")
    cedar.refresh_from_db()
    assert (cedar.state, cedar.activated_at is not None) == (LandlordState.ACTIVE, True)
    page = check(gwen.get(address))
    assert not page.select("main form")
    assert "Never signed in" not in page.get_text()
    assert "Cedar Charity" not in check(gwen.get("/casework/landlords/?state=invited")).select_one("main").get_text()
    assert "uses the portal already" in check(gwen.post(f"{address}invite-again/", follow=True)).get_text()


@pytest.mark.row("H41")
@pytest.mark.parametrize("who", ["gwen", "dev"])
def test_a_landlords_page_counts_its_open_cases_as_the_list_does(cast: Cast, client_of: Browser, who: str) -> None:
    page = check(client_of(who).get(f"/casework/landlords/{cast.alder.pk}/"))
    assert "2 open cases" in page.get_text()
    links = page.select('main a[href*="/casework/cases/"]')
    assert bool(links) is cast.actors[who].may(Permission.SEE_CASES)


@pytest.fixture
def waiting(cast: Cast) -> dict[str, Task]:
    """Tasks, a document and a message that were put on a case before its release."""
    kept, dropped = new_task(cast.hidden, cast.dev, "Old words"), new_task(cast.hidden, cast.dev, "Dropped")
    tasks.change_task(kept, title="New words", details="", by=cast.dev)
    tasks.extend_task(kept, due_on=clock.today() + timedelta(days=60), reason="More time.", by=cast.dev)
    tasks.cancel_task(dropped, reason="Not needed.", by=cast.dev)
    letter(cast.hidden, cast.dev, "decision.pdf")
    messaging.start_thread(cast.hidden, subject="Welcome", body="Hello.", by=cast.dev)
    notify_all()
    return {"kept": Task.objects.get(pk=kept.pk), "dropped": dropped}


@pytest.mark.row("D11")
def test_the_release_tells_the_landlord_of_what_waited_for_it(
    cast: Cast, client_of: Browser, waiting: dict[str, Task]
) -> None:
    amina = client_of("amina")
    assert not inbox.unread(cast.amina).filter(entry__case=cast.hidden).exists()
    cases.release_case(cast.hidden, by=cast.dev)
    notify_all()
    kinds = set(inbox.unread(cast.amina).filter(entry__case=cast.hidden).values_list("entry__kind", flat=True))
    assert kinds == {
        Happened.CASE_RELEASED,
        Happened.TASK_SET,
        Happened.DOCUMENT_SHARED,
        Happened.MESSAGE_FROM_SERVICE,
    }
    page = check(amina.get("/cases/202605678/"))
    day = waiting["kept"].due_on
    assert titles(page) == [
        "Message from the service: “Welcome”",
        "Document added by the service: decision.pdf",
        f"New task, due {day.day} {day:%B %Y}: “New words”",
        "Case opened to you in the portal",
    ]
    assert not inbox.unread(cast.carys).filter(entry__case=cast.hidden).exists()


@pytest.mark.row("D11")
def test_the_services_timeline_says_each_thing_once_and_what_the_landlord_saw_of_it(
    cast: Cast, client_of: Browser, waiting: dict[str, Task]
) -> None:
    cases.release_case(cast.hidden, by=cast.dev)
    page = check(client_of("dev").get("/casework/cases/202605678/"))
    assert sum("Task set" in title for title in titles(page)) == 2
    lines = dict(zip(titles(page), [by.get_text() for by in page.select(".moj-timeline__byline")], strict=True))
    assert "told at the release" in lines["Message to the landlord: “Welcome”"]
    assert "the landlord does not see this" in lines["Case created"]
    assert lines["Case released to the landlord"] == "by Dev Patel"


@pytest.mark.row("S4")
def test_an_address_that_only_takes_a_button_answers_a_visit_in_words(cast: Cast, client_of: Browser, settings) -> None:
    task = new_task(cast.case, cast.dev)
    dev = client_of("dev")
    for address in ("/casework/cases/202601234/release/", f"/casework/tasks/{task.pk}/accept/"):
        answer = dev.get(address)
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        text = check(answer).get_text()
        assert "cannot be used that way" in text
        assert settings.SUPPORT_ADDRESS in text
        assert answer["X-Request-ID"] in text


@pytest.mark.row("C7")
@pytest.mark.row("C8")
def test_a_move_takes_team_and_owner_in_one_go(cast: Cast, client_of: Browser) -> None:
    given = {**MOVE, "team": "dispute-resolution", "owner": cast.esi.user_id}
    page = check(client_of("dev").post(STATUS, given, follow=True))
    assert banner(page).endswith("DR2 Dispute Resolution manages the case. Owner: Esi Mensah.")
    kinds = list(cast.case.diary.order_by("id").values_list("kind", flat=True))[-3:]
    assert kinds == [Happened.STATUS_CHANGED, Happened.TEAM_CHANGED, Happened.OWNER_CHANGED]


@pytest.mark.row("C7")
def test_a_move_keeps_an_owner_of_the_team_and_nobody_from_another(cast: Cast, client_of: Browser) -> None:
    dev = client_of("dev")
    page = check(dev.get(STATUS))
    assert page.select_one("#id_owner option").get_text().startswith("Dev Patel, or nobody yet")
    assert "Owner: Dev Patel" in banner(check(dev.post(STATUS, MOVE, follow=True)))
    assert Case.objects.get(pk=cast.case.pk).owner_id == cast.dev.user_id
    page = check(dev.post(STATUS, {"status": "awaiting-investigation", "reason": "Next."}, follow=True))
    assert "Owner: nobody yet" in banner(page)
    assert "Dev Patel" not in check(client_of("amina").get("/cases/202601234/")).select_one("dl").get_text()


@pytest.mark.row("H44")
@pytest.mark.parametrize("who", ["esi", "gwen"])
def test_a_move_takes_no_owner_from_elsewhere(cast: Cast, client_of: Browser, who: str) -> None:
    page = check(client_of("dev").post(STATUS, {**MOVE, "owner": cast.users[who].pk}))
    assert page.select_one("#id_owner-error")
    assert Case.objects.get(pk=cast.case.pk).status == Status.INITIAL_ASSESSMENT


@pytest.mark.row("C11")
def test_the_forms_of_an_ended_task_lead_back_to_it(cast: Cast, client_of: Browser) -> None:
    task, dev = new_task(cast.case, cast.dev), client_of("dev")
    address = f"/casework/tasks/{task.pk}/"
    assert check(dev.get(f"{address}extend/")).select("main form")
    assert "cannot be done" in banner(check(dev.get(f"{address}return/", follow=True)))
    tasks.cancel_task(task, reason="Not needed.", by=cast.dev)
    for step in ("extend", "change", "answer", "cancel", "return"):
        answer = dev.get(f"{address}{step}/", follow=True)
        assert answer.redirect_chain == [(address, 302)]
        assert "There is nothing to do on this task" in banner(check(answer))


@pytest.mark.row("S58")
@pytest.mark.row("C9")
def test_the_list_of_cases_says_overdue_and_is_sorted_by_its_headings(cast: Cast, client_of: Browser) -> None:
    overdue_task(cast.case, cast.dev)
    dev = client_of("dev")
    page = check(dev.get("/casework/cases/"))
    assert "Overdue" in page.select_one("tbody tr").get_text()
    assert page.select_one("th[aria-sort=ascending]").get_text(strip=True) == "Next deadline: sort latest first"
    cases.move_case(cast.birch_case, to=Status.REFERRAL_ASSESSMENT, reason="Next.", by=cast.dev)
    for sort, wanted in {
        "reference": ["202601234", "202605678", "202609999"],
        "landlord": ["202601234", "202605678", "202609999"],
        "status": ["202601234", "202605678", "202609999"],
        "nonsense": ["202601234", "202605678", "202609999"],
    }.items():
        page = check(dev.get(f"/casework/cases/?sort={sort}&team=triage"))
        assert [cell.a.get_text() for cell in page.select("tbody th")] == wanted
        assert "team=triage" in page.select_one("thead a")["href"]
    cast.birch.name = "Aaron Homes"
    cast.birch.save()
    page = check(dev.get("/casework/cases/?sort=landlord"))
    assert page.select_one("tbody th a").get_text() == "202609999"
    with CaptureQueriesContext(connection) as statements:
        dev.get("/casework/cases/")
    assert len(statements) <= 10


@pytest.mark.row("C9")
def test_a_row_of_a_queue_leads_back_to_the_queue(cast: Cast, client_of: Browser) -> None:
    casework_scene.build(cast)
    dev = client_of("dev")
    for queue in ("to-check", "new-uploads", "overdue"):
        listed = check(dev.get(f"/casework/worklist/{queue}/?whose=team"))
        assert listed.select_one("nav [aria-current]").get_text(strip=True) == "Worklist"
        for link in listed.select("tbody a"):
            crumbs = [(a.get_text(), a["href"]) for a in check(dev.get(link["href"])).select(".govuk-breadcrumbs a")]
            assert crumbs[0] == ("Worklist", "/casework/?whose=team")
            assert crumbs[1][1] == f"/casework/worklist/{queue}/?whose=team"
    page = check(dev.get("/casework/cases/202601234/?from=//evil.example&whose=x"))
    assert page.select_one(".govuk-breadcrumbs a")["href"] == "/casework/cases/"
    assert "Worklist" in check(dev.get("/casework/cases/?whose=mine")).select_one(".govuk-back-link").get_text()


@pytest.mark.row("C12")
def test_a_task_shows_its_whole_history_and_what_was_sent_since(cast: Cast, client_of: Browser) -> None:
    with clock.moved_to(clock.now() - timedelta(hours=2)):
        upload(cast.case, cast.amina, "before.pdf")
    with clock.moved_to(clock.now() - timedelta(hours=1)):
        task = new_task(cast.case, cast.dev)
    upload(cast.case, cast.amina, "answer.pdf")
    letter(cast.case, cast.dev, "ours.pdf")
    tasks.extend_task(task, due_on=clock.today() + timedelta(days=60), reason="More time.", by=cast.dev)
    tasks.complete_task(task, completed_on=clock.today(), by=cast.amina)
    dev, address = client_of("dev"), f"/casework/tasks/{task.pk}/"
    page = check(dev.get(address))
    sent = page.select_one(".govuk-inset-text")
    assert [a.get_text() for a in sent.select("a")] == ["answer.pdf"]
    assert "received" in sent.get_text()
    tasks.accept_task(task, by=cast.dev)
    page = check(dev.get(address))
    assert [title.split()[0:2] for title in titles(page)] == [
        ["Task", "set,"],
        ["Deadline", "changed"],
        ["Task", "completed"],
        ["Task", "accepted:"],
    ]
    assert not page.select(".govuk-summary-list__row--no-actions")


@pytest.mark.row("C9")
def test_new_uploads_name_the_first_file(cast: Cast, client_of: Browser) -> None:
    upload(cast.case, cast.amina, "test.pdf")
    row = check(client_of("dev").get("/casework/worklist/new-uploads/")).select_one("tbody th")
    assert row.get_text(strip=True).startswith("test.pdf")


@pytest.mark.row("D14")
def test_a_deadline_on_a_day_off_is_refused_with_the_next_working_day(cast: Cast, client_of: Browser) -> None:
    christmas = date(clock.today().year + 1, 12, 25)
    given = {"kind": "respond-to-request", "due_on-day": "25", "due_on-month": "12", "due_on-year": christmas.year}
    page = check(client_of("dev").post("/casework/cases/202601234/tasks/new/", given))
    words = page.select_one("#id_due_on-error").get_text()
    following = working_calendar().add(christmas, 1)
    assert f"25 December {christmas.year} is not a working day" in words
    assert f"{following:%A} {following.day} {following:%B %Y}" in words
    assert not Task.objects.exists()


@pytest.mark.row("S85")
def test_a_subject_arrives_whole_whatever_its_letters(db) -> None:
    subjects = [
        "We answered your “unable to complete”: case 202601234",
        "The Royal Borough of Kingsmere – Zieliński & Adébayo: your invitation to the Landlord Portal",
        "A plain subject: case 202601234",
    ]
    with smtp_server() as mailbox:
        for subject in subjects:
            outbox.post(to="amina@alder.example", subject=subject, body="Words.", kind="test")
            assert outbox.send_one(clock.now())
    assert [mail["Subject"] for mail in mailbox.mails] == subjects
    for raw in (mail.as_bytes() for mail in mailbox.mails):
        first = next(line for line in raw.splitlines() if line.startswith(b"Subject:"))
        assert first.removeprefix(b"Subject:").strip()


@pytest.mark.row("C5")
@pytest.mark.parametrize("year", [1989, 2000 + 99])
def test_a_reference_of_an_impossible_year_is_refused(cast: Cast, client_of: Browser, year: int) -> None:
    given = {
        "reference": f"{year}12345",
        "landlord": "Alder Homes",
        "resident_name": "Ada",
        "resident_address": "1 High Street",
        "team": Team.TRIAGE,
    }
    dev = client_of("dev")
    page = check(dev.post(reverse("casework:case_new"), given))
    words = page.select_one("#id_reference-error").get_text()
    assert f"from 1990 to {clock.today().year + 1}" in words
    assert dev.post(reverse("casework:case_new"), {**given, "reference": f"{clock.today().year + 1}00001"}).url
