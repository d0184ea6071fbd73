"""The bell's own page: what is there, what is unread, and where each notification leads."""

from datetime import timedelta

import pytest

from portal.accounts.models import Session
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.notifications.bell import unread
from portal.notifications.models import BellEntry
from portal.notifications.tell import tell_one
from portal.tasks import actions as tasks
from tests.pages.landlord_rows import open_cases, statements, task_on
from tests.well_formed import check


def tell_all() -> None:
    while tell_one(clock.now()):
        pass


def lines(soup) -> list[tuple[str, bool]]:
    """Each notification in words, and whether it is marked as unread."""
    return [
        (row.button.get_text(strip=True), bool(row.select_one(".govuk-tag"))) for row in soup.select(".portal-notice")
    ]


def bell(soup) -> str:
    return soup.select_one("a[href='/notifications/']")["aria-label"]


@pytest.mark.row("S27")
def test_the_bell_counts_what_is_unread_and_its_page_lists_it_newest_first(cast, client_of) -> None:
    tell_all()
    BellEntry.objects.all().delete()
    task_on(cast, title="First")
    task_on(cast, title="Second")
    tell_all()
    soup = check(client_of("amina").get("/notifications/"))
    assert bell(soup) == "Notifications, 2 unread"
    shown = lines(soup)
    assert [marked for _, marked in shown] == [True, True]
    assert "“Second”" in shown[0][0]
    assert "“First”" in shown[1][0]


@pytest.mark.row("S27")
def test_opening_a_notification_marks_it_read_and_leads_to_its_thing(cast, client_of) -> None:
    task = task_on(cast, title="Read me")
    tell_all()
    amina = client_of("amina")
    form = next(
        form
        for form in check(amina.get("/notifications/")).select(".portal-notice form")
        if "Read me" in form.get_text()
    )
    before = unread(cast.amina).count()
    answer = amina.post(form["action"])
    assert answer["Location"] == f"/tasks/{task.pk}/"
    assert unread(cast.amina).count() == before - 1
    assert unread(cast.ben).count() == before


def test_looking_at_an_address_changes_nothing(cast, client_of) -> None:
    task_on(cast)
    tell_all()
    amina = client_of("amina")
    entry = unread(cast.amina)[0]
    assert amina.get(f"/notifications/{entry.pk}/").status_code == 405
    assert unread(cast.amina).filter(pk=entry.pk).exists()


@pytest.mark.row("S27")
def test_all_can_be_marked_read_and_the_unread_ones_shown_alone(cast, client_of) -> None:
    task_on(cast)
    tell_all()
    amina = client_of("amina")
    first = unread(cast.amina)[0]
    amina.post(f"/notifications/{first.pk}/")
    alone = lines(check(amina.get("/notifications/?show=unread")))
    assert len(alone) == unread(cast.amina).count() > 0
    assert len(lines(check(amina.get("/notifications/")))) == len(alone) + 1
    soup = check(amina.post("/notifications/all-read/", follow=True))
    assert bell(soup) == "Notifications"
    assert not any(marked for _, marked in lines(soup))
    assert "You have read them all" in check(amina.get("/notifications/?show=unread")).main.get_text()


@pytest.mark.row("H45")
def test_a_notification_of_somebody_else_does_not_exist(cast, client_of) -> None:
    task_on(cast)
    tell_all()
    entry = unread(cast.amina)[0]
    for person in ("ben", "carys", "dev"):
        assert client_of(person).post(f"/notifications/{entry.pk}/").status_code == 404
    client_of("carys").post("/notifications/all-read/")
    assert unread(cast.amina).filter(pk=entry.pk).exists()


def test_the_services_people_read_their_own_in_their_own_words(cast, client_of) -> None:
    task = task_on(cast)
    tasks.report_unable(task, reason="No access.", by=cast.amina)
    messaging.start_thread(cast.case, subject="A question", body="How?", by=cast.amina)
    tell_all()
    dev = client_of("dev")
    soup = check(dev.get("/notifications/"))
    form = next(form for form in soup.select(".portal-notice form") if "Unable to complete" in form.get_text())
    assert dev.post(form["action"])["Location"] == f"/casework/tasks/{task.pk}/"


def test_a_person_without_notifications_reads_what_will_be_there(client_of) -> None:
    assert "No notifications yet" in check(client_of("hana").get("/notifications/")).main.get_text()


def test_the_page_takes_the_same_few_statements_however_many_rows(cast, client_of) -> None:
    amina = client_of("amina")

    def ask() -> None:
        Session.objects.update(last_active_at=clock.now() - timedelta(minutes=2))
        assert amina.get("/notifications/").status_code == 200

    task_on(cast)
    tell_all()
    few = statements(ask) - 1
    open_cases(cast, 30)
    tell_all()
    assert statements(ask) - 1 == few
    assert few <= 8
