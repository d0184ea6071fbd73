"""Issuing a determination: letters, status, task and notices, all or nothing (C18, S39, S40, S49)."""

from datetime import date, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import transaction

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.audit import trail
from portal.cases import actions as cases
from portal.cases import diary_writer, lifecycle
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.content.words import working_calendar
from portal.determinations import version_tokens
from portal.determinations.actions import REASON_LIMIT, follow, sets_deadline
from portal.determinations.drafting import may_draft, the_draft, why_not
from portal.determinations.kinds import DeterminationState, OrderState, Outcome, ReviewState, SentHow
from portal.determinations.letters import LETTERS, Reader
from portal.determinations.models import (
    Complaint,
    Confirmation,
    Determination,
    Evidence,
    Order,
    Recommendation,
    Review,
)
from portal.documents import actions as documents
from portal.documents.models import Document, Visibility
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.lib.typed import required
from portal.lib.version_tokens import changed as changed_since
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind, TaskState
from portal.teams.models import Team

Row = TypeVar("Row", Complaint, Order, Recommendation)
Carried = TypeVar("Carried", Order, Recommendation)
CHANGED = changed_since("draft", "Nothing was issued.")
TASK_DETAILS = (
    "Confirm each order of the determination by its due date and send the evidence. The orders are listed with this task "
    "and in the letter, and the deadline of this task is the first due date of an order that you have still to confirm. "
    "When you have confirmed every order, select “Task completed”. Tell us also what you think of each recommendation, "
    "before or after that: recommendations do not bind you."
)
FEEDBACK_DETAILS = (
    "Tell us what you think of each recommendation of the determination. Recommendations do not bind you. When you have "
    "answered each of them, select “Task completed”."
)


def may_issue(case: Case, by: Actor) -> bool:
    """DR2 Dispute Resolution issues what it has investigated, DR2 Review what it has reviewed (S49, S50), and team
    managers issue for them: the team is the one of the case's status. In other statuses nobody issues."""
    return may_draft(case, by) and (by.role == Role.TEAM_MANAGER or by.team == _team(case))


def who_issues(case: Case) -> str:
    """The same in words."""
    team = _team(case)
    return f"Only {team.label if team else 'the team of its case'} and team managers issue this determination."


def _team(case: Case) -> Team | None:
    return lifecycle.DEFAULT_TEAM[Status(case.status)]


@transaction.atomic
def issue(case: Case, *, shown: str, change: str = "", by: Actor) -> Determination:
    """Puts the draft into force, if its version token is the one `shown`. While a review is open, this is the review's outcome
    and `change` says what changed."""
    by.require(Permission.DETERMINE)
    case = cases.lock(case, by=by)
    found = the_draft(case)
    if refusal := why_not(case):
        raise RuleBroken(refusal)
    if not may_issue(case, by):
        raise NotAllowed(who_issues(case))
    version_tokens.check(found.version_token, shown, CHANGED)
    draft = found.determination
    complaints, orders = _numbered(found.complaints), _numbered(found.orders)
    recommendations = _numbered(found.recommendations)
    review = Review.objects.on_case(case.pk).filter(state=ReviewState.OPEN).first()
    if review is not None:
        change = required(
            change, "Say what the review changed. The landlord reads this.", field="change", limit=REASON_LIMIT
        )
    _carry_over(orders, recommendations)
    _check(complaints, orders)
    former = _supersede(case)
    _copy_confirmations(orders)
    draft.state, draft.issued_at, draft.issued_by_name = DeterminationState.ISSUED, clock.now(), by.name
    _save_rows(complaints, orders, recommendations)
    draft.letter, draft.resident_letter = _letters(case, draft, complaints, orders, recommendations, by=by)
    diary_writer.write(case, Happened.DETERMINATION_ISSUED, by=by, determination=draft.pk, version=draft.version)
    _move(case, draft, orders, recommendations, by=by)
    draft.task = _task(case, draft, former, orders, recommendations, by=by)
    draft.save()
    follow(draft.pk, by=by)
    if review is not None:
        _end_review(case, review, change, by=by)
    return draft


def preview_letter(case: Case, reader: Reader, *, by: Actor) -> bytes:
    """A letter as it would be if the draft were issued now, marked as a draft on each page. It is not stored."""
    by.require(Permission.DETERMINE)
    found = the_draft(case)
    draft = found.determination
    draft.issued_at, draft.issued_by_name = clock.now(), by.name
    trail.record(by, "draft letter opened", draft, case_reference=case.reference, reader=reader.value)
    return LETTERS[reader](case, draft, found.complaints, found.orders, found.recommendations)


@transaction.atomic
def record_sent_to_resident(determination: Determination, *, how: str, on: date, by: Actor) -> Determination:
    """The resident's letter went out: how and when (S49)."""
    by.require(Permission.DETERMINE)
    case = cases.lock(determination.case, by=by)
    determination = Determination.objects.visible_to(by).on_case(case.pk).get(pk=determination.pk)
    if determination.issued_at is None:
        raise RuleBroken("The determination has not been issued, so there is no letter yet.")
    if determination.sent_to_resident_on is not None:
        raise RuleBroken("It is recorded already that this letter was sent.")
    if how not in SentHow.values:
        raise RuleBroken("Choose how the letter was sent.", field="how")
    if not determination.issued_at.astimezone(clock.LONDON).date() <= on <= clock.today():
        raise RuleBroken("The letter was sent on a day from the day of issue to today.", field="on")
    determination.sent_to_resident_how, determination.sent_to_resident_on = how, on
    determination.sent_to_resident_by_name = by.name
    determination.save()
    diary_writer.write(
        case, Happened.RESIDENT_LETTER_SENT, by=by, determination=determination.pk, how=how, on=on.isoformat()
    )
    return determination


def _numbered(rows: list[Row]) -> list[Row]:
    for number, row in enumerate(rows, 1):
        row.number = number
    return rows


def _check(complaints: list[Complaint], orders: list[Order]) -> None:
    if not complaints:
        raise RuleBroken("Add at least one defined complaint with its finding.")
    for order in orders:
        if order.state != OrderState.ACCEPTED and order.due_on < clock.today():
            raise RuleBroken(f"Order {order.number} is due in the past. Change its due date before you issue.")


def _supersede(case: Case) -> Determination | None:
    """Supersedes the determination in force and returns it; None if there is none."""
    former = Determination.objects.on_case(case.pk).in_force().select_related("task").first()
    if former is None:
        return None
    former.state, former.superseded_at = DeterminationState.SUPERSEDED, clock.now()
    former.save(update_fields=["state", "superseded_at"])
    return former


def _carry_over(orders: list[Order], recommendations: list[Recommendation]) -> None:
    """Copies the state of orders that stay the same, so that the landlord need not do them again. Saves nothing."""
    for order in orders:
        if (source := _unchanged(order)) is not None:
            order.state, order.return_reason = source.state, source.return_reason
            order.accepted_at, order.accepted_by_name = source.accepted_at, source.accepted_by_name
    for one in recommendations:
        if (said := _unchanged(one)) is not None:
            one.feedback, one.feedback_reason = said.feedback, said.feedback_reason
            one.feedback_at, one.feedback_by_name = said.feedback_at, said.feedback_by_name


def _unchanged(row: Carried) -> Carried | None:
    """What it was in the version before, when it still asks for the same."""
    source = row.carried_from
    return source if source is not None and (source.kind, source.words) == (row.kind, row.words) else None


def _copy_confirmations(orders: list[Order]) -> None:
    for order in orders:
        source = _unchanged(order)
        for confirmation in source.confirmations.all() if source is not None else ():
            _copy(confirmation, order)


def _copy(confirmation: Confirmation, order: Order) -> None:
    evidence = list(confirmation.evidence.all())
    confirmation.pk, confirmation.order = None, order
    confirmation._state.adding = True
    confirmation.save()
    _show(confirmation, evidence)


def _show(confirmation: Confirmation, evidence: list[Document]) -> None:
    Evidence.objects.bulk_create(
        Evidence(
            case_id=confirmation.case_id,
            landlord_id=confirmation.landlord_id,
            confirmation=confirmation,
            document=document,
        )
        for document in evidence
    )


def _save_rows(complaints: list[Complaint], orders: list[Order], recommendations: list[Recommendation]) -> None:
    for row in (*complaints, *orders, *recommendations):
        row.save()


def _letters(
    case: Case,
    draft: Determination,
    complaints: list[Complaint],
    orders: list[Order],
    recommendations: list[Recommendation],
    *,
    by: Actor,
) -> tuple[Document, Document]:
    """Stores both letters as documents of the case; only the service sees the resident's. The entry of the issue announces
    them."""
    made = []
    suffix = "" if draft.version == 1 else f" version {draft.version}"
    for name, reader, visibility in (
        ("Determination", Reader.LANDLORD, Visibility.BOTH),
        ("Determination letter to the resident", Reader.RESIDENT, Visibility.STAFF),
    ):
        content = LETTERS[reader](case, draft, complaints, orders, recommendations)
        made.append(
            documents.share_document(
                case,
                name=f"{name} {case.reference}{suffix}.pdf",
                content=content,
                category=documents.LETTER,
                visibility=visibility,
                by=by,
                announce=False,
            )
        )
    return made[0], made[1]


def _move(
    case: Case, draft: Determination, orders: list[Order], recommendations: list[Recommendation], *, by: Actor
) -> None:
    moved = cases.follow_determination(
        case,
        to=lifecycle.determined_status(len(orders) + len(recommendations)),
        orders=len(orders),
        recommendations=len(recommendations),
        reason=f"Determination issued, version {draft.version}.",
        by=by,
    )
    Case.objects.filter(pk=moved.pk).update(determined_at=draft.issued_at)


def _task(
    case: Case,
    draft: Determination,
    former: Determination | None,
    orders: list[Order],
    recommendations: list[Recommendation],
    *,
    by: Actor,
) -> Task | None:
    """“Confirm compliance”, due when the first order that is owed is due; none when the landlord has nothing left to do."""
    if former is not None and former.task is not None:
        _withdraw(former.task, by=by)
    first = sets_deadline(orders)
    if first is None and all(one.feedback for one in recommendations):
        return None
    return tasks.set_task(
        case,
        kind=TaskKind.CONFIRM_COMPLIANCE,
        title="",
        details=TASK_DETAILS if orders else FEEDBACK_DETAILS,
        due_on=first.due_on if first else _feedback_by(),
        letter=draft.letter,
        by=by,
    )


def _feedback_by() -> date:
    return working_calendar().from_day(clock.today() + timedelta(days=settings.FEEDBACK_DAYS))


def _withdraw(task: Task, *, by: Actor) -> None:
    task.refresh_from_db()
    if task.is_outstanding or task.state == TaskState.CHECKING:
        tasks.cancel_task(task, reason="A new version of the determination replaces this task.", by=by)


def _end_review(case: Case, review: Review, change: str, *, by: Actor) -> None:
    review.state, review.outcome, review.outcome_reason = ReviewState.DECIDED, Outcome.CHANGED, change
    review.decided_at, review.decided_by_name = clock.now(), by.name
    review.save()
    diary_writer.write(
        case, Happened.REVIEW_DECIDED, by=by, review=review.pk, outcome=Outcome.CHANGED.value, reason=change
    )
