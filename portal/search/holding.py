"""Asks the database which entries hold given words, by the index that each kind of database has for it.

PostgreSQL: a column with the words as they stand, without its own ideas of language, and a GIN index on it. SQLite: an
FTS5 table that triggers keep in step. Both know only words that this room has folded, split and quoted, so they give
the same answers.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


@dataclass(frozen=True)
class Form:
    """A word as it may stand in an entry: whole, or as the beginning of one."""

    word: str
    begins: bool = False


Ask = tuple[tuple[Form, ...], ...]  # every group must be met, by any of its forms


class WordsField(models.TextField):  # type: ignore[type-arg]
    """Words with a space between them."""


@WordsField.register_lookup
class Holds(models.Lookup):
    """`words__holds=ask`."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return f"{compiler.quote_name_unless_alias(self.lhs.alias)}.found @@ %s::tsquery", [_tsquery(self.rhs)]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        inside = "SELECT rowid FROM search_words WHERE search_words MATCH %s"
        return f"{compiler.quote_name_unless_alias(self.lhs.alias)}.id IN ({inside})", [_match(self.rhs)]


def _tsquery(ask: Ask) -> str:
    return " & ".join("(" + " | ".join(f"'{f.word}'{':*' * f.begins}" for f in group) + ")" for group in ask)


def _match(ask: Ask) -> str:
    return " AND ".join("(" + " OR ".join(f'"{f.word}"{"*" * f.begins}' for f in group) + ")" for group in ask)
