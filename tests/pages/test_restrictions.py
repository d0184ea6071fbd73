"""What a restricted person meets on the pages, and how the portal team restricts, reviews and lifts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.access.levels import Level
from portal.content.models import Wording
from portal.content.words import forget
from portal.files.models import Upload
from portal.mail.models import OutgoingMail
from portal.messaging.models import Message
from portal.restrictions.models import Restriction
from portal.tasks.models import Task, TaskKind
from tests import world
from tests.cast import Cast, in_days
from tests.cast import restrict as restricted
from tests.conftest import Browser
from tests.well_formed import check

CASE = "/cases/202601234/"
POLICY = "https://www.ombudsman.example/policies/unacceptable-user-action"


@pytest.fixture
def ike(cast: Cast, client_of: Browser) -> Client:
    """Ike at the level that the test sets, on a case with one record of every kind."""
    world.build(cast)
    return client_of("ike")


def at(level: Level) -> None:
    Restriction.objects.update(level=level)


def buttons(page) -> list[str]:
    return [one.get_text(" ", strip=True) for one in page.main.select("form button, a[role=button]")]


@pytest.mark.row("S8")
@pytest.mark.row("C22")
def test_read_only_takes_every_form_and_button_away_and_says_why(ike: Client) -> None:
    task = Task.objects.get(kind=TaskKind.RESPOND_TO_REQUEST)
    for address in ("", "tasks/", "documents/", "messages/"):
        page = check(ike.get(CASE + address))
        assert buttons(page) == [], address
        why = page.select_one("[aria-label='Your access']")
        assert "read-only at the moment" in why.text
        assert why.a["href"] == "/your-access/"
    page = check(ike.get(f"/tasks/{task.pk}/"))
    assert buttons(page) == []
    assert "Send a message" not in page.main.text
    thread = check(ike.get(CASE + "messages/")).select_one(".portal-thread a")["href"]
    assert not check(ike.get(thread)).main.select("form")
    for address in (f"/tasks/{task.pk}/completed/", f"/tasks/{task.pk}/unable/", CASE + "messages/new/"):
        refused = ike.get(address)
        assert refused.status_code == 403
        assert check(refused).find("a", href=POLICY)


@pytest.mark.row("S8")
@pytest.mark.row("C22")
def test_a_message_block_leaves_the_rest(ike: Client) -> None:
    at(Level.MESSAGE_BLOCK)
    assert "Save" in buttons(check(ike.get(CASE)))
    assert check(ike.get(CASE + "documents/")).select_one("input[type=file]")
    assert buttons(check(ike.get(CASE + "messages/"))) == []
    before = Message.objects.count()
    thread = check(ike.get(CASE + "messages/")).select_one(".portal-thread a")["href"]
    assert ike.post(thread, {"body": "Nasty", "do": "send"}).status_code == 403
    assert Message.objects.count() == before
    task = Task.objects.get(kind=TaskKind.RESPOND_TO_REQUEST)
    assert ike.post(f"/tasks/{task.pk}/unable/", {"reason": "We wait for parts."}).status_code == 302


@pytest.mark.row("S8")
def test_a_full_block_answers_every_page_with_one_neutral_page_and_signing_out_works(ike: Client) -> None:
    at(Level.FULL_BLOCK)
    for address in ("/", CASE, "/tasks/", "/notifications/", "/account/", "/help/chat/", "/your-access/"):
        answer = ike.get(address)
        assert answer.status_code == 403, address
        page = check(answer)
        assert page.h1.text == "Your access to the portal is restricted"
        assert page.find("a", href=POLICY).text == "Unacceptable User Action Policy"
        for shown in ("You cannot use the portal at the moment", "Head of Casework within 20 working days", "020 7946"):
            assert shown in page.main.text
        assert "Shouted" not in page.text
        assert not page.select("nav[aria-label=Menu]")
    for address in ("/guide/", "/contact/", "/acceptable-use/", "/help/"):
        assert ike.get(address).status_code in {200, 404}, address
    assert check(ike.get("/guide/")).select("h1")
    ike.post("/sign-out/")
    assert ike.get("/").status_code == 302


@pytest.mark.row("S8")
@pytest.mark.row("C22")
def test_a_warning_stands_before_the_next_page_once_and_loses_nothing_that_was_sent(ike: Client) -> None:
    at(Level.WARN)
    task = Task.objects.get(kind=TaskKind.RESPOND_TO_REQUEST)
    assert ike.post(f"/tasks/{task.pk}/unable/", {"reason": "We wait for parts."}).status_code == 302
    task.refresh_from_db()
    assert task.unable_reason == "We wait for parts."
    page = check(ike.get(f"{CASE}tasks/?show=ended", follow=True))
    assert page.h1.text == "About your use of the portal"
    assert page.find("a", href=POLICY)
    assert not page.select("[aria-label='Your access']")
    after = page.select_one("main input[name=next]")["value"]
    answer = ike.post("/your-access/", {"next": after})
    assert answer["Location"] == f"{CASE}tasks/?show=ended"
    assert check(ike.get(answer["Location"])).h1
    assert ike.get("/your-access/")["Location"] == "/"


@pytest.mark.row("S8")
@pytest.mark.parametrize("asked", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_a_read_warning_leads_to_no_other_site(ike: Client, asked: str) -> None:
    at(Level.WARN)
    assert asked == "" or asked not in ike.get("/your-access/", {"next": asked}).content.decode().split("<main")[1]
    assert ike.post("/your-access/", {"next": asked})["Location"] == "/"


@pytest.mark.row("S8")
@pytest.mark.parametrize("level", [Level.READ_ONLY, Level.FULL_BLOCK])
def test_a_file_sent_by_script_is_refused_as_a_row_that_says_why(ike: Client, level: Level) -> None:
    at(level)
    before = Upload.objects.count()
    file = SimpleUploadedFile("log.txt", b"words")
    answer = ike.post(CASE + "documents/", {"files": file}, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json()["ok"] is False
    assert "at the moment" in answer.json()["html"]
    assert Upload.objects.count() == before


@pytest.mark.row("S8")
@pytest.mark.row("D13")
def test_the_policys_name_and_address_are_content(ike: Client) -> None:
    Wording.objects.create(key="name.unacceptable-actions-policy", text="Respect policy")
    Wording.objects.create(key="link.unacceptable-actions-policy", text="https://www.ombudsman.example/respect")
    forget()
    at(Level.FULL_BLOCK)
    assert check(ike.get("/")).find("a", href="https://www.ombudsman.example/respect").text == "Respect policy"


@pytest.mark.row("S7")
def test_acceptable_use_is_linked_before_and_after_signing_in(client, ike: Client) -> None:
    for browser, address in ((client, "/sign-in/"), (ike, "/")):
        link = check(browser.get(address)).find("a", string="Acceptable use")
        page = check(browser.get(link["href"]))
        for part in ("right to be heard", "without fear of abuse", "service that we give to others"):
            assert part in page.main.text
        assert page.find("a", href=POLICY)


@pytest.mark.row("S8")
def test_asking_whether_somebody_is_restricted_costs_no_statement(cast: Cast, client_of: Browser) -> None:
    counted = []
    for who in ("ben", "ike"):
        client = client_of(who)
        client.get("/")
        with CaptureQueriesContext(connection) as statements:
            assert client.get("/").status_code == 200
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 8


# The service's side


@pytest.mark.row("S8")
@pytest.mark.row("C22")
def test_the_portal_team_restricts_reviews_changes_and_lifts_on_pages(cast: Cast, client_of: Browser) -> None:
    gwen, ben = client_of("gwen"), client_of("ben")
    page = check(gwen.get(f"/casework/landlords/{cast.alder.pk}/"))
    address = page.select_one(f'tbody a[href$="/people/{cast.ben.user_id}/restrict/"]')["href"]
    form = check(gwen.get(address))
    assert [one["value"] for one in form.select("#id_approver option")] == ["", str(cast.farid.user_id)]
    assert "within 20 working days" in form.select_one("#id_appeal").text
    wrong = check(gwen.post(address, {"level": "full-block", "reason": "", "approver": ""}))
    assert wrong.select_one("#id_reason-error")
    assert wrong.select_one("#id_approver-error")
    assert ben.get("/").status_code == 200
    day = in_days(30)
    review = {"review_on-day": day.day, "review_on-month": day.month, "review_on-year": day.year}
    given = {"level": "full-block", "reason": "Threats.", "appeal": "Write.", "approver": cast.farid.user_id, **review}
    page = check(gwen.post(address, given, follow=True))
    assert "Restriction: Ben Carter" in page.h1.text
    assert "Approved by Farid Haddad" in page.text
    assert ben.get("/").status_code == 403
    one = Restriction.objects.get(user=cast.users["ben"])
    base = f"/casework/restrictions/{one.pk}/"
    for step, more in (
        ("review/", {"reason": "Unchanged.", **review}),
        ("level/", {"level": "warn", "reason": "Milder.", "approver": cast.farid.user_id, **review}),
    ):
        check(gwen.get(base + step))
        assert check(gwen.post(base + step, {"reason": ""})).select_one("#id_reason-error")
        check(gwen.post(base + step, more, follow=True))
    assert ben.get("/")["Location"].startswith("/your-access/")
    page = check(gwen.post(base + "lift/", {"reason": "New start."}, follow=True))
    titles = [title.text for title in page.select(".moj-timeline__title")]
    assert titles == ["Lifted: Warning", "Level changed: Warning", "Reviewed: Full block", "Imposed: Full block"]
    assert ben.get("/").status_code == 200
    assert OutgoingMail.objects.filter(kind="restriction", to_address="ben@alder.example").count() == 3
    assert "Ben Carter" in check(gwen.get("/casework/restrictions/?show=ended")).main.text


@pytest.mark.row("C22")
def test_what_each_level_means_stands_beside_it_as_the_person_reads_it(cast: Cast, client_of: Browser) -> None:
    Wording.objects.create(key="restriction.warn", text="Please follow our policy.")
    forget()
    one, gwen = Restriction.objects.get(), client_of("gwen")
    for address in (
        f"/casework/landlords/{cast.alder.pk}/people/{cast.ben.user_id}/restrict/",
        f"/casework/restrictions/{one.pk}/level/",
    ):
        page = check(gwen.get(address))
        hints = {}
        for radio in page.select("input[name=level]"):
            hints[radio["value"]] = page.find(id=radio["aria-describedby"]).get_text(strip=True)
        assert list(hints) == [level.value for level in Level]
        assert hints["warn"] == "Please follow our policy."
        assert hints["full-block"].startswith("You cannot use the portal at the moment.")
        assert not page.select("main details")


@pytest.mark.row("C22")
@pytest.mark.row("D13")
def test_the_address_for_an_appeal_is_content(cast: Cast, client_of: Browser) -> None:
    gwen = client_of("gwen")
    assert "Where to send an appeal" in check(gwen.get("/casework/content/")).main.text
    Wording.objects.create(key="restriction.appeal-address", text="Appeals, PO Box 7, Exampletown")
    forget()
    form = check(gwen.get(f"/casework/landlords/{cast.alder.pk}/people/{cast.ben.user_id}/restrict/"))
    assert form.select_one("#id_appeal").text.strip().endswith("Write to: Appeals, PO Box 7, Exampletown")


@pytest.mark.row("C22")
def test_the_list_shows_whose_review_is_due(cast: Cast, client_of: Browser) -> None:
    Restriction.objects.update(review_on=in_days(0))
    page = check(client_of("hana").get("/casework/restrictions/"))
    row = page.select_one("tbody tr").get_text(" ", strip=True)
    assert "Ike Bello" in row
    assert "Review due" in row
    shown = check(client_of("hana").get(page.select_one("tbody a")["href"]))
    assert "Shouted at a caseworker." in shown.text
    assert buttons(shown) == []
    assert "Read-only" in check(client_of("dev").get(f"/casework/landlords/{cast.alder.pk}/")).main.text


def test_the_list_of_restrictions_is_a_fixed_number_of_statements(cast: Cast, client_of: Browser) -> None:
    gwen = client_of("gwen")
    gwen.get("/casework/restrictions/")
    counted = []
    for more in ((), ("amina", "ben", "carys")):
        for who in more:
            restricted(cast.users[who], cast.alder, Level.WARN, approver=cast.users["farid"])
        with CaptureQueriesContext(connection) as statements:
            check(gwen.get("/casework/restrictions/"))
        counted.append(len(statements))
    assert counted[0] == counted[1]


@pytest.mark.row("H44")
def test_a_person_of_another_landlord_cannot_be_restricted_through_this_one(cast: Cast, client_of: Browser) -> None:
    gwen = client_of("gwen")
    for person in (cast.carys, cast.dev):
        assert gwen.get(f"/casework/landlords/{cast.alder.pk}/people/{person.user_id}/restrict/").status_code == 404
