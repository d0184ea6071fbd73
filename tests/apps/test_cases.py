"""Creating, releasing, moving and handing over cases: what is kept, what is refused, and who reads of it."""

import pytest

from portal.access.roles import Role
from portal.audit.models import AuditRow
from portal.cases import actions
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.landlords.models import Membership
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.notifications import fan_out, inbox
from portal.tasks import actions as tasks
from portal.tasks.models import TaskKind
from portal.teams.models import Team
from tests.cast import Cast, in_days

LINES = {"resident_name": "Ada Smith", "resident_address": "1 High Street"}


def create(cast: Cast, reference: str = "202611111", **changes) -> Case:
    return actions.create_case(**{"by": cast.dev, "reference": reference, "landlord": cast.alder, **LINES, **changes})


def kinds(case: Case) -> list[str]:
    return list(case.diary.order_by("id").values_list("kind", flat=True))


def under_investigation(case: Case, by) -> Case:
    for status in (Status.REFERRAL_ASSESSMENT, Status.AWAITING_INVESTIGATION, Status.UNDER_INVESTIGATION):
        case = actions.move_case(case, to=status, reason="Next step.", by=by)
    return case


def notify_all() -> None:
    while fan_out.fan_out_one(clock.now()):
        pass


@pytest.mark.row("C5")
@pytest.mark.row("D11")
def test_a_new_case_is_hidden_and_under_initial_assessment(cast: Cast) -> None:
    case = create(cast, "2026 11111")
    assert case.reference == "202611111"
    assert (case.status, case.team, case.is_released) == (Status.INITIAL_ASSESSMENT, Team.DISPUTE_SUPPORT, False)
    assert not Case.objects.visible_to(cast.amina).filter(pk=case.pk).exists()
    assert kinds(case) == [Happened.CASE_CREATED]


@pytest.mark.row("C5")
@pytest.mark.parametrize("reference", ["20261111", "2026111111", "2026x1111", "", "٢٠٢٦١١١١١", "302611111"])
def test_a_reference_is_nine_digits_that_begin_with_a_year(cast: Cast, reference: str) -> None:
    with pytest.raises(RuleBroken, match="nine digits") as refusal:
        create(cast, reference)
    assert refusal.value.field == "reference"


@pytest.mark.row("C5")
def test_a_reference_is_used_once_even_for_another_landlord(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="exists already") as refusal:
        create(cast, cast.case.reference, landlord=cast.birch)
    assert refusal.value.field == "reference"
    assert Case.objects.filter(reference=cast.case.reference).count() == 1


@pytest.mark.parametrize("missing", ["resident_name", "resident_address"])
def test_a_case_needs_a_resident_and_a_home(cast: Cast, missing: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        create(cast, **{missing: "  "})
    assert refusal.value.field == missing


@pytest.mark.row("H44")
@pytest.mark.parametrize("owner", ["amina", "carys", "gwen", "hana"])
def test_nobody_from_outside_the_four_teams_can_own_a_case(cast: Cast, owner: str) -> None:
    with pytest.raises(RuleBroken, match="four teams"):
        create(cast, owner_id=cast.users[owner].pk)
    with pytest.raises(RuleBroken, match="four teams") as refusal:
        actions.hand_over(cast.case, team=Team.TRIAGE, owner_id=cast.users[owner].pk, by=cast.dev)
    assert refusal.value.field == "owner"
    cast.case.refresh_from_db()
    assert cast.case.owner_id == cast.dev.user_id


@pytest.mark.row("H44")
def test_somebody_who_left_cannot_own_a_case(cast: Cast) -> None:
    cast.users["esi"].is_active = False
    cast.users["esi"].save()
    with pytest.raises(RuleBroken, match="four teams"):
        actions.hand_over(cast.case, team=Team.TRIAGE, owner_id=cast.esi.user_id, by=cast.dev)


@pytest.mark.row("D11")
def test_release_opens_the_case_to_the_landlord_once(cast: Cast) -> None:
    actions.release_case(cast.hidden, by=cast.dev)
    assert Case.objects.visible_to(cast.amina).filter(pk=cast.hidden.pk).exists()
    assert not Case.objects.visible_to(cast.carys).filter(pk=cast.hidden.pk).exists()
    with pytest.raises(RuleBroken, match="already"):
        actions.release_case(cast.hidden, by=cast.dev)


@pytest.mark.row("D11")
def test_what_happened_before_the_release_is_never_shown_to_the_landlord(cast: Cast) -> None:
    actions.move_case(cast.hidden, to=Status.REFERRAL_ASSESSMENT, reason="Early.", by=cast.dev)
    case = actions.release_case(cast.hidden, by=cast.dev)
    read = case.diary.readable_by(cast.amina).values_list("kind", flat=True)
    assert list(read) == [Happened.CASE_RELEASED]
    notify_all()
    told = inbox.bell_of(cast.amina).filter(entry__case=case).values_list("entry__kind", flat=True)
    assert list(told) == [Happened.CASE_RELEASED]


@pytest.mark.row("C7")
def test_a_move_keeps_its_reason_for_the_service_only(cast: Cast) -> None:
    case = actions.move_case(cast.case, to=Status.REFERRAL_ASSESSMENT, reason="Stage 2 ended in May.", by=cast.dev)
    entry = case.diary.get(kind=Happened.STATUS_CHANGED)
    assert entry.details["staff_reason"] == "Stage 2 ended in May."
    assert (entry.details["before"], entry.details["status"]) == ("initial-assessment", "referral-assessment")
    assert AuditRow.objects.filter(verb="status changed", case_reference=case.reference).count() == 1


@pytest.mark.row("C7")
def test_a_move_without_a_reason_is_refused(cast: Cast) -> None:
    for reason in ("", "   ", "x" * 2001):
        with pytest.raises(RuleBroken) as refusal:
            actions.move_case(cast.case, to=Status.REFERRAL_ASSESSMENT, reason=reason, by=cast.dev)
        assert refusal.value.field == "reason"
    cast.case.refresh_from_db()
    assert cast.case.status == Status.INITIAL_ASSESSMENT


@pytest.mark.row("C7")
def test_a_status_brings_its_team_and_the_timeline_says_so(cast: Cast) -> None:
    case = actions.move_case(cast.case, to=Status.LANDLORD_PROCEDURE, reason="Still at stage 1.", by=cast.dev)
    assert case.team == Team.DISPUTE_SUPPORT
    entry = case.diary.get(kind=Happened.TEAM_CHANGED)
    assert entry.details == {"before": "triage", "team": "dispute-support"}
    assert not entry.landlord_may_read


def test_a_move_within_a_team_says_nothing_of_the_team(cast: Cast) -> None:
    case = actions.move_case(cast.case, to=Status.REFERRAL_ASSESSMENT, reason="Ended.", by=cast.dev)
    assert Happened.TEAM_CHANGED not in kinds(case)


@pytest.mark.row("S42")
def test_closing_keeps_the_team_and_dates_the_end_and_review_opens_again(cast: Cast) -> None:
    case = actions.move_case(cast.case, to=Status.CLOSED, reason="Outside our jurisdiction.", by=cast.dev)
    assert (case.team, case.is_open) == (Team.TRIAGE, False)
    assert list(Case.objects.visible_to(cast.amina).closed()) == [case]
    case = actions.move_case(case, to=Status.REVIEW, reason="Review asked for.", by=cast.dev)
    assert (case.team, case.is_open, case.closed_at) == (Team.REVIEW, True, None)


@pytest.mark.row("S103")
def test_a_case_with_an_outstanding_task_is_not_closed(cast: Cast) -> None:
    task = tasks.set_task(cast.case, kind=TaskKind.RESPOND_TO_REQUEST, title="", due_on=in_days(9), by=cast.dev)
    with pytest.raises(RuleBroken, match="1 task to do"):
        actions.move_case(cast.case, to=Status.CLOSED, reason="Done.", by=cast.dev)
    tasks.cancel_task(task, reason="Not needed.", by=cast.dev)
    assert not actions.move_case(cast.case, to=Status.CLOSED, reason="Done.", by=cast.dev).is_open


@pytest.mark.row("S39")
@pytest.mark.row("S40")
@pytest.mark.parametrize("to", [Status.DETERMINED, Status.DETERMINED_AWAITING_ACTION])
def test_nobody_moves_a_case_to_a_determined_status_by_hand(cast: Cast, to: Status) -> None:
    case = under_investigation(cast.case, cast.dev)
    with pytest.raises(RuleBroken, match="issued") as refusal:
        actions.move_case(case, to=to, reason="Decided.", by=cast.dev)
    assert refusal.value.field == "status"
    case.refresh_from_db()
    assert case.status == Status.UNDER_INVESTIGATION


@pytest.mark.row("C8")
@pytest.mark.row("S44")
def test_a_new_owner_is_told_and_the_old_one_hears_no_more(cast: Cast) -> None:
    actions.hand_over(cast.case, team=Team.DISPUTE_RESOLUTION, owner_id=cast.esi.user_id, by=cast.farid)
    notify_all()
    assert [row.entry.kind for row in inbox.unread(cast.esi)] == [Happened.OWNER_CHANGED]
    assert not inbox.unread(cast.dev).filter(entry__kind=Happened.OWNER_CHANGED).exists()
    assert not inbox.unread(cast.amina).filter(entry__kind=Happened.OWNER_CHANGED).exists()
    task = tasks.set_task(cast.case, kind=TaskKind.RESPOND_TO_REQUEST, title="", due_on=in_days(9), by=cast.esi)
    tasks.report_unable(task, reason="We cannot.", by=cast.amina)
    notify_all()
    assert inbox.unread(cast.esi).filter(entry__kind=Happened.TASK_UNABLE).count() == 1
    assert not inbox.unread(cast.dev).filter(entry__kind=Happened.TASK_UNABLE).exists()


@pytest.mark.row("C8")
def test_handing_over_to_the_same_team_and_owner_writes_nothing(cast: Cast) -> None:
    before = kinds(cast.case)
    actions.hand_over(cast.case, team=Team.TRIAGE, owner_id=cast.dev.user_id, by=cast.dev)
    assert kinds(cast.case) == before


@pytest.mark.row("H44")
@pytest.mark.parametrize("colleague", ["carys", "dev", "gwen"])
def test_a_case_is_assigned_only_to_a_colleague_of_the_landlord(cast: Cast, colleague: str) -> None:
    with pytest.raises(RuleBroken, match="colleagues"):
        actions.assign_colleague(cast.case, colleague_id=cast.users[colleague].pk, by=cast.amina)
    assert actions.assign_colleague(cast.case, colleague_id=cast.ben.user_id, by=cast.amina).colleague_id


@pytest.mark.parametrize("who", ["gwen", "hana", "amina"])
def test_nobody_without_the_permission_touches_a_case(cast: Cast, who: str) -> None:
    actor = cast.actors[who]
    with pytest.raises(NotAllowed):
        create(cast, by=actor)
    with pytest.raises(NotAllowed):
        actions.release_case(cast.hidden, by=actor)
    with pytest.raises(NotAllowed):
        actions.move_case(cast.case, to=Status.CLOSED, reason="x", by=actor)
    with pytest.raises(NotAllowed):
        actions.hand_over(cast.case, team=Team.REVIEW, owner_id=None, by=actor)


@pytest.mark.row("D11")
@pytest.mark.parametrize("who", ["amina", "carys"])
def test_a_hidden_or_foreign_case_cannot_be_opened_or_worked_on(cast: Cast, who: str) -> None:
    case = cast.hidden if who == "amina" else cast.case
    with pytest.raises(Case.DoesNotExist):
        actions.open_case(case.reference, by=cast.actors[who])
    with pytest.raises(NotAllowed):
        actions.assign_colleague(case, colleague_id=None, by=cast.actors[who])


def test_opening_a_case_is_recorded_with_who_and_which(cast: Cast) -> None:
    actions.open_case(cast.case.reference, by=cast.hana)
    row = AuditRow.objects.latest("id")
    assert (row.verb, row.actor_id, row.case_reference) == ("case opened", cast.hana.user_id, cast.case.reference)


def test_the_cast_has_one_administrator_for_each_landlord(cast: Cast) -> None:
    assert Membership.objects.filter(role=Role.ADMINISTRATOR).count() == 2
