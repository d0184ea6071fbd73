"""Shared by the actions of determinations: reading a case's determinations, locking, and updating the facts of lower packages."""

from collections.abc import Sequence
from datetime import date

from portal.access.actor import Actor
from portal.audit import trail
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.determinations.kinds import OrderState
from portal.determinations.models import Determination, Order, Recommendation, Review
from portal.lib.errors import NotAllowed
from portal.tasks import parts
from portal.tasks.models import Task

WORDS_LIMIT = 4000  # characters
REASON_LIMIT = 2000


def open_determinations(case: Case, *, by: Actor) -> list[Determination]:
    """Every version that the actor may see, the newest first, with all that a page shows. The opening is recorded."""
    found = list(Determination.objects.visible_to(by).on_case(case.pk).whole().order_by("-version"))
    for determination in found[:1]:
        trail.record(by, "determination opened", determination, case_reference=case.reference)
    return found


def find_order(case: Case, order_id: int, *, by: Actor) -> Order:
    """An order of the case in force. Raises Order.DoesNotExist."""
    found = Order.objects.visible_to(by).in_force().on_case(case.pk)
    return found.select_related("case", "determination").get(pk=order_id)


def find_recommendation(case: Case, recommendation_id: int, *, by: Actor) -> Recommendation:
    """A recommendation of the case in force. Raises Recommendation.DoesNotExist."""
    found = Recommendation.objects.visible_to(by).in_force().on_case(case.pk)
    return found.select_related("case", "determination").get(pk=recommendation_id)


def orders_of_task(task: Task, *, by: Actor) -> list[Order]:
    """The orders in force for which a “Confirm compliance” task was set, in their order (S65)."""
    return list(Order.objects.visible_to(by).in_force().filter(determination__task=task))


def orders_owed(case: Case, *, by: Actor) -> list[Order]:
    """The orders of the case in force that wait for the landlord, the first due date first."""
    found = Order.objects.visible_to(by).in_force().on_case(case.pk).filter(state=OrderState.OWED)
    return list(found.order_by("due_on", "number"))


def unanswered_of_task(task: Task, *, by: Actor) -> list[Order] | list[Recommendation]:
    """What the landlord has to answer before it can complete the task (S68)."""
    unread = Recommendation.objects.visible_to(by).in_force().filter(determination__task=task, feedback="")
    return _unanswered(orders_of_task(task, by=by), list(unread))


def task_to_complete(determination: Determination) -> Task | None:
    """The determination's task, once all is answered and only “Task completed” is left to select."""
    task = determination.task
    return task if task is not None and task.is_outstanding and not task.parts_open else None


def reviews_of(case: Case, *, by: Actor) -> list[Review]:
    """What was asked and decided about the case's determination, the newest first."""
    return list(Review.objects.visible_to(by).on_case(case.pk).select_related("determination").order_by("-id"))


def pending_review(case: Case, *, by: Actor) -> Review:
    """The one request that is not decided. Raises Review.DoesNotExist."""
    pending = Review.objects.pending().visible_to(by).on_case(case.pk)
    return pending.select_related("determination").get()


def lock_order(order: Order, *, by: Actor) -> tuple[Case, Order]:
    """Case and order as they are now. Refuses one that the actor cannot see or that is no longer in force."""
    case = cases.lock(order.case, by=by)
    try:
        locked = Order.objects.visible_to(by).in_force().select_for_update(of=("self",)).get(pk=order.pk, case=case)
    except Order.DoesNotExist:
        raise NotAllowed("You cannot work on this order.") from None
    locked.case = case
    return case, locked


def sets_deadline(orders: Sequence[Order]) -> Order | None:
    """The order whose due date is the task's deadline: the first one owed or, once none is owed, the last one not accepted."""
    owed = [order for order in orders if order.state == OrderState.OWED]
    if owed:
        return min(owed, key=lambda order: (order.due_on, order.number))
    unaccepted = [order for order in orders if order.state != OrderState.ACCEPTED]
    return max(unaccepted, key=lambda order: order.due_on, default=None)


def follow(determination_id: int, *, reason: str = "", news: str = "", by: Actor) -> None:
    """Updates the facts of lower packages: the case's counts, the task's parts and its deadline.

    `reason` is what the service tells the landlord; `news`, such as “Order 1 is confirmed.”, only why the deadline moves.
    """
    determination = Determination.objects.select_related("task").get(pk=determination_id)
    orders = list(Order.objects.filter(determination=determination))
    recommendations = list(Recommendation.objects.filter(determination=determination))
    unaccepted = [order for order in orders if order.state != OrderState.ACCEPTED]
    unread = [one for one in recommendations if not one.feedback]
    Case.objects.filter(pk=determination.case_id).update(
        orders_outstanding=len(unaccepted), recommendations_outstanding=len(unread)
    )
    if determination.task is not None:
        parts.follow(
            determination.task,
            unanswered=len(_unanswered(orders, unread)),
            unaccepted=len(unaccepted),
            due_on=_deadline(determination.task, orders),
            reason=reason,
            news=f"{news} {_next(orders)}".strip(),
            by=by,
        )


def _deadline(task: Task, orders: list[Order]) -> date:
    """The task's deadline. It never becomes earlier once the landlord owes nothing more."""
    first = sets_deadline(orders)
    if first is None:
        return task.due_on
    return first.due_on if first.state == OrderState.OWED else max(first.due_on, task.due_on)


def _next(orders: list[Order]) -> str:
    first = sets_deadline(orders)
    if first is None or first.state != OrderState.OWED:
        return "Every order is confirmed."
    return f"Order {first.number} is due next."


def _unanswered(orders: list[Order], unread: list[Recommendation]) -> list[Order] | list[Recommendation]:
    """What the task still waits for. Recommendations do not bind, so they count only if there are no orders."""
    if not orders:
        return unread
    return [order for order in orders if order.state == OrderState.OWED]
