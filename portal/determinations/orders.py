"""Compliance, order by order: the landlord confirms with evidence, the caseworker accepts or returns (S65, C19)."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.cases import actions as cases
from portal.cases import diary_writer
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.determinations.actions import REASON_LIMIT, WORDS_LIMIT, follow, lock_order
from portal.determinations.kinds import Feedback, OrderState
from portal.determinations.models import Confirmation, Evidence, Order, OrderDate, Recommendation
from portal.documents import actions as documents
from portal.documents.models import Document
from portal.documents.querysets import DocumentQuerySet
from portal.lib import clock, version_tokens
from portal.lib.days import day_in_words
from portal.lib.errors import NotAllowed, RuleBroken
from portal.lib.typed import required, tidied, within
from portal.tasks.deadlines import check_due

EVIDENCE_OFFERED = 200  # the newest of the case
EARLIEST_YEAR = 2000


def possible_evidence(case: Case, *, by: Actor) -> DocumentQuerySet:
    """The documents of the case that the landlord itself sent, the newest first."""
    found = Document.objects.visible_to(by).in_place().filter(case_id=case.pk, by_landlord=True)
    return found.newest_first()


@transaction.atomic
def confirm_order(
    order: Order, *, done: str, done_on: date, document_ids: Collection[int], left: str = "", by: Actor
) -> Order:
    """The landlord states what it did, with evidence. With `left` it complied in part and states what is still to do."""
    by.require(Permission.LANDLORD_WORK_CASES)
    case, order = lock_order(order, by=by)
    if order.state != OrderState.OWED:
        raise RuleBroken(f"Order {order.number} is not waiting for you: {order.get_state_display()}.")
    done = required(done, "Tell us what you did.", field="done", limit=WORDS_LIMIT)
    left = within(tidied(left), field="left", limit=REASON_LIMIT)
    if done_on > clock.today():
        raise RuleBroken("The date cannot be in the future.", field="done_on")
    if done_on.year < EARLIEST_YEAR:
        raise RuleBroken("Check the year of the date.", field="done_on")
    _keep(order, _evidence(case, document_ids, by=by), by=by, done=done, done_on=done_on, left=left)
    order.state, order.return_reason = OrderState.CONFIRMED, ""
    order.save()
    follow(order.determination_id, news=f"Order {order.number} is confirmed.", by=by)
    _record(case, Happened.ORDER_CONFIRMED, order, by=by, in_part=bool(left))
    return order


@transaction.atomic
def accept_order(order: Order, *, reason: str = "", by: Actor, seen: str | None = None) -> Order:
    """The caseworker accepts an order. With the last order the task ends and the case can be closed.

    Partial compliance is accepted only with a reason; the rest is then no longer asked for.
    """
    by.require(Permission.DETERMINE)
    case, order = lock_order(order, by=by)
    version_tokens.check(order.version_token, seen, "order")
    confirmation = _last_confirmation(order)
    if confirmation.is_in_part:
        confirmation.accept_reason = required(
            reason,
            "Something is still to do on this order. Enter why you accept it all the same. The landlord reads this.",
            field="reason",
            limit=REASON_LIMIT,
        )
    order.state, order.accepted_at, order.accepted_by_name = OrderState.ACCEPTED, clock.now(), by.name
    order.save()
    _answered(confirmation, "", by=by)
    _record(case, Happened.ORDER_ACCEPTED, order, by=by)
    follow(order.determination_id, by=by)
    return order


@transaction.atomic
def return_order(order: Order, *, reason: str, due_on: date | None = None, by: Actor, seen: str | None = None) -> Order:
    """Back to the landlord with what is missing and, if wanted, another due date; the old one is kept."""
    by.require(Permission.DETERMINE)
    case, order = lock_order(order, by=by)
    version_tokens.check(order.version_token, seen, "order")
    confirmation = _last_confirmation(order)
    reason = required(reason, "Say what is missing. The landlord reads this.", field="reason", limit=REASON_LIMIT)
    old = order.due_on
    if due_on is not None and due_on < old:
        raise RuleBroken(
            f"The new due date must be the same as or after the present one, {day_in_words(old)}.", field="due_on"
        )
    if due_on is not None and due_on != old:
        _change_date(order, due_on, reason, by=by)
    order.state, order.return_reason = OrderState.OWED, reason
    order.save()
    _answered(confirmation, reason, by=by)
    follow(order.determination_id, reason=reason, by=by)
    _record(
        case,
        Happened.ORDER_RETURNED,
        order,
        by=by,
        reason=reason,
        old_due_on=old.isoformat(),
        due_on=order.due_on.isoformat(),
    )
    return order


@transaction.atomic
def extend_order(order: Order, *, due_on: date, reason: str, by: Actor, seen: str | None = None) -> Order:
    """Gives an order more time; the old date is kept (D16). The task's deadline follows, and an open “unable” is answered.

    Extra time can be taken back, but never to before the date in the determination.
    """
    by.require(Permission.DETERMINE)
    case, order = lock_order(order, by=by)
    version_tokens.check(order.version_token, seen, "order")
    if order.state != OrderState.OWED:
        raise RuleBroken(f"Order {order.number} is not waiting for the landlord: {order.get_state_display()}.")
    reason = required(
        reason, "Say why the due date changes. The landlord reads this.", field="reason", limit=REASON_LIMIT
    )
    if due_on == order.due_on:
        raise RuleBroken("This is the due date already. Choose another date.", field="due_on")
    check_due(due_on, clock.today(), "due date")
    _refuse_less_time(order, due_on)
    old = order.due_on
    _change_date(order, due_on, reason, by=by)
    order.save()
    follow(order.determination_id, reason=reason, by=by)
    _record(
        case,
        Happened.ORDER_DATE_CHANGED,
        order,
        by=by,
        reason=reason,
        old_due_on=old.isoformat(),
        due_on=due_on.isoformat(),
    )
    return order


@transaction.atomic
def answer_recommendation(one: Recommendation, *, feedback: str, reason: str = "", by: Actor) -> Recommendation:
    """Accepted, or not accepted with the reason: a recommendation does not bind (S40)."""
    by.require(Permission.LANDLORD_WORK_CASES)
    case = cases.lock(one.case, by=by)
    cases.require_open(case)
    try:
        one = Recommendation.objects.visible_to(by).in_force().get(pk=one.pk, case=case)
    except Recommendation.DoesNotExist:
        raise NotAllowed("You cannot work on this recommendation.") from None
    if one.feedback:
        raise RuleBroken("You have told us already what you think of this recommendation.")
    if feedback not in Feedback.values:
        raise RuleBroken("Choose whether you accept the recommendation.", field="feedback")
    if feedback == Feedback.NOT_ACCEPTED:
        reason = required(
            reason, "Tell us why you do not accept the recommendation.", field="reason", limit=REASON_LIMIT
        )
    one.feedback, one.feedback_reason = feedback, within(tidied(reason), field="reason", limit=REASON_LIMIT)
    one.feedback_at, one.feedback_by_name = clock.now(), by.name
    one.save()
    follow(one.determination_id, by=by)
    diary_writer.write(
        case,
        Happened.RECOMMENDATION_ANSWERED,
        by=by,
        recommendation=one.pk,
        number=one.number,
        task=one.determination.task_id,
        feedback=feedback,
        reason=one.feedback_reason,
    )
    return one


def _evidence(case: Case, document_ids: Collection[int], *, by: Actor) -> list[Document]:
    """Only what this landlord itself put on this case can show what it did (H44)."""
    wanted = set(document_ids)
    found = list(possible_evidence(case, by=by).filter(pk__in=wanted))
    if not wanted:
        raise RuleBroken("Choose at least one document that shows what you did.", field="evidence")
    if len(found) != len(wanted):
        raise RuleBroken("Choose documents of this case that you have uploaded.", field="evidence")
    return found


def _keep(order: Order, evidence: list[Document], *, done: str, done_on: date, left: str, by: Actor) -> None:
    of = {"case_id": order.case_id, "landlord_id": order.landlord_id}
    confirmation = Confirmation.objects.create(
        **of, order=order, done=done, done_on=done_on, left=left, by_name=by.name
    )
    Evidence.objects.bulk_create(Evidence(**of, confirmation=confirmation, document=document) for document in evidence)
    documents.rely_on(evidence)


def _last_confirmation(order: Order) -> Confirmation:
    if order.state != OrderState.CONFIRMED:
        raise RuleBroken(f"The landlord has to confirm order {order.number} first: {order.get_state_display()}.")
    return order.confirmations.latest("id")


def _answered(confirmation: Confirmation, reason: str, *, by: Actor) -> None:
    confirmation.return_reason, confirmation.answered_at = reason, clock.now()
    confirmation.answered_by_name = by.name
    confirmation.save()


def _refuse_less_time(order: Order, due_on: date) -> None:
    given = order.former_dates.order_by("id").first()
    issued = given.old_due_on if given else order.due_on
    if due_on < issued:
        raise RuleBroken(
            f"The due date cannot be before {day_in_words(issued)}, the date that the determination gave. Only a review can "
            "give the landlord less time.",
            field="due_on",
        )


def _change_date(order: Order, due_on: date, reason: str, *, by: Actor) -> None:
    check_due(due_on, clock.today(), "due date")
    OrderDate.objects.create(
        case_id=order.case_id,
        landlord_id=order.landlord_id,
        order=order,
        old_due_on=order.due_on,
        new_due_on=due_on,
        reason=reason,
        by_name=by.name,
        at=clock.now(),
    )
    order.due_on = due_on


def _record(case: Case, kind: Happened, order: Order, *, by: Actor, **details: object) -> None:
    """Writes the diary entry with the task's id, so that the task's history shows each order."""
    task = order.determination.task_id
    diary_writer.write(case, kind, by=by, order=order.pk, number=order.number, task=task, **details)
