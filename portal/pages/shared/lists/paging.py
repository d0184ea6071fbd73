"""A paginator for a list whose length is known and whose rows come from a kept statement."""

from collections.abc import Callable, Hashable
from typing import Any

from django.core.paginator import Paginator

from portal.access.actor import Actor
from portal.access.kept import kept


class _Rows:
    """What a paginator asks of its list."""

    def __init__(self, length: int, ask: Callable[[int, int], list[Any]]) -> None:
        self._length, self._ask = length, ask

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> list[Any]:
        return self._ask(part.start, part.stop)


def pages(statement: kept[Any], actor: Actor, length: int, a_page: int, *shape: Hashable, **values: Any) -> Paginator:  # type: ignore[type-arg]
    """The statement takes first the place of the page's first row and of the one after its last."""
    rows = _Rows(length, lambda first, last: statement(actor, first, last, *shape, **values))
    return Paginator(rows, a_page)  # type: ignore[arg-type]
