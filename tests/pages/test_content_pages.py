"""The portal team edits words, categories and closures on pages, and everybody else's pages show it."""

import re
from datetime import timedelta

import pytest

from portal.content import words
from portal.content.defaults import CATEGORIES, DEFAULTS
from portal.content.models import Closure, Wording
from portal.lib import clock
from portal.lib.working_days import bank_holidays
from portal.tasks import actions as tasks
from portal.tasks.models import TaskKind
from tests import world
from tests.cast import Cast
from tests.conftest import Browser
from tests.well_formed import check

WORDS = "/casework/content/words/"
CLOSED = f"{WORDS}status.closed/"


@pytest.fixture
def saved(django_capture_on_commit_callbacks):
    """What a page does at its commit, which a rolled-back test never reaches."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.mark.row("C26")
@pytest.mark.row("D13")
def test_every_shipped_word_can_be_found_and_opened(cast: Cast, client_of: Browser) -> None:
    gwen = client_of("gwen")
    page = check(gwen.get("/casework/content/"))
    links = [link["href"] for link in page.select("tbody th a")]
    assert sorted(links) == sorted(f"{WORDS}{key}/" for key in DEFAULTS)
    for link in links:
        shown = check(gwen.get(link))
        assert shown.h1.text == page.select_one(f"a[href='{link}']").text
        text = re.sub(r"\s+", " ", shown.main.get_text(" "))
        shipped = DEFAULTS[link.removeprefix(WORDS).rstrip("/")]
        assert re.sub(r"\s+", " ", shipped) in text
        assert "Never" in text
    for label in ("status.closed.label", "label.closed", "../secrets"):
        assert gwen.get(f"{WORDS}{label}/").status_code == 404


@pytest.mark.row("C26")
@pytest.mark.row("D13")
def test_a_word_is_previewed_saved_shown_to_landlords_and_reset(cast: Cast, client_of: Browser, saved) -> None:
    gwen, amina = client_of("gwen"), client_of("amina")
    address = f"{WORDS}status.initial-assessment/"
    page = check(gwen.post(address, {"text": "We read it <b>now</b>.", "do": "preview"}))
    assert "We read it <b>now</b>." in page.select_one("[aria-labelledby=preview]").text
    assert not Wording.objects.exists()
    with saved():
        page = check(gwen.post(address, {"text": "We read it <b>now</b>.", "do": "save"}, follow=True))
    assert "Gwen Okafor" in page.main.text
    assert DEFAULTS["status.initial-assessment"] in page.main.text
    facts = check(amina.get("/cases/202601234/")).select_one(".portal-facts")
    assert "We read it <b>now</b>." in facts.text
    assert not facts.select("b")
    with saved():
        page = check(gwen.post(f"{address}reset/", follow=True))
    assert "Gwen Okafor" in page.main.text  # who reset it
    assert DEFAULTS["status.initial-assessment"] in check(amina.get("/cases/202601234/")).text


@pytest.mark.row("D13")
@pytest.mark.parametrize("do", ["save", "preview"])
def test_words_that_do_not_fit_stay_in_the_form_with_the_reason(cast: Cast, client_of: Browser, do: str) -> None:
    address = f"{WORDS}link.unacceptable-actions-policy/"
    page = check(client_of("gwen").post(address, {"text": "javascript:alert(1)", "do": do}))
    assert "begins with https://" in page.select_one("#id_text-error").text
    assert page.select_one("#id_text")["value"] == "javascript:alert(1)"
    assert not Wording.objects.exists()


@pytest.mark.row("D13")
def test_the_guidance_and_the_opening_hours_are_content(cast: Cast, client_of: Browser, saved) -> None:
    gwen = client_of("gwen")
    with saved():
        gwen.post(f"{WORDS}link.evidence-guidance/", {"text": "https://www.ombudsman.example/new", "do": "save"})
        gwen.post(f"{WORDS}contact.opening-hours/", {"text": "Tuesdays only", "do": "save"})
    amina = client_of("amina")
    page = check(amina.get("/cases/202601234/documents/"))
    assert page.find("a", href="https://www.ombudsman.example/new")
    assert "Tuesdays only" in check(amina.get("/help/chat/")).text


@pytest.mark.row("D13")
def test_titles_for_tasks_are_suggested_to_caseworkers(cast: Cast, client_of: Browser, saved) -> None:
    with saved():
        client_of("gwen").post(
            f"{WORDS}task-titles.respond-to-request/", {"text": "Send the gas record\r\nSend photographs", "do": "save"}
        )
    page = check(client_of("dev").get("/casework/cases/202601234/tasks/new/"))
    titles = [option["value"] for option in page.select("#usual-titles option")]
    assert {"Send the gas record", "Send photographs", "Read our letter"} <= set(titles)
    assert page.select_one("#id_title")["list"] == "usual-titles"


@pytest.mark.row("D13")
@pytest.mark.row("C26")
def test_categories_are_added_renamed_and_retired_on_pages(cast: Cast, client_of: Browser, saved) -> None:
    world.build(cast)  # Amina has a document of the category “Repair log”, and a file that waits
    gwen, amina, base = client_of("gwen"), client_of("amina"), "/casework/content/categories/"
    with saved():
        assert "Fire safety" in check(gwen.post(base, {"label": "Fire safety"}, follow=True)).text
        check(gwen.post(f"{base}repairs/", {"label": "Repairs and works"}, follow=True))
    assert "There is a category of this name" in check(gwen.post(base, {"label": "fire SAFETY"})).text
    with saved():
        page = check(gwen.post(f"{base}repairs/retire/", {"do": "retire"}, follow=True))
    assert "Retired" in page.find("a", string="Repairs and works").find_parent("tr").text
    shown = check(amina.get("/cases/202601234/documents/?sort=category"))
    options = [option.text for option in shown.select("select option") if option["value"]]
    assert options == [label for code, label in CATEGORIES if code != "repairs"] + ["Fire safety"]
    assert "Repairs and works" in shown.select_one("tbody").text
    (row,) = [row for row in shown.select("tbody tr") if "Repairs and works" in row.text]
    receipt = check(amina.get(row.select_one("a[href*=receipts]")["href"]))
    assert "Repairs and works" in receipt.text
    new = [
        option.text
        for option in check(client_of("dev").get("/casework/cases/202601234/documents/new/")).select(
            "#id_category option"
        )
    ]
    assert "Fire safety" in new
    assert "Repairs and works" not in new
    with saved():
        gwen.post(f"{base}repairs/retire/", {"do": "restore"})
    assert "repairs" in dict(words.categories())
    assert gwen.get(f"{base}unheard-of/").status_code == 404


@pytest.mark.row("C29")
@pytest.mark.row("D14")
def test_a_closure_moves_what_is_counted_from_now_on_and_no_deadline_that_is_set(
    cast: Cast, client_of: Browser, saved
) -> None:
    gwen, dev, base = client_of("gwen"), client_of("dev"), "/casework/content/calendar/"
    calendar = words.working_calendar()
    day, due = calendar.add(clock.today(), 1), calendar.add(clock.today(), 5)
    set_before = tasks.set_task(cast.case, kind=TaskKind.RESPOND_TO_REQUEST, title="Before", due_on=due, by=cast.dev)
    parts = {"day-day": day.day, "day-month": day.month, "day-year": day.year}
    assert "Enter why" in check(gwen.post(base, parts)).select_one("#id_reason-error").text
    with saved():
        page = check(gwen.post(base, {**parts, "reason": "Staff conference"}, follow=True))
    assert "already stay as they are" in page.select_one(".govuk-notification-banner").text
    assert "Staff conference" in page.main.text
    given = {"kind": "respond-to-request", "title": "After", "working_days": "5"}
    page = check(dev.post("/casework/cases/202601234/tasks/new/", given, follow=True))
    after = tasks.Task.objects.get(title="After")
    assert after.due_on == calendar.add(clock.today(), 6)
    set_before.refresh_from_db()
    assert set_before.due_on == due
    with saved():
        gwen.post(f"{base}{Closure.objects.get().pk}/remove/")
    assert words.working_calendar().add(clock.today(), 5) == due


@pytest.mark.row("C29")
def test_the_calendar_shows_bank_holidays_of_two_years_and_keeps_closures_that_are_over(
    cast: Cast, client_of: Browser
) -> None:
    over = Closure.objects.create(day=clock.today() - timedelta(days=1), reason="Storm")
    gwen = client_of("gwen")
    page = check(gwen.get("/casework/content/calendar/"))
    for year in (clock.today().year, clock.today().year + 1):
        assert f"Bank holidays in England {year}" in page.text
        assert set(bank_holidays(year).values()) <= {cell.text for cell in page.select("td")}
    assert not page.select("main form[action$='/remove/']") or over.day.year != clock.today().year
    answer = gwen.post(f"/casework/content/calendar/{over.pk}/remove/", follow=True)
    assert "It stays" in check(answer).text


@pytest.mark.row("C26")
def test_content_is_in_the_menu_of_the_portal_team_alone(cast: Cast, client_of: Browser) -> None:
    for who, home in (
        ("gwen", "/casework/landlords/"),
        ("farid", "/casework/"),
        ("hana", "/casework/"),
        ("amina", "/"),
    ):
        links = {link.text.strip() for link in check(client_of(who).get(home)).select("nav[aria-label=Menu] a")}
        assert ("Content" in links) == (who == "gwen"), who
        assert ("Restrictions" in links) == (who != "amina"), who
