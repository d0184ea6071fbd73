"""The bell's own page: what is there, what is unread, and where each notification leads."""

import re
from datetime import timedelta

import pytest

from portal.accounts.models import Session
from portal.documents import actions as documents
from portal.documents.models import Visibility
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.notifications.fan_out import fan_out_one
from portal.notifications.inbox import unread
from portal.notifications.models import Notification
from portal.tasks import actions as tasks
from tests import determination_scene as scene
from tests.pages.casework_scene import PDF
from tests.pages.landlord_rows import open_cases, statements, task_on
from tests.well_formed import check

pytestmark = pytest.mark.both  # sorts and counts


def notify_all() -> None:
    while fan_out_one(clock.now()):
        pass


def lines(soup) -> list[tuple[str, bool]]:
    """Each notification in words, and whether it is marked as unread."""
    return [(row.a.get_text(strip=True), bool(row.select_one(".govuk-tag"))) for row in soup.select(".portal-notice")]


def bell(soup) -> str:
    return soup.select_one("a[href='/notifications/']")["aria-label"]


@pytest.mark.row("S27")
def test_the_bell_counts_what_is_unread_and_its_page_lists_it_newest_first(cast, client_of) -> None:
    notify_all()
    Notification.objects.all().delete()
    task_on(cast, title="First")
    task_on(cast, title="Second")
    notify_all()
    soup = check(client_of("amina").get("/notifications/"))
    assert bell(soup) == "Notifications, 2 unread"
    shown = lines(soup)
    assert [marked for _, marked in shown] == [True, True]
    assert "“Second”" in shown[0][0]
    assert "“First”" in shown[1][0]


@pytest.mark.row("S27")
def test_opening_a_notification_leads_to_its_thing_and_marks_it_read_for_that_person(cast, client_of) -> None:
    task = task_on(cast, title="Read me")
    notify_all()
    amina = client_of("amina")
    before = unread(cast.amina).count()
    link = check(amina.get("/notifications/")).find("a", string=re.compile("Read me"))
    assert link["href"] == f"/tasks/{task.pk}/"
    opened = check(amina.get(link["href"]))
    assert bell(opened) == f"Notifications, {before - 1} unread"
    assert unread(cast.amina).count() == before - 1
    assert unread(cast.ben).count() == before
    assert dict(lines(check(amina.get("/notifications/"))))[link.get_text()] is False


def _everything_on(cast) -> dict[str, str]:
    """The pages of Alder's case that Amina is told of, by a word of the line."""
    task = task_on(cast, title="Send the log")
    task_on(cast, title="Another")
    thread = messaging.start_thread(cast.case, subject="Access", body="Please.", by=cast.dev)
    messaging.start_thread(cast.case, subject="Rent", body="Please.", by=cast.dev)
    documents.share_document(
        cast.case, name="letter.pdf", content=PDF, category="other", visibility=Visibility.BOTH, by=cast.dev
    )
    scene.determined(cast)
    base = f"/cases/{cast.case.reference}/"
    return {
        "Send the log": f"/tasks/{task.pk}/",
        "Access": f"{base}messages/{thread.pk}/",
        "letter.pdf": f"{base}documents/",
        "Determination issued": f"{base}determination/",
        "Status changed": base,
    }


@pytest.mark.row("S27")
def test_opening_the_thing_itself_marks_what_told_of_it_and_nothing_else(cast, client_of) -> None:
    pages = _everything_on(cast)
    notify_all()
    amina = client_of("amina")
    for told, address in pages.items():
        before = {line for line, fresh in lines(check(amina.get("/notifications/?show=unread"))) if fresh}
        assert any(told in line for line in before), told
        amina.get(address)
        gone = before - {line for line, _ in lines(check(amina.get("/notifications/?show=unread")))}
        assert any(told in line for line in gone)
        assert not any(other in line for line in gone for other in {*pages, "Another", "Rent"} - {told}), gone


@pytest.mark.row("S27")
def test_a_page_fetched_ahead_or_asked_for_without_looking_marks_nothing(cast, client_of) -> None:
    address = f"/tasks/{task_on(cast).pk}/"
    notify_all()
    amina, before = client_of("amina"), unread(cast.amina).count()
    amina.head(address)
    for header in (
        {"HTTP_SEC_PURPOSE": "prefetch"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "prefetch"},
    ):
        amina.get(address, **header)
    assert unread(cast.amina).count() == before
    amina.get(address)
    assert unread(cast.amina).count() == before - 1


@pytest.mark.row("S27")
def test_all_can_be_marked_read_and_the_unread_ones_shown_alone(cast, client_of) -> None:
    task_on(cast)
    notify_all()
    amina = client_of("amina")
    amina.get(check(amina.get("/notifications/")).select_one(".portal-notice__words a")["href"])
    alone = lines(check(amina.get("/notifications/?show=unread")))
    assert len(alone) == unread(cast.amina).count() > 0
    assert len(lines(check(amina.get("/notifications/")))) == len(alone) + 1
    soup = check(amina.post("/notifications/all-read/", follow=True))
    assert bell(soup) == "Notifications"
    assert not any(marked for _, marked in lines(soup))
    assert "You have read them all" in check(amina.get("/notifications/?show=unread")).main.get_text()


@pytest.mark.row("H45")
def test_nobody_marks_the_notification_of_somebody_else(cast, client_of) -> None:
    task = task_on(cast)
    notify_all()
    before = unread(cast.amina).count()
    for person in ("ben", "carys", "dev"):
        for address in (f"/tasks/{task.pk}/", f"/casework/tasks/{task.pk}/"):
            client_of(person).get(address)
        client_of(person).post("/notifications/all-read/")
    assert unread(cast.amina).count() == before


def test_the_services_people_read_their_own_in_their_own_words(cast, client_of) -> None:
    task = task_on(cast)
    tasks.report_unable(task, reason="No access.", by=cast.amina)
    messaging.start_thread(cast.case, subject="A question", body="How?", by=cast.amina)
    notify_all()
    dev = client_of("dev")
    soup = check(dev.get("/notifications/"))
    link = soup.find("a", string=re.compile("Unable to complete"))
    assert link["href"] == f"/casework/tasks/{task.pk}/"
    before = unread(cast.dev).count()
    assert bell(check(dev.get(link["href"]))) == (
        f"Notifications, {before - 1} unread" if before > 1 else "Notifications"
    )


def test_a_person_without_notifications_reads_what_will_be_there(client_of) -> None:
    assert "No notifications yet" in check(client_of("hana").get("/notifications/")).main.get_text()


def test_the_page_takes_the_same_few_statements_however_many_rows(cast, client_of) -> None:
    amina = client_of("amina")

    def ask() -> None:
        Session.objects.update(last_active_at=clock.now() - timedelta(minutes=2))
        assert amina.get("/notifications/").status_code == 200

    task_on(cast)
    notify_all()
    few = statements(ask) - 1
    open_cases(cast, 30)
    notify_all()
    assert statements(ask) - 1 == few
    assert few <= 8
