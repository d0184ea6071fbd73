"""Several numbers of one page in one statement, each made from the queryset of the list that it leads to."""

from typing import Any

from django.db.models import CharField, Count, QuerySet, Value


def counts(**lists: QuerySet[Any]) -> dict[str, int]:
    """The length of each list, by its name."""
    first, *others = [_length(name, rows) for name, rows in lists.items()]
    found = {row["list"]: row["length"] for row in first.union(*others, all=True)}
    return {name: found.get(name, 0) for name in lists}


def _length(name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    named = rows.order_by().annotate(list=Value(name, output_field=CharField()))
    lengths: QuerySet[Any] = named.values("list").annotate(length=Count("pk"))
    return lengths
