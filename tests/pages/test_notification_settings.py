"""“Notification settings” behind the person icon, and the filters of the notifications page."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from portal.audit.models import AuditRow
from portal.cases.models import Case
from portal.lib import clock
from portal.notifications.choices import choice_of, pace_of
from portal.notifications.fan_out import fan_out_one
from portal.notifications.models import MailChoice
from portal.notifications.topics import LANDLORD_TOPICS, Pace, Topic, paces_for
from tests.cast import Cast
from tests.pages.landlord_rows import open_cases, statements, task_on
from tests.pages.test_notifications_page import lines, notify_all
from tests.well_formed import check

ADDRESS = "/account/notifications/"


@pytest.fixture(autouse=True)
def hours(settings) -> None:
    settings.SENDING_HOURS = (time(7), time(19))


def offered(soup, name: str) -> list[str]:
    return [option["value"] for option in soup.select(f"select[name={name}] option")]


def settings_of(pace: Pace, any_time: str = "no", **others: Pace) -> dict[str, str]:
    return {**{topic.value: others.get(topic.value, pace).value for topic in LANDLORD_TOPICS}, "any_time": any_time}


@pytest.mark.row("B11")
@pytest.mark.row("D2")
def test_the_page_is_under_the_person_icon_and_offers_each_kind_of_event(cast: Cast, client_of) -> None:
    ben = client_of("ben")
    home = check(ben.get("/"))
    assert home.find("a", href=ADDRESS, string="Notification settings")
    soup = check(ben.get(ADDRESS))
    for topic in LANDLORD_TOPICS:
        assert offered(soup, topic.value) == ["assigned", "at-once", "daily", "off"]
        assert topic.label in soup.main.get_text()


@pytest.mark.row("S85")
@pytest.mark.row("D2")
def test_the_administrator_reads_that_they_cannot_be_off_and_is_not_offered_it(cast: Cast, client_of) -> None:
    amina = client_of("amina")
    soup = check(amina.get(ADDRESS))
    assert "they cannot be switched off" in soup.main.get_text()
    assert {tuple(offered(soup, topic.value)) for topic in LANDLORD_TOPICS} == {("at-once", "daily")}
    refused = check(amina.post(ADDRESS, settings_of(Pace.OFF)))
    assert "Choose when you want these e-mails" in refused.select_one(".govuk-error-summary").get_text()
    assert not MailChoice.objects.exists()


@pytest.mark.row("B11")
def test_what_is_chosen_is_saved_shown_again_and_recorded(cast: Cast, client_of) -> None:
    ben = client_of("ben")
    answer = ben.post(ADDRESS, settings_of(Pace.OFF, "yes", messages=Pace.DAILY), follow=True)
    soup = check(answer)
    assert "Your notification settings are saved." in soup.get_text()
    assert soup.select_one("select[name=messages] option[selected]")["value"] == "daily"
    assert soup.select_one("select[name=tasks] option[selected]")["value"] == "off"
    assert soup.select_one("input[name=any_time][checked]")["value"] == "yes"
    choice = choice_of(cast.ben.user_id)
    assert pace_of(choice, Topic.MESSAGES, role=cast.ben.role) is Pace.DAILY
    assert AuditRow.objects.filter(verb="notification settings changed", actor_id=cast.ben.user_id).count() == 1
    assert not MailChoice.objects.exclude(person_id=cast.ben.user_id).exists()


def test_what_was_typed_stays_when_something_is_missing(cast: Cast, client_of) -> None:
    given = settings_of(Pace.DAILY)
    del given["any_time"]
    soup = check(client_of("ben").post(ADDRESS, given))
    assert "Choose when e-mails may come" in soup.select_one(".govuk-error-summary").get_text()
    assert soup.select_one("select[name=tasks] option[selected]")["value"] == "daily"


def test_the_hours_are_named_as_they_are_set(cast: Cast, client_of, settings) -> None:
    settings.SENDING_HOURS = (time(8, 30), time(18))
    assert "8:30am to 6pm on working days" in check(client_of("ben").get(ADDRESS)).main.get_text()


def test_without_sending_hours_the_page_says_so_and_keeps_what_was_chosen_about_them(
    cast: Cast, client_of, settings
) -> None:
    ben = client_of("ben")
    ben.post(ADDRESS, settings_of(Pace.DAILY) | {"any_time": "yes"})
    settings.SENDING_HOURS = None
    main = check(ben.get(ADDRESS)).main
    assert not main.select("[name=any_time]")
    assert "E-mails come at any time, on any day." in main.get_text()
    assert "working day" not in " ".join(item.get_text() for item in main.select("form > ul li"))
    assert "7am" not in main.get_text()
    given = settings_of(Pace.AT_ONCE)
    del given["any_time"]
    assert "are saved" in check(ben.post(ADDRESS, given, follow=True)).get_text()
    assert choice_of(cast.ben.user_id).any_time


def test_the_services_people_switch_on_the_digest_of_what_landlords_sent(cast: Cast, client_of) -> None:
    dev = client_of("dev")
    soup = check(dev.get(ADDRESS))
    assert offered(soup, "answers") == ["off", "daily"]
    assert not soup.select("select[name=messages]")
    check(dev.post(ADDRESS, {"answers": "daily", "any_time": "no"}, follow=True))
    assert pace_of(choice_of(cast.dev.user_id), Topic.ANSWERS, role=cast.dev.role) is Pace.DAILY
    assert choice_of(cast.dev.user_id).landlord_id is None


@pytest.mark.parametrize("person", ["gwen", "hana", "ines"])
def test_who_owns_no_cases_has_nothing_to_choose(client_of, person: str) -> None:
    soup = check(client_of(person).get(ADDRESS))
    assert "nothing to choose" in soup.main.get_text()
    assert not soup.main.select("select, input[type=radio]")


def test_every_pace_offered_is_one_that_the_role_may_choose() -> None:
    assert Pace.OFF not in paces_for("administrator")


@pytest.mark.row("S27")
def test_notifications_are_filtered_by_kind_of_event_and_by_case(cast: Cast, client_of) -> None:
    open_cases(cast, 2)
    task_on(cast)
    notify_all()
    amina = client_of("amina")
    messages = lines(check(amina.get("/notifications/?topic=messages")))
    assert len(messages) == 2
    assert all("Message from the service" in text for text, _ in messages)
    soup = check(amina.get("/notifications/?case=2025+20001&topic=tasks"))
    assert [text for text, _ in lines(soup)] == [next(t for t, _ in lines(soup) if "Task of 202520001" in t)]
    chips = {chip.get_text(" ", strip=True): chip["href"] for chip in soup.select(".moj-filter__tag")}
    assert chips == {
        "Remove this filter: Kind: New tasks and changes to tasks": "/notifications/?case=2025+20001",
        "Remove this filter: Case: 2025 20001": "/notifications/?topic=tasks",
    }
    assert "No notification fits" in check(amina.get("/notifications/?case=202699999")).main.get_text()


def test_a_filter_holds_together_with_unread_and_over_the_pages(cast: Cast, client_of) -> None:
    open_cases(cast, 30)
    notify_all()
    amina = client_of("amina")
    soup = check(amina.get("/notifications/?show=unread&topic=messages"))
    assert len(lines(soup)) == 25
    further = soup.select_one(".govuk-pagination__next a")["href"]
    assert "show=unread" in further
    assert "topic=messages" in further
    assert soup.select_one("input[name=show]")["value"] == "unread"
    amina.get(soup.select_one(".portal-notice__words a")["href"])
    assert len(lines(check(amina.get("/notifications/?show=unread&topic=messages&page=2")))) == 4
    assert len(lines(check(amina.get("/notifications/?topic=messages&page=2")))) == 5


@pytest.mark.parametrize("query", ["?topic=nonsense", "?topic=answers", "?case=%00", "?page=99", "?show=x"])
def test_a_filter_that_cannot_be_understood_is_no_error(cast: Cast, client_of, query: str) -> None:
    notify_all()
    check(client_of("amina").get(f"/notifications/{query}"))


def test_the_case_of_another_landlord_is_as_if_it_had_no_notifications(cast: Cast, client_of) -> None:
    notify_all()
    soup = check(client_of("amina").get(f"/notifications/?case={cast.birch_case.reference}"))
    assert lines(soup) == []


def test_the_settings_page_takes_few_statements(cast: Cast, client_of) -> None:
    ben = client_of("ben")
    assert statements(lambda: ben.get(ADDRESS)) <= 7


def test_the_profile_leads_to_the_settings(client_of) -> None:
    assert check(client_of("ben").get(reverse("account:profile"))).main.find("a", href=ADDRESS)


def test_reminders_can_be_found_by_their_kind(cast: Cast, client_of) -> None:
    from portal.notifications.reminders import remind

    task = task_on(cast)
    type(task).objects.filter(pk=task.pk).update(due_on=clock.today(), set_at=clock.now() - timedelta(days=400))
    Case.objects.update(released_at=clock.now() - timedelta(days=400))
    remind(task.pk)
    while fan_out_one(clock.now()):
        pass
    [(text, fresh)] = lines(check(client_of("ben").get("/notifications/?topic=reminders")))
    assert text.startswith("Reminder: task due")
    assert fresh
