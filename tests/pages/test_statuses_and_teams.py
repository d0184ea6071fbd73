"""The ten statuses and the four teams, each reached by a caseworker through the pages and read by the landlord (S33-S50)."""

from collections import deque

import pytest
from django.test import Client

from portal.cases import lifecycle
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.content.words import words
from portal.determinations import drafting
from portal.teams.models import Team
from tests.cast import Cast, in_days
from tests.conftest import Browser
from tests.well_formed import check

CASE = "/casework/cases/202601234/"
STATUS_ROWS = dict(zip(Status, (f"S{number}" for number in range(33, 43)), strict=True))
TEAM_ROWS = dict(zip(Team, ("S47", "S48", "S49", "S50"), strict=True))

# The meaning that the guide gives each, in words that its explanation must hold. Label and meaning stand here in the
# guide's words, so that the code is not compared with itself.
MEANINGS: dict[Status | Team, tuple[str, tuple[str, ...]]] = {
    Status.INITIAL_ASSESSMENT: ("Case under initial assessment", ("next steps",)),
    Status.LANDLORD_PROCEDURE: ("Within landlord’s internal complaint procedure", ("complaint procedure", "resident")),
    Status.REFERRAL_ASSESSMENT: ("Referral assessment", ("procedure has ended", "for us", "need to do")),
    Status.EVIDENCE_GATHERING: ("Evidence gathering", ("asked you for information", "mediation")),
    Status.AWAITING_INVESTIGATION: (
        "Awaiting investigation",
        ("the information we need", "investigator", "adjudicator"),
    ),
    Status.UNDER_INVESTIGATION: ("Under investigation", ("Dispute Resolution", "assessing")),
    Status.DETERMINED: ("Determined", ("determined", "no orders or recommendations")),
    Status.DETERMINED_AWAITING_ACTION: ("Determined – awaiting LL action", ("confirm", "orders", "recommendations")),
    Status.REVIEW: ("Review – case outcome", ("You or the resident", "formal review", "determination or decision")),
    Status.CLOSED: ("Case closed", ("closed the case",)),
    Team.DISPUTE_SUPPORT: ("DR2 Dispute Support", ("first enquiries", "landlords and residents", "procedure")),
    Team.TRIAGE: ("DR2 Triage", ("Triage and Mediation", "mediation", "investigation", "asks for evidence")),
    Team.DISPUTE_RESOLUTION: ("DR2 Dispute Resolution", ("Investigators and adjudicators", "determination to both")),
    Team.REVIEW: ("DR2 Review", ("formal review", "decision or determination")),
}


def way_to(status: Status) -> list[Status]:
    """The shortest way along the table of moves, from the status with which a case begins."""
    ways = deque([[Status.INITIAL_ASSESSMENT]])
    while ways:
        way = ways.popleft()
        if way[-1] == status and (len(way) > 1 or status == Status.INITIAL_ASSESSMENT):
            return way[1:]
        ways.extend([*way, after] for after in lifecycle.moves_from(way[-1]) if after not in way)
    raise AssertionError(f"no way to {status}")


def set_status(client: Client, status: Status) -> None:
    """As a caseworker does: chosen among what the page offers, with a reason."""
    page = check(client.get(f"{CASE}status/"))
    offered = {one["value"]: one.find_next("label").get_text(strip=True) for one in page.select("input[name=status]")}
    assert offered[status.value].startswith(status.label)
    check(client.post(f"{CASE}status/", {"status": status.value, "reason": "Next step."}, follow=True))


def issue(cast: Cast, client: Client, issuer: Client, *, orders: int) -> None:
    """The two determined statuses follow when a caseworker issues what was drafted; nobody is offered them (S39, S40)."""
    page = check(client.get(f"{CASE}status/"))
    assert not {one["value"] for one in page.select("input[name=status]")} & {
        "determined",
        "determined-awaiting-action",
    }
    drafting.write_complaint(cast.case, words="The damp was left.", finding="maladministration", by=cast.dev)
    for number in range(orders):
        drafting.write_order(cast.case, kind="repairs", words=f"Repair {number}.", due_on=in_days(20), by=cast.dev)
    shown = check(issuer.get(f"{CASE}determination/issue/")).select_one("main input[name=shown]")["value"]
    check(issuer.post(f"{CASE}determination/issue/", {"shown": shown}, follow=True))


def facts(client: Client) -> str:
    shown = check(client.get("/cases/202601234/")).select_one(".portal-facts")
    return " ".join(shown.get_text(" ", strip=True).split())


@pytest.mark.parametrize(
    "status", [pytest.param(status, marks=pytest.mark.row(row)) for status, row in STATUS_ROWS.items()]
)
def test_a_caseworker_sets_the_status_and_the_landlord_reads_it_with_its_explanation(
    cast: Cast, client_of: Browser, status: Status
) -> None:
    dev = client_of("dev")
    for step in way_to(status):
        if step in lifecycle.DETERMINATIONS:
            issue(cast, dev, client_of("farid"), orders=int(step == Status.DETERMINED_AWAITING_ACTION))
        else:
            set_status(dev, step)
    assert Case.objects.get(pk=cast.case.pk).status == status
    shown, (label, meaning) = facts(client_of("amina")), MEANINGS[status]
    assert [word for word in (label, *meaning) if word not in shown] == []
    assert words(f"status.{status.value}") in shown
    staff = check(dev.get(CASE)).get_text(" ")
    assert status.label in staff
    assert words(f"status.{status.value}") in staff


@pytest.mark.row("S33")
def test_a_case_under_initial_assessment_again_is_set_by_hand(cast: Cast, client_of: Browser) -> None:
    dev = client_of("dev")
    set_status(dev, Status.LANDLORD_PROCEDURE)
    set_status(dev, Status.INITIAL_ASSESSMENT)
    assert Status.INITIAL_ASSESSMENT.label in facts(client_of("amina"))


@pytest.mark.row("S42")
def test_a_closed_case_moves_to_the_closed_list(cast: Cast, client_of: Browser) -> None:
    set_status(client_of("dev"), Status.CLOSED)
    amina = client_of("amina")
    assert "202601234" in check(amina.get("/cases/closed/")).select_one("tbody").text
    assert "202601234" not in check(amina.get("/cases/open/")).main.text


@pytest.mark.parametrize("team", [pytest.param(team, marks=pytest.mark.row(row)) for team, row in TEAM_ROWS.items()])
@pytest.mark.row("S46")
def test_a_caseworker_selects_the_team_and_the_landlord_reads_what_it_does(
    cast: Cast, client_of: Browser, team: Team
) -> None:
    dev = client_of("dev")
    page = check(dev.get(f"{CASE}owner/"))
    assert page.select_one(f"input[name=team][value={team.value}]")
    check(dev.post(f"{CASE}owner/", {"team": team.value, "owner": str(cast.dev.user_id)}, follow=True))
    shown, (label, meaning) = facts(client_of("amina")), MEANINGS[team]
    assert [word for word in (label, *meaning) if word not in shown] == []
    assert words(f"team.{team.value}") in shown
    assert words(f"team.{team.value}") in check(dev.get(CASE)).get_text(" ")


@pytest.mark.row("S44")
def test_the_owners_name_changes_when_the_case_is_handed_on(cast: Cast, client_of: Browser) -> None:
    dev, amina = client_of("dev"), client_of("amina")
    assert "Dev Patel" in facts(amina)
    dev.post(f"{CASE}owner/", {"team": "dispute-resolution", "owner": str(cast.esi.user_id)})
    assert "Esi Mensah" in facts(amina)
    assert "Dev Patel" not in facts(amina)
