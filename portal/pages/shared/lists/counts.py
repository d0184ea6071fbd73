"""Several counts of one page in one SQL statement, each from the queryset of the list that it links to."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value


def lengths(**lists: QuerySet[Any]) -> QuerySet[Any]:
    """The length of each list, as the rows of one statement. A list that is known to be empty has no row."""
    first, *others = [_length(name, rows) for name, rows in lists.items()]
    return first.union(*others, all=True)


def counted(rows: Iterable[dict[str, Any]]) -> Counter[str]:
    """The rows of `lengths` by the names of the lists."""
    return Counter({row["list"]: row["length"] for row in rows})


def counts(**lists: QuerySet[Any]) -> Counter[str]:
    """The length of each list, by its name."""
    return counted(lengths(**lists))


def _length(name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    named = rows.order_by().annotate(list=Value(name, output_field=CharField()))
    lengths: QuerySet[Any] = named.values("list").annotate(length=Count("pk"))
    return lengths
