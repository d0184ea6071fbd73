"""The caseworker's case pages: list and filters, a new case, release, status, team and owner; and who may not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.cases import actions
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.landlords.models import Landlord
from portal.teams.models import Team
from tests.cast import Cast
from tests.conftest import Browser
from tests.indexed import indexed
from tests.pages import casework_scene
from tests.well_formed import check

pytestmark = pytest.mark.both  # filters

NEW = {
    "reference": "202611111",
    "landlord": "Alder Homes",
    "resident_name": "Ada O’Shea & Son",
    "resident_address": "1 High Street\nLeeds",
    "summary": "A leak.",
    "team": "triage",
    "owner": "",
}


def references(client: Client, query: str = "") -> list[str]:
    page = check(client.get(f"/casework/cases/{query}"))
    return [cell.a.get_text() for cell in page.select("tbody th")]


@pytest.fixture
def listed(cast: Cast) -> Cast:
    """One more case of each sort: Esi's, nobody's, a closed one."""
    for number, (owner, team) in enumerate([("esi", Team.REVIEW), (None, Team.TRIAGE), ("dev", Team.TRIAGE)]):
        case = actions.create_case(
            by=cast.dev,
            reference=f"20269000{number}",
            landlord=cast.birch if number else cast.alder,
            resident_name=f"Resident {number}",
            resident_address="Some Street",
            team=team,
            owner_id=cast.users[owner].pk if owner else None,
        )
    actions.move_case(case, to=Status.CLOSED, reason="Withdrawn.", by=cast.dev)
    indexed()
    return cast


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", {"202601234", "202605678", "202609999", "202690000", "202690001"}),
        ("?show=closed", {"202690002"}),
        ("?show=hidden", {"202605678", "202690000", "202690001"}),
        ("?show=all&team=triage&landlord=birch", {"202609999", "202690001", "202690002"}),
        ("?reference=2026 9000", {"202690000", "202690001"}),
        ("?reference=Case %232026–9000", {"202690000", "202690001"}),
        ("?resident=neil", {"202601234"}),
        ("?resident=quiet+row", {"202605678"}),
        ("?resident=quite+row", {"202605678"}),
        ("?landlord=Alder+Homes", {"202601234", "202605678", "202690000"}),
        ("?landlord=Nobody", set()),
        ("?team=review", {"202690000"}),
        ("?owner=nobody", {"202690001"}),
        ("?whose=mine", {"202601234", "202605678", "202609999"}),
        ("?whose=team", {"202601234", "202605678", "202609999", "202690001"}),
        ("?status=closed&show=all", {"202690002"}),
        ("?status=review", set()),
        (
            "?status=nonsense&owner=999999&whose=all&show=x",
            {"202601234", "202605678", "202609999", "202690000", "202690001"},
        ),
        ("?resident=%00", {"202601234", "202605678", "202609999", "202690000", "202690001"}),
    ],
)
def test_each_filter_narrows_the_list(listed: Cast, client_of: Browser, query: str, wanted: set[str]) -> None:
    assert set(references(client_of("dev"), query)) == wanted


def test_the_filter_by_owner_finds_exactly_that_owners_cases(listed: Cast, client_of: Browser) -> None:
    assert references(client_of("hana"), f"?owner={listed.esi.user_id}") == ["202690000"]


@pytest.mark.row("S30")
def test_applied_filters_are_shown_and_taken_away_one_by_one(listed: Cast, client_of: Browser) -> None:
    page = check(client_of("dev").get("/casework/cases/?team=triage&whose=mine"))
    chips = {chip.get_text(" ", strip=True): chip.get("href") for chip in page.select(".moj-filter__tag")}
    assert [href for text, href in chips.items() if "DR2 Triage" in text] == ["/casework/cases/?whose=mine"]
    assert [href for text, href in chips.items() if "My cases" in text] == ["/casework/cases/?team=triage"]
    assert "Open cases" in page.select_one(".portal-applied").get_text()


def test_a_landlord_whose_name_is_part_of_anothers_is_filtered_exactly(cast: Cast, client_of: Browser) -> None:
    north = Landlord.objects.create(name="Alder Homes North")
    actions.create_case(
        by=cast.dev, reference="202690009", landlord=north, resident_name="A", resident_address="B", owner_id=None
    )
    assert set(references(client_of("dev"), "?landlord=alder+homes")) == {"202601234", "202605678"}
    assert set(references(client_of("dev"), "?landlord=alder")) == {"202601234", "202605678", "202690009"}


def test_the_list_is_cut_into_pages_of_25_in_a_fixed_number_of_statements(cast: Cast, client_of: Browser) -> None:
    client = client_of("dev")
    client.get("/casework/cases/")
    with CaptureQueriesContext(connection) as few:
        client.get("/casework/cases/")
    for number in range(60):
        actions.create_case(
            by=cast.dev,
            reference=f"2025{number:05}",
            landlord=cast.alder,
            resident_name="Somebody",
            resident_address="Somewhere",
            owner_id=cast.dev.user_id,
        )
    with CaptureQueriesContext(connection) as many:
        page = check(client.get("/casework/cases/"))
    assert len(page.select("tbody tr")) == 25
    assert "of 63 open cases" in page.select_one(".portal-pages__count").get_text()
    assert len(few) == len(many) <= 12


@pytest.mark.row("C5")
@pytest.mark.row("D11")
def test_a_new_case_is_created_hidden_and_released_by_a_button(cast: Cast, client_of: Browser) -> None:
    dev, amina = client_of("dev"), client_of("amina")
    answer = dev.post("/casework/cases/new/", NEW)
    assert answer["Location"] == "/casework/cases/202611111/"
    page = check(dev.get(answer["Location"]))
    assert "cannot see it until you release it" in page.select_one(".govuk-notification-banner").get_text()
    assert "Hidden from landlord" in page.get_text()
    assert amina.get("/cases/202611111/").status_code == 404
    check(dev.post("/casework/cases/202611111/release/", follow=True))
    assert amina.get("/cases/202611111/").status_code == 200
    again = check(dev.post("/casework/cases/202611111/release/", follow=True))
    assert "can see this case already" in again.get_text()
    assert "Hidden from landlord" not in again.get_text()


@pytest.mark.row("C5")
@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"reference": "202601234"}, "reference", "exists already"),
        ({"reference": "12"}, "reference", "nine digits"),
        ({"reference": ""}, "reference", "Enter the case reference"),
        ({"landlord": "Nowhere"}, "landlord", "No landlord has this name"),
        ({"landlord": "Homes"}, "landlord", "More than one landlord fits: Alder Homes, Birch Homes"),
        ({"resident_name": " "}, "resident_name", "Enter the resident’s name"),
        ({"resident_name": "x" * 201}, "resident_name", "200 characters"),
        ({"resident_address": ""}, "resident_address", "Enter the address"),
    ],
)
def test_a_refused_new_case_says_why_beside_the_field_and_keeps_what_was_typed(
    cast: Cast, client_of: Browser, wrong: dict[str, str], field: str, words: str
) -> None:
    before = Case.objects.count()
    page = check(client_of("dev").post("/casework/cases/new/", {**NEW, **wrong}))
    assert words in page.select_one(f"#id_{field}-error").get_text()
    assert Case.objects.count() == before
    assert page.select_one("#id_summary").get_text().strip() == "A leak."
    if "resident_name" not in wrong:
        assert page.select_one("#id_resident_name")["value"] == "Ada O’Shea & Son"


def test_a_part_of_a_name_that_one_landlord_has_is_enough(cast: Cast, client_of: Browser) -> None:
    client_of("dev").post("/casework/cases/new/", {**NEW, "landlord": " birch "})
    assert Case.objects.get(reference="202611111").landlord == cast.birch


def test_a_line_end_counts_as_one_character_as_it_does_on_the_page(cast: Cast, client_of: Browser) -> None:
    address = "x\r\n" * 200
    client_of("dev").post("/casework/cases/new/", {**NEW, "resident_address": address + "\r\n"})
    assert Case.objects.get(reference="202611111").resident_address == ("x\n" * 200).strip()


@pytest.mark.row("H44")
@pytest.mark.parametrize("owner", ["amina", "gwen"])
def test_a_new_case_takes_no_owner_from_outside_the_teams(cast: Cast, client_of: Browser, owner: str) -> None:
    page = check(client_of("dev").post("/casework/cases/new/", {**NEW, "owner": cast.users[owner].pk}))
    assert page.select_one("#id_owner-error")
    assert not Case.objects.filter(reference="202611111").exists()


@pytest.mark.row("C7")
def test_only_the_allowed_moves_are_offered(cast: Cast, client_of: Browser) -> None:
    page = check(client_of("dev").get("/casework/cases/202601234/status/"))
    offered = [radio["value"] for radio in page.select("input[name=status]")]
    assert offered == ["landlord-procedure", "referral-assessment", "closed"]
    assert not page.select("input[name=orders]")
    assert "DR2 Triage" in page.get_text()


@pytest.mark.row("C7")
def test_a_status_changes_with_a_reason_that_only_the_service_reads(cast: Cast, client_of: Browser) -> None:
    dev, reference = client_of("dev"), cast.case.reference
    given = {"status": "referral-assessment", "reason": "Stage 2 ended <b>in May</b>."}
    page = check(dev.post(f"/casework/cases/{reference}/status/", given, follow=True))
    assert "DR2 Triage manages the case" in page.select_one(".govuk-notification-banner").get_text()
    assert "Stage 2 ended <b>in May</b>." in page.select_one(".moj-timeline").get_text()
    landlords = client_of("amina").get(f"/cases/{reference}/").content.decode()
    assert "Referral assessment" in landlords
    assert "in May" not in landlords


@pytest.mark.row("C7")
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"status": "referral-assessment", "reason": ""}, "reason"),
        ({"status": "", "reason": "x"}, "status"),
        ({"status": "determined", "reason": "x"}, "status"),
        ({"status": "nonsense", "reason": "x"}, "status"),
        ({"status": "referral-assessment", "reason": "x" * 2001}, "reason"),
    ],
)
def test_a_move_that_is_refused_changes_nothing(cast: Cast, client_of: Browser, given: dict, field: str) -> None:
    page = check(client_of("dev").post("/casework/cases/202601234/status/", given))
    assert page.select_one(f"#id_{field}-error")
    cast.case.refresh_from_db()
    assert cast.case.status == Status.INITIAL_ASSESSMENT


@pytest.mark.row("S39")
@pytest.mark.row("S40")
def test_the_determined_statuses_are_not_offered_but_lead_to_the_determination(cast: Cast, client_of: Browser) -> None:
    for status in (Status.REFERRAL_ASSESSMENT, Status.AWAITING_INVESTIGATION, Status.UNDER_INVESTIGATION):
        actions.move_case(cast.case, to=status, reason="Next.", by=cast.dev)
    dev, address = client_of("dev"), "/casework/cases/202601234/status/"
    page = check(dev.get(address))
    assert not page.select("input[value^=determined]")
    assert page.select_one("main a[href='/casework/cases/202601234/determination/']")
    for status in ("determined", "determined-awaiting-action"):
        page = check(dev.post(address, {"status": status, "reason": "Upheld."}))
        assert page.select_one("#id_status-error")
    cast.case.refresh_from_db()
    assert cast.case.status == Status.UNDER_INVESTIGATION


@pytest.mark.row("S103")
def test_closing_with_an_outstanding_task_is_refused_in_words(cast: Cast, client_of: Browser) -> None:
    casework_scene.new_task(cast.case, cast.dev)
    page = check(client_of("dev").post("/casework/cases/202601234/status/", {"status": "closed", "reason": "Done."}))
    assert "1 task to do" in page.select_one("#id_status-error").get_text()


@pytest.mark.row("C8")
@pytest.mark.row("S44")
def test_team_and_owner_change_on_one_page(cast: Cast, client_of: Browser) -> None:
    dev, address = client_of("dev"), "/casework/cases/202601234/owner/"
    page = check(dev.get(address))
    assert page.select_one("input[name=team][checked]")["value"] == "triage"
    assert page.select_one("#id_owner option[selected]")["value"] == str(cast.dev.user_id)
    answer = dev.post(address, {"team": "review", "owner": cast.esi.user_id}, follow=True)
    assert "Owner: Esi Mensah" in check(answer).select_one(".govuk-notification-banner").get_text()
    cast.case.refresh_from_db()
    assert (cast.case.team, cast.case.owner_id) == ("review", cast.esi.user_id)
    assert "Nobody" in check(dev.post(address, {"team": "review", "owner": ""}, follow=True)).get_text()


@pytest.mark.row("H44")
@pytest.mark.parametrize("owner", ["amina", "gwen", "hana"])
def test_an_owner_from_outside_the_teams_is_refused(cast: Cast, client_of: Browser, owner: str) -> None:
    given = {"team": "triage", "owner": cast.users[owner].pk}
    page = check(client_of("dev").post("/casework/cases/202601234/owner/", given))
    assert page.select_one("#id_owner-error")
    cast.case.refresh_from_db()
    assert cast.case.owner_id == cast.dev.user_id


@pytest.mark.row("S46")
def test_the_overview_explains_status_and_team_and_tells_the_whole_story(cast: Cast, client_of: Browser) -> None:
    casework_scene.build(cast)
    page = check(client_of("esi").get("/casework/cases/202601234/"))
    text = page.get_text()
    assert "Our team is reading the case" in text
    assert "The Triage and Mediation team" in text
    titles = [title.get_text() for title in page.select(".moj-timeline__title")]
    assert titles[0] == "Message from the landlord: “From Alder”"
    assert any("Task set" in title for title in titles)
    assert not any("your “unable" in title or "opened to you" in title for title in titles)
    assert "Amina Yusuf, Alder Homes" in text
    bylines = [
        line.get_text()
        for line in check(client_of("esi").get("/casework/cases/202605678/")).select(".moj-timeline__byline")
    ]
    assert bylines == ["by Dev Patel (the landlord does not see this)"]


def test_an_auditor_is_offered_no_button(cast: Cast, client_of: Browser) -> None:
    casework_scene.build(cast)
    hana = client_of("hana")
    for address in ("", "tasks/", "documents/", "messages/"):
        main = check(hana.get(f"/casework/cases/202601234/{address}")).select_one("main")
        assert not main.select("button, [role=button]"), address
        assert "Change" not in main.get_text()


def test_every_tab_is_a_fixed_number_of_statements(cast: Cast, client_of: Browser) -> None:
    casework_scene.build(cast)
    dev = client_of("dev")
    tabs = [f"/casework/cases/202601234/{tab}" for tab in ("", "tasks/", "documents/", "messages/")]

    def asked() -> list[int]:
        counted = []
        for tab in tabs:
            with CaptureQueriesContext(connection) as statements:
                assert dev.get(tab).status_code == 200
            counted.append(len(statements))
        return counted

    asked()
    few = asked()
    for number in range(12):
        casework_scene.new_task(cast.case, cast.dev, f"Task {number}")
        casework_scene.upload(cast.case, cast.amina, f"file-{number}.pdf")
    assert asked() == few
    assert max(few) <= 14, few


@pytest.mark.parametrize(
    ("step", "typed"),
    [("status", {"status": "closed", "reason": "Done."}), ("owner", {"team": "review", "owner": ""})],
)
def test_a_case_that_a_colleague_has_handed_over_meanwhile_stays_as_they_left_it(
    cast: Cast, client_of: Browser, step: str, typed: dict[str, str]
) -> None:
    dev, address = client_of("dev"), f"/casework/cases/{cast.case.reference}/{step}/"
    seen = check(dev.get(address)).select_one("input[name=seen]")["value"]
    actions.hand_over(cast.case, team=Team.DISPUTE_SUPPORT, owner_id=cast.esi.user_id, by=cast.farid)
    before = Case.objects.filter(pk=cast.case.pk).values().get()
    page = check(dev.post(address, {**typed, "seen": seen}))
    assert "Somebody has changed this case" in page.select_one(".govuk-error-summary").get_text()
    assert "DR2 Dispute Support manages the case. Owner: Esi" in page.main.get_text()
    assert Case.objects.filter(pk=cast.case.pk).values().get() == before
    assert page.select_one("input[name=seen]")["value"] == Case.objects.get(pk=cast.case.pk).version_token
    check(dev.post(address, {**typed, "seen": page.select_one("input[name=seen]")["value"]}, follow=True))
    assert Case.objects.filter(pk=cast.case.pk).values().get() != before
