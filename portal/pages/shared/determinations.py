"""A determination as both audiences read it: its rows with how each order stands today. Their links are their own."""

from collections.abc import Callable, Iterable
from typing import Any

from portal.determinations.kinds import OrderState
from portal.determinations.models import Determination, Order, Recommendation
from portal.tasks.deadlines import Horizon, Nearness

Links = list[dict[str, str]]


def standing(order: Order, seen: Horizon) -> str:
    """To do, Approaching or Overdue while the landlord owes it; then what became of it."""
    if order.state != OrderState.OWED:
        return OrderState(order.state).label
    nearness = seen.nearness(order.due_on, opened=True)
    return OrderState.OWED.label if nearness is Nearness.PENDING else nearness.value


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
        "owed": sum(order.state != OrderState.ACCEPTED for order in orders),
    }
