"""The lengths of lists: several in one SQL statement, each from the queryset of the list that it links to."""

from collections import Counter
from collections.abc import Hashable, Iterable
from hashlib import sha256
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.db.models import CharField, Count, QuerySet, Value

from portal.access.actor import Actor
from portal.access.kept import kept

MANY = 10_000
SECONDS = 10

_long_lists = LocMemCache("lengths of long lists", {"TIMEOUT": SECONDS})


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


def length(statement: kept[Any], actor: Actor, *shape: Hashable) -> int:
    """The length of the one list that the statement counts.

    Counting takes longer the more cases there are, so a length of many thousands may be some seconds old. The cache key
    is the SQL with its values: the list of another landlord has another key.
    """
    question = sha256(repr(statement.question(actor, *shape)).encode()).hexdigest()
    known: int | None = _long_lists.get(question)
    if known is None:
        known = counted(statement(actor, *shape)).total()
        if known >= MANY:
            _long_lists.set(question, known)
    return known


def forget_lengths() -> None:
    """For tests, which change lists faster than anybody."""
    _long_lists.clear()


def _length(name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    named = rows.order_by().annotate(list=Value(name, output_field=CharField()))
    lengths: QuerySet[Any] = named.values("list").annotate(length=Count("pk"))
    return lengths
