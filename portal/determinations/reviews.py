"""Asking for a review of a determination, and what comes of it (S41, S50, S103, C20)."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.cases import actions as cases
from portal.cases import diary_writer, lifecycle
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.determinations.actions import REASON_LIMIT, WORDS_LIMIT
from portal.determinations.kinds import Asker, Outcome, ReviewState
from portal.determinations.models import Determination, Review
from portal.lib import clock
from portal.lib.days import day_in_words
from portal.lib.errors import NotAllowed, RuleBroken
from portal.lib.typed import required, tidied, within
from portal.teams.models import Team

NOT_TAKEN_WHY = "Say why the request is not taken on. The landlord reads this."
ASKED_IN = frozenset({Status.DETERMINED, Status.DETERMINED_AWAITING_ACTION, Status.CLOSED, Status.REVIEW})


def last_day(issued_at: datetime) -> date:
    """The last day on which a review of a determination issued at that moment may be asked for."""
    return issued_at.astimezone(clock.LONDON).date() + timedelta(days=settings.REVIEW_DAYS)


def last_day_of(determination: Determination) -> date:
    assert determination.issued_at is not None  # noqa: S101  only issued ones are asked about
    return last_day(determination.issued_at)


def is_late(determination: Determination, asked_on: date) -> bool:
    """Whether a request that reaches the service that day is too late, unless there is a good reason."""
    return asked_on > last_day_of(determination)


def why_not(case: Case, determination: Determination | None, *, is_pending: bool) -> str:
    """Why no review of the determination in force can be asked for now; empty when one can."""
    if determination is None:
        return "There is no determination of this case to review."
    if is_pending:
        return "A review of this determination has been asked for already."
    if case.status not in ASKED_IN:
        return "The case is being investigated again, so there is nothing to review now."
    return ""


def may_decide(by: Actor) -> bool:
    """The people of DR2 Review decide on requests, and team managers for them."""
    return by.may(Permission.DECIDE_REVIEWS) and (by.team == Team.REVIEW or by.role == Role.TEAM_MANAGER)


@transaction.atomic
def ask_review(
    case: Case, *, on_new_evidence: bool, on_facts: bool, text: str, late_reason: str = "", by: Actor
) -> Review:
    """The landlord asks, on one ground or both. After the three weeks only with a reason, which DR2 Review weighs."""
    by.require(Permission.LANDLORD_WORK_CASES)
    case = cases.lock(case, by=by)
    return _ask(case, Asker.LANDLORD, clock.today(), on_new_evidence, on_facts, text, late_reason, by=by)


@transaction.atomic
def record_review(
    case: Case,
    *,
    asked_on: date,
    on_new_evidence: bool,
    on_facts: bool,
    text: str,
    late_reason: str = "",
    by: Actor,
) -> Review:
    """The resident has asked; the caseworker records the day on which the request came."""
    by.require(Permission.DETERMINE)
    case = cases.lock(case, by=by)
    if asked_on > clock.today():
        raise RuleBroken("The day on which the request came cannot be in the future.", field="asked_on")
    return _ask(case, Asker.RESIDENT, asked_on, on_new_evidence, on_facts, text, late_reason, by=by)


@transaction.atomic
def decide_lateness(review: Review, *, take: bool, answer: str = "", by: Actor) -> Review:
    """DR2 Review takes a late request on, or does not and says why."""
    case, review = _lock(review, by=by)
    if review.state != ReviewState.LATE:
        raise RuleBroken("Whether this request is taken on has been decided already.")
    if not take:
        answer = required(answer, NOT_TAKEN_WHY, field="answer", limit=REASON_LIMIT)
    review.lateness_answer = within(tidied(answer), field="answer", limit=REASON_LIMIT)
    review.state = ReviewState.OPEN if take else ReviewState.NOT_TAKEN
    review.lateness_decided_at, review.lateness_decided_by_name = clock.now(), by.name
    review.save()
    diary_writer.write(
        case, Happened.LATE_REVIEW_DECIDED, by=by, review=review.pk, taken=take, reason=review.lateness_answer
    )
    if take:
        _begin(case, review, by=by)
    return review


@transaction.atomic
def decide_review(review: Review, *, outcome: Outcome, reason: str, by: Actor) -> Review:
    """The determination stands, or the request is rejected; the case goes back to where the determination put it.
    A changed determination is drafted and issued instead: that is the outcome.
    """
    case, review = _lock(review, by=by)
    if review.state != ReviewState.OPEN:
        raise RuleBroken("This review has been decided already, or has not begun.")
    if outcome == Outcome.CHANGED:
        raise RuleBroken("Draft the new version of the determination and issue it.", field="outcome")
    if case.status not in {Status.REVIEW, Status.CLOSED}:
        raise RuleBroken("The case has gone back to investigation. Issue the new version of the determination.")
    review.outcome, review.state = outcome, ReviewState.DECIDED
    review.outcome_reason = required(
        reason, "Give the reason for the outcome. The landlord reads this.", field="reason", limit=REASON_LIMIT
    )
    review.decided_at, review.decided_by_name = clock.now(), by.name
    review.save()
    diary_writer.write(
        case, Happened.REVIEW_DECIDED, by=by, review=review.pk, outcome=outcome.value, reason=review.outcome_reason
    )
    if case.status == Status.REVIEW:
        _go_on(case, review, by=by)
    return review


def _ask(
    case: Case,
    asker: Asker,
    asked_on: date,
    on_new_evidence: bool,
    on_facts: bool,
    text: str,
    late_reason: str,
    *,
    by: Actor,
) -> Review:
    determination = _reviewable(case)
    if not (on_new_evidence or on_facts):
        raise RuleBroken("Choose at least one ground for the review.", field="grounds")
    text = required(text, "Say what the review should look at.", field="text", limit=WORDS_LIMIT)
    _check_day(determination, asked_on)
    late = is_late(determination, asked_on)
    if late:
        late_reason = required(late_reason, _too_late(determination), field="late_reason", limit=REASON_LIMIT)
    review = Review.objects.create(
        case=case,
        landlord_id=case.landlord_id,
        determination=determination,
        asker=asker,
        asked_on=asked_on,
        asked_by_name=by.name,
        on_new_evidence=on_new_evidence,
        on_facts=on_facts,
        text=text,
        late_reason=late_reason if late else "",
        was_closed=not case.is_open,
        state=ReviewState.LATE if late else ReviewState.OPEN,
    )
    kind = Happened.REVIEW_ASKED_LATE if late else Happened.REVIEW_ASKED
    diary_writer.write(case, kind, by=by, review=review.pk, asker=asker.value)
    if not late:
        _begin(case, review, by=by)
    return review


def _reviewable(case: Case) -> Determination:
    determination = Determination.objects.on_case(case.pk).in_force().first()
    is_pending = Review.objects.pending().on_case(case.pk).exists()
    if refusal := why_not(case, determination, is_pending=is_pending):
        raise RuleBroken(refusal)
    assert determination is not None  # noqa: S101  why_not has seen to it
    return determination


def _check_day(determination: Determination, asked_on: date) -> None:
    assert determination.issued_at is not None  # noqa: S101  it is in force
    if asked_on < determination.issued_at.astimezone(clock.LONDON).date():
        raise RuleBroken("The determination was issued after that day.", field="asked_on")


def _too_late(determination: Determination) -> str:
    day = last_day_of(determination)
    return (
        f"A review could be asked for until {day_in_words(day)}. It is too late, unless there is a good reason: "
        "say why the request comes late."
    )


def _begin(case: Case, review: Review, *, by: Actor) -> None:
    if case.status != Status.REVIEW:
        reason = f"A review was asked for by {Asker(review.asker).label}."
        cases.follow_determination(case, to=Status.REVIEW, reason=reason, by=by)


def _go_on(case: Case, review: Review, *, by: Actor) -> None:
    """Returns the case to the status that the determination gave it, or to closed if it was closed and nothing is owed."""
    orders, recommendations = review.determination.orders.count(), review.determination.recommendations.count()
    to = lifecycle.determined_status(orders + recommendations)
    if review.was_closed and not (case.orders_outstanding or case.tasks_outstanding or case.tasks_to_check):
        to = Status.CLOSED
    cases.follow_determination(
        case,
        to=to,
        orders=orders,
        recommendations=recommendations,
        reason=f"Outcome of the review: {Outcome(review.outcome).label}.",
        by=by,
    )


def _lock(review: Review, *, by: Actor) -> tuple[Case, Review]:
    if not may_decide(by):
        raise NotAllowed("Only DR2 Review and team managers decide on requests for a review.")
    case = cases.lock(review.case, by=by)
    locked = Review.objects.visible_to(by).select_for_update(of=("self",)).get(pk=review.pk, case=case)
    return case, locked
