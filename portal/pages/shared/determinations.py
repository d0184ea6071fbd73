"""A determination as both audiences read it: its rows with how each order stands today. Their links are their own."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import Any

from portal.determinations.kinds import OrderState
from portal.determinations.models import Determination, Order, Recommendation
from portal.lib.amounts import plural
from portal.tasks.deadlines import Horizon, Nearness

Links = list[dict[str, str]]
RETURNED = "Returned: more is needed"


def standing(order: Order, seen: Horizon) -> str:
    """To do or Returned, Approaching or Overdue while the landlord owes it; then what became of it."""
    if order.state != OrderState.OWED:
        return OrderState(order.state).label
    nearness = seen.nearness(order.due_on, opened=True)
    if nearness is not Nearness.PENDING:
        return nearness.value
    return RETURNED if order.return_reason else OrderState.OWED.label


def tally(orders: Collection[Order]) -> str:
    """2 orders: 1 to do, 1 confirmed, being checked."""
    states = Counter(order.state for order in orders)
    if states[OrderState.ACCEPTED] == len(orders):
        return f"{plural(len(orders), 'order')}: {'all ' if len(orders) > 1 else ''}complied with"
    parts = [f"{states[state]} {state.label.lower()}" for state in OrderState if states[state]]
    return f"{plural(len(orders), 'order')}: {', '.join(parts)}"


def order_items(orders: Iterable[Order], seen: Horizon, links: Callable[[Order], Links]) -> list[dict[str, Any]]:
    return [{"order": order, "standing": standing(order, seen), "links": links(order)} for order in orders]


def version_item(
    determination: Determination,
    seen: Horizon,
    *,
    order_links: Callable[[Order], Links] = lambda order: [],
    recommendation_links: Callable[[Recommendation], Links] = lambda one: [],
) -> dict[str, Any]:
    """Everything that a page shows of one version."""
    orders = list(determination.orders.all())
    return {
        "determination": determination,
        "complaints": list(determination.complaints.all()),
        "orders": order_items(orders, seen, order_links),
        "recommendations": [
            {"recommendation": one, "links": recommendation_links(one)} for one in determination.recommendations.all()
        ],
        "tally": tally(orders),
        "todo": any(order.state == OrderState.OWED for order in orders),
    }
