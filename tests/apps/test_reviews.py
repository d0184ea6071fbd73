"""Asking for a review within three weeks on its grounds, late with a reason, and what comes of it."""

from datetime import timedelta

import pytest

from portal.cases import actions as cases
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.determinations import actions, reviews
from portal.determinations.kinds import Outcome, ReviewState
from portal.determinations.models import Determination, Review
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.notifications import fan_out, inbox
from portal.teams.models import Team
from tests import determination_scene as scene
from tests.cast import Cast, in_days


def fresh(cast: Cast) -> Case:
    return Case.objects.get(pk=cast.case.pk)


def ask(cast: Cast, by=None, **changes) -> Review:
    given = {"on_new_evidence": True, "on_facts": True, "text": "We found the invoice.", **changes}
    return reviews.ask_review(cast.case, by=by or cast.amina, **given)


def notify_all() -> None:
    while fan_out.fan_out_one(clock.now()):
        pass


@pytest.mark.row("S41")
@pytest.mark.row("S50")
def test_a_review_sets_the_status_and_the_team_and_tells_dr2_review(cast: Cast) -> None:
    scene.determined(cast)
    rhea = scene.reviewer()
    review = ask(cast)
    case = fresh(cast)
    assert (case.status, case.team) == (Status.REVIEW, Team.REVIEW)
    assert (review.state, review.on_new_evidence, review.on_facts) == (ReviewState.OPEN, True, True)
    notify_all()
    assert inbox.unread(rhea).filter(entry__kind=Happened.REVIEW_ASKED).count() == 1
    with pytest.raises(RuleBroken, match="already"):
        ask(cast)


@pytest.mark.row("S41")
def test_a_review_needs_a_ground_and_words(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="no determination"):
        ask(cast)
    scene.determined(cast)
    for wrong, field in (({"on_new_evidence": False, "on_facts": False}, "grounds"), ({"text": " "}, "text")):
        with pytest.raises(RuleBroken) as refusal:
            ask(cast, **wrong)
        assert refusal.value.field == field
    for actor in (cast.carys, cast.dev, cast.hana):
        with pytest.raises(NotAllowed):
            ask(cast, by=actor)
    assert fresh(cast).status == Status.DETERMINED_AWAITING_ACTION


@pytest.mark.row("S103")
@pytest.mark.row("C20")
@pytest.mark.parametrize(("ago", "in_time"), [(0, True), (21, True), (22, False)])
def test_a_closed_case_takes_a_request_within_three_weeks(cast: Cast, ago: int, in_time: bool) -> None:
    scene.determined(cast, ago=ago, count=0, recommendations=0)
    cases.move_case(cast.case, to=Status.CLOSED, reason="Done.", by=cast.dev)
    if in_time:
        assert ask(cast).was_closed
        assert (fresh(cast).status, fresh(cast).team, fresh(cast).is_open) == (Status.REVIEW, Team.REVIEW, True)
        return
    with pytest.raises(RuleBroken, match="too late") as refusal:
        ask(cast)
    assert refusal.value.field == "late_reason"
    assert fresh(cast).status == Status.CLOSED


@pytest.mark.row("C20")
def test_the_three_weeks_are_a_setting(cast: Cast, settings) -> None:
    settings.REVIEW_DAYS = 7
    determination = scene.determined(cast, ago=8)
    assert reviews.last_day_of(determination) == in_days(-1)
    with pytest.raises(RuleBroken, match="too late"):
        ask(cast)


@pytest.mark.row("C20")
@pytest.mark.row("S50")
def test_a_late_request_with_a_reason_waits_until_dr2_review_decides(cast: Cast) -> None:
    scene.determined(cast, ago=30)
    review = ask(cast, late_reason="The papers were in a flood.")
    assert (review.state, fresh(cast).status) == (ReviewState.LATE, Status.DETERMINED_AWAITING_ACTION)
    with pytest.raises(NotAllowed):
        reviews.decide_lateness(review, take=True, by=cast.dev)
    with pytest.raises(NotAllowed):
        reviews.decide_lateness(review, take=True, by=cast.amina)
    rhea = scene.reviewer()
    with pytest.raises(RuleBroken) as refusal:
        reviews.decide_lateness(review, take=False, by=rhea)
    assert refusal.value.field == "answer"
    taken = reviews.decide_lateness(review, take=True, answer="A good reason.", by=rhea)
    assert (taken.state, fresh(cast).status) == (ReviewState.OPEN, Status.REVIEW)
    with pytest.raises(RuleBroken, match="already"):
        reviews.decide_lateness(taken, take=False, answer="x", by=rhea)


@pytest.mark.row("C20")
def test_a_late_request_that_is_not_taken_on_changes_nothing_and_can_be_asked_again(cast: Cast) -> None:
    scene.determined(cast, ago=30)
    review = ask(cast, late_reason="We forgot.")
    review = reviews.decide_lateness(review, take=False, answer="That is no good reason.", by=cast.farid)
    assert (review.state, fresh(cast).status) == (ReviewState.NOT_TAKEN, Status.DETERMINED_AWAITING_ACTION)
    assert ask(cast, late_reason="We were closed by a flood.").state == ReviewState.LATE


@pytest.mark.row("S41")
def test_the_residents_request_counts_from_the_day_it_came_and_its_words_stay_with_the_service(cast: Cast) -> None:
    scene.determined(cast, ago=25)
    given = {"on_new_evidence": False, "on_facts": True, "text": "My neighbour saw it all."}
    for day, words in ((in_days(1), "future"), (in_days(-26), "issued after")):
        with pytest.raises(RuleBroken, match=words):
            reviews.record_review(cast.case, asked_on=day, by=cast.dev, **given)
    with pytest.raises(NotAllowed):
        reviews.record_review(cast.case, asked_on=in_days(-5), by=cast.amina, **given)
    review = reviews.record_review(cast.case, asked_on=in_days(-5), by=cast.dev, **given)
    assert (review.state, fresh(cast).status) == (ReviewState.OPEN, Status.REVIEW)
    for entry in cast.case.diary.readable_by(cast.amina):
        assert "neighbour" not in str(entry.details)


@pytest.mark.row("C20")
@pytest.mark.parametrize("outcome", [Outcome.UPHELD, Outcome.REJECTED])
@pytest.mark.parametrize("counts", [{"count": 2}, {"count": 0, "recommendations": 0}], ids=["orders", "none"])
def test_after_a_review_that_changes_nothing_the_case_goes_back_by_the_table(
    cast: Cast, outcome: Outcome, counts: dict
) -> None:
    scene.determined(cast, **counts)
    before = fresh(cast).status
    review, rhea = ask(cast), scene.reviewer()
    with pytest.raises(RuleBroken) as refusal:
        reviews.decide_review(review, outcome=outcome, reason="", by=rhea)
    assert refusal.value.field == "reason"
    with pytest.raises(RuleBroken, match="Draft the new version"):
        reviews.decide_review(review, outcome=Outcome.CHANGED, reason="x", by=rhea)
    with pytest.raises(NotAllowed):
        reviews.decide_review(review, outcome=outcome, reason="x", by=cast.esi)
    review = reviews.decide_review(review, outcome=outcome, reason="Nothing new.", by=rhea)
    assert (review.state, review.outcome, review.decided_by_name) == (ReviewState.DECIDED, outcome, "Rhea Stone")
    assert (fresh(cast).status, fresh(cast).team) == (before, Team.DISPUTE_RESOLUTION)
    with pytest.raises(RuleBroken, match="already"):
        reviews.decide_review(review, outcome=outcome, reason="x", by=rhea)


@pytest.mark.row("C20")
def test_a_case_that_was_closed_before_its_review_is_closed_again(cast: Cast) -> None:
    scene.settled(cast, scene.determined(cast))
    cases.move_case(cast.case, to=Status.CLOSED, reason="Complied.", by=cast.dev)
    review = ask(cast)
    reviews.decide_review(review, outcome=Outcome.UPHELD, reason="Nothing new.", by=scene.reviewer())
    assert fresh(cast).status == Status.CLOSED


@pytest.mark.row("C20")
def test_the_last_day_is_counted_in_london(cast: Cast) -> None:
    determination = scene.determined(cast)
    determination.issued_at = determination.issued_at.replace(year=2026, month=6, day=30, hour=23, minute=30)
    assert reviews.last_day_of(determination) == (determination.issued_at + timedelta(days=22)).date()


@pytest.mark.row("S41")
def test_whether_a_review_can_be_asked_for_is_one_rule_for_pages_and_action(cast: Cast) -> None:
    def refusal() -> str:
        in_force = Determination.objects.on_case(cast.case.pk).in_force().first()
        asked = actions.reviews_of(cast.case, by=cast.amina)
        case = Case.objects.get(pk=cast.case.pk)
        return reviews.why_not(case, in_force, is_pending=any(one.is_pending for one in asked))

    assert "no determination" in refusal()
    scene.determined(cast, ago=30)
    assert refusal() == ""
    review = scene.asked(cast, cast.case, late_reason="A flood.")
    assert "already" in refusal()
    with pytest.raises(RuleBroken, match="already"):
        scene.asked(cast, cast.case, late_reason="A flood.")
    reviews.decide_lateness(review, take=False, answer="No flood.", by=scene.reviewer())
    assert refusal() == ""
    Case.objects.filter(pk=cast.case.pk).update(status=Status.UNDER_INVESTIGATION)
    assert "investigated again" in refusal()


def test_a_request_is_late_from_the_day_after_the_last(cast: Cast) -> None:
    found = scene.determined(cast)
    last = reviews.last_day_of(found)
    assert not reviews.is_late(found, last)
    assert reviews.is_late(found, last + timedelta(days=1))
