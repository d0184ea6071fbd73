"""Paginators for long lists."""

from collections.abc import Callable, Hashable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.kept import kept


def part(rows: QuerySet[Any], first: int, last: int, *, is_indexed: bool = False) -> Any:
    """The rows from `first` to before `last`.

    A subquery finds their ids, so that the columns of a page are read and joined for its own rows only. The first page
    of a list that an index sorts does not need this.
    """
    return rows[:last] if is_indexed and not first else rows.filter(pk__in=rows.values("pk")[first:last])


def in_parts(rows: QuerySet[Any], a_page: int) -> Paginator:  # type: ignore[type-arg]
    """Paginate a queryset that is not kept."""
    found = _Rows(rows.count(), lambda first, last: list(part(rows, first, last)))
    return Paginator(found, a_page)  # type: ignore[arg-type]


class _Rows:
    """What a paginator asks of its list."""

    def __init__(self, length: int, ask: Callable[[int, int], list[Any]]) -> None:
        self._length, self._ask = length, ask

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> list[Any]:
        return self._ask(part.start, part.stop)


def pages(statement: kept[Any], actor: Actor, length: int, a_page: int, *shape: Hashable, **values: Any) -> Paginator:  # type: ignore[type-arg]
    """Paginate the rows of a kept statement. Its first two arguments are the page's first row and the row after its last."""
    rows = _Rows(length, lambda first, last: statement(actor, first, last, *shape, **values))
    return Paginator(rows, a_page)  # type: ignore[arg-type]
