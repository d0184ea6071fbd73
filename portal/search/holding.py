"""Asks the database which rows hold given words, by the index that each kind of database has for it.

PostgreSQL: a `tsvector` of the words as they stand, without its own ideas of language, and a GIN index on it. SQLite: text,
and an FTS5 table that triggers keep in step. Both know only words that this room has folded, split and quoted, so they
give the same answers.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod
from operator import or_
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.db.models.sql.compiler import SQLCompiler

FTS = "search_found"
FEW = 1_000  # rows that are put in order at once
LOOKED_AT, OFTEN = 200, 0.1  # on SQLite: rows, and in which share of them what many hold stands
DENSE = 0.02  # share of the own rows above which reading the latest soon finds enough
UNKNOWN = 0.007  # share of all rows: the planner expects fewer of a form of which it knows nothing, however rare it is


@dataclass(frozen=True)
class Form:
    """A word as it may stand in a row: whole, or as the beginning of one."""

    word: str
    begins: bool = False


Group = tuple[Form, ...]
Ask = tuple[Group, ...]  # every group must be met, by any of its forms


class WordsField(models.Field):  # type: ignore[type-arg]
    """Words with a space between them, sorted; looked up by `holds` and `shows`."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> str:
        return "array_to_tsvector(string_to_array(%s, ' '))" if connection.vendor == "postgresql" else "%s"

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> str | None:
        if value is None or connection.vendor != "postgresql":
            return value
        return " ".join(sorted(word.strip("'") for word in value.split()))


@WordsField.register_lookup
class Holds(models.Lookup):
    """`words__holds=ask`: found through the index."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*params, _tsquery(self.rhs)]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        inside = f"SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s"  # noqa: S608
        return f"{_alias(self, compiler)}.id IN ({inside})", [_match(self.rhs)]


@WordsField.register_lookup
class Shows(Holds):
    """`words__shows=ask`: looked for in one row after the other, as they come.

    PostgreSQL has no index for what is wrapped so, and expects that every second row fits.
    """

    lookup_name = "shows"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        sql, params = super().as_postgresql(compiler, connection)
        return f"COALESCE({sql}, false)", params

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        left, params = self.process_lhs(compiler, connection)
        text = f"' ' || {left} || ' '"
        groups = [" OR ".join([f"instr({text}, %s)"] * len(group)) for group in self.rhs]
        held = [f" {form.word}{'' if form.begins else ' '}" for group in self.rhs for form in group]
        return " AND ".join(f"({group})" for group in groups), [one for word in held for one in (*params, word)]


def mentions(forms: Sequence[Form], field: str = "words") -> tuple[Concat, Q]:
    """An expression to alias as `padded`, and which rows have one of the forms in a plain text of words."""
    wanted = (f" {form.word}{'' if form.begins else ' '}" for form in forms)
    padded = Concat(Value(" "), field, Value(" "), output_field=models.TextField())
    return padded, reduce(or_, (Q(padded__contains=word) for word in wanted), Q(pk__in=()))


def are_many(rows: QuerySet[Any], own: QuerySet[Any], asks: Sequence[Ask]) -> list[bool]:
    """Whether so many of the own rows meet each question that the first are sooner found by reading the latest.

    PostgreSQL's planner is asked what it expects, which reads nothing. SQLite's index knows no numbers: a few of the latest
    are looked at.
    """
    if connection.vendor == "postgresql":
        parts = [rows, own, *(rows.filter(words__holds=ask) for ask in asks)]
        in_all, in_own, *expected = _expected([part.order_by().values("pk") for part in parts])
        return [_is_many(n, ask, in_own, in_all) for n, ask in zip(expected, asks, strict=True)]
    latest = own.order_by("-pk")[:LOOKED_AT]
    counts = {f"ask_{at}": Count("pk", filter=Q(words__shows=ask)) for at, ask in enumerate(asks)}
    told = latest.aggregate(in_all=Count("pk"), **counts)
    return [told["in_all"] == LOOKED_AT and told[name] > LOOKED_AT * OFTEN for name in counts]


def _expected(parts: Sequence[QuerySet[Any, Any]]) -> list[int]:
    """How many rows PostgreSQL's planner expects of each."""
    first, *others = parts
    (told,) = json.loads(first.union(*others, all=True).explain(format="json"))
    return [part["Plan Rows"] for part in told["Plan"]["Plans"]]


def _is_many(expected: int, ask: Ask, in_own: int, in_all: int) -> bool:
    """The planner takes the words for independent of each other, but each says whose row it is: it counts that too often."""
    too_often = (in_all / max(1, in_own)) ** (len(ask) - 1)
    unknown = in_all * prod(min(1.0, UNKNOWN * len(group)) for group in ask)
    return expected * too_often > max(FEW, in_own * DENSE, unknown * too_often)


def newest(own: QuerySet[Any], ask: Ask, among: int) -> QuerySet[Any]:
    """Those that meet the question among the latest rows, for a question that many meet: nothing else is read."""
    bound = own.order_by("-pk").values("pk")[among : among + 1]
    return own.filter(pk__gte=Coalesce(Subquery(bound), Value(0)), words__shows=ask)


def _alias(lookup: models.Lookup, compiler: SQLCompiler) -> str:
    return str(compiler.quote_name_unless_alias(lookup.lhs.alias))


def _tsquery(ask: Ask) -> str:
    return " & ".join("(" + " | ".join(f"'{f.word}'{':*' * f.begins}" for f in group) + ")" for group in ask)


def _match(ask: Ask) -> str:
    return " AND ".join("(" + " OR ".join(f'"{f.word}"{"*" * f.begins}' for f in group) + ")" for group in ask)
