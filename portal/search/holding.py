"""Asks the database which rows hold given words, by the index that each kind of database has for it.

PostgreSQL: a `tsvector` of the words as they stand, without its own ideas of language, and a GIN index on it. SQLite: text,
and an FTS5 table that triggers keep in step. Both know only words that this package has folded, split and quoted, so they
give the same answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

FTS = "search_found"
FEW = 1_000  # rows that are put in order at once
LOOKED_AT, OFTEN = 200, 0.1  # on SQLite: rows, and in which share of them what many hold stands
DENSE = 0.02  # share of the own rows above which reading the latest soon finds enough
UNKNOWN = 0.005  # share of all rows that the planner expects at most of a form of which it knows nothing, however rare


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


Parts = tuple[int, ...]  # how many words stand in each group of a question


def written(ask: Ask) -> str:
    """The question as the index takes it: the value of `words__holds`."""
    return _tsquery(ask) if connection.vendor == "postgresql" else _match(ask)


def spelt(ask: Ask) -> tuple[Parts, list[str]]:
    """The question as one row after the other is asked: the value of `words__shows`. The parts decide its SQL."""
    if connection.vendor == "postgresql":
        return (), [_tsquery(ask)]
    return tuple(len(group) for group in ask), padded(form for group in ask for form in group)


class _Asking(models.Lookup):
    prepare_rhs = False

    def value(self, value: Any, compiler: SQLCompiler) -> Any:
        """A value, or what stands for it while a statement is made."""
        return compiler.compile(value) if hasattr(value, "as_sql") else ("%s", [value])


@WordsField.register_lookup
class Holds(_Asking):
    """`words__holds=written(ask)`: found through the index."""

    lookup_name = "holds"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        left, params = self.process_lhs(compiler, connection)
        right, asked = self.value(self.rhs, compiler)
        return f"{left} @@ {right}::tsquery", [*params, *asked]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        right, asked = self.value(self.rhs, compiler)
        return f"{_alias(self, compiler)}.id IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH {right})", asked  # noqa: S608


@WordsField.register_lookup
class Shows(_Asking):
    """`words__shows=spelt(ask)`: looked for in one row after the other, as they come.

    PostgreSQL has no index for what is wrapped so, and expects that every second row fits.
    """

    lookup_name = "shows"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        left, params = self.process_lhs(compiler, connection)
        _, (word,) = self.rhs
        right, asked = self.value(word, compiler)
        return f"COALESCE({left} @@ {right}::tsquery, false)", [*params, *asked]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        left, params = self.process_lhs(compiler, connection)
        parts, words = self.rhs
        held, asked = [], []
        for word in words:
            right, values = self.value(word, compiler)
            held.append(f"instr(' ' || {left} || ' ', {right})")
            asked += [*params, *values]
        groups = [" OR ".join(held[sum(parts[:at]) : sum(parts[: at + 1])]) for at in range(len(parts))]
        return " AND ".join(f"({group})" for group in groups), asked


@models.TextField.register_lookup
class Mentions(_Asking):
    """`words__mentions=padded(forms)`: whether a plain text of words holds any of them. Uses no index.

    LIKE, because PostgreSQL then expects few matches and checks each one. Of other comparisons it expects a third of the rows
    to match, and scans whole tables for what else is asked of them.
    """

    lookup_name = "mentions"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        if not self.rhs:
            raise EmptyResultSet
        left, params = self.process_lhs(compiler, connection)
        held, asked = [], []
        for word in self.rhs:
            right, values = self.value(word, compiler)
            held.append(f"' ' || {left} || ' ' LIKE '%%' || {right} || '%%'")
            asked += [*params, *values]
        return f"({' OR '.join(held)})", asked


@models.CharField.register_lookup
class Among(_Asking):
    """`word__among="damp mould"`: one of the words, of which there may be hundreds, given as one value."""

    lookup_name = "among"
    array = ""  # a cast of the array

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        left, params = self.process_lhs(compiler, connection)
        right, words = self.value(self.rhs, compiler)
        return f"{left} = ANY(string_to_array({right}, ' '){self.array})", [*params, *words]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        left, params = self.process_lhs(compiler, connection)
        right, words = self.value(self.rhs, compiler)
        listed = f"""'["' || replace({right}, ' ', '","') || '"]'"""
        return f"{left} IN (SELECT value FROM json_each({listed}))", [*params, *words]  # noqa: S608


@models.BigAutoField.register_lookup
class AmongIds(Among):
    """`pk__among=listed(ids)`: one of the ids. The statement does not depend on how many there are."""

    array = "::bigint[]"


def listed(ids: Iterable[int]) -> str:
    return " ".join(map(str, ids))


def padded(forms: Iterable[Form]) -> list[str]:
    """The forms as they stand in a text of words that has a space before and after it."""
    return [f" {form.word}{'' if form.begins else ' '}" for form in forms]


def expected(rows: QuerySet[Any], own: QuerySet[Any], asks: Sequence[str]) -> QuerySet[Any]:
    """All rows, the own ones, and those that meet each question: for PostgreSQL's planner, which says how many it expects."""
    first, *others = [
        part.order_by().values("pk") for part in (rows, own, *(rows.filter(words__holds=a) for a in asks))
    ]
    return first.union(*others, all=True)


def shares(planned: Sequence[int], asks: Sequence[Ask]) -> list[float]:
    """The share of the own rows that matches each question, or 0 if it is cheaper to sort all matches than to read the latest
    rows. `planned` is what PostgreSQL's planner expects; asking it reads nothing."""
    in_all, in_own, *expected = planned
    return [_share(n, ask, max(1, in_own), in_all) for n, ask in zip(expected, asks, strict=True)]


def shares_of_latest(own: QuerySet[Any], asks: Sequence[Ask]) -> list[float]:
    """The same on SQLite, whose index knows no numbers: a few of the latest are looked at."""
    latest = own.order_by("-pk")[:LOOKED_AT]
    counts = {f"ask_{at}": Count("pk", filter=Q(words__shows=spelt(ask))) for at, ask in enumerate(asks)}
    told = latest.aggregate(in_all=Count("pk"), **counts)
    found = [told[name] / LOOKED_AT for name in counts]
    return [share if told["in_all"] == LOOKED_AT and share > OFTEN else 0.0 for share in found]


def _share(expected: int, ask: Ask, in_own: int, in_all: int) -> float:
    """The planner takes the words for independent of each other, but each says whose row it is: it counts that too often."""
    too_often = (in_all / in_own) ** (len(ask) - 1)
    unknown = in_all * prod(min(1.0, UNKNOWN * len(group)) for group in ask)
    held = min(in_own, expected * too_often)
    return held / in_own if held > max(FEW, in_own * DENSE, unknown * too_often) else 0.0


def newest(own: QuerySet[Any], spelt: tuple[Parts, list[str]], among: int) -> QuerySet[Any]:
    """Those that meet the question among the latest rows, for a question that many meet: nothing else is read."""
    bound = own.order_by("-pk").values("pk")[among : among + 1]
    return own.filter(pk__gte=Coalesce(Subquery(bound), Value(0)), words__shows=spelt)


def _alias(lookup: models.Lookup, compiler: SQLCompiler) -> str:
    return str(compiler.quote_name_unless_alias(lookup.lhs.alias))


def _tsquery(ask: Ask) -> str:
    return " & ".join("(" + " | ".join(f"'{f.word}'{':*' * f.begins}" for f in group) + ")" for group in ask)


def _match(ask: Ask) -> str:
    return " AND ".join("(" + " OR ".join(f'"{f.word}"{"*" * f.begins}' for f in group) + ")" for group in ask)
