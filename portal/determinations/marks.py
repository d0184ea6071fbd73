"""What somebody was shown of a draft: its mark travels with the form, so that nobody discards, issues or overwrites what
a colleague has written since, unseen. Every column of a row counts, and which rows there are; no mark fits nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from portal.determinations.models import Complaint, Determination, Order, Recommendation
from portal.lib.errors import RuleBroken

AnyRow = Complaint | Order | Recommendation


@dataclass(frozen=True)
class Draft:
    """A draft as it was read once: the page's numbers, its mark and what is issued are of the same rows."""

    determination: Determination
    complaints: list[Complaint]
    orders: list[Order]
    recommendations: list[Recommendation]

    @property
    def rows(self) -> list[AnyRow]:
        return [*self.complaints, *self.orders, *self.recommendations]

    @property
    def mark(self) -> str:
        return _digest([self.determination.pk, *(of_row(row) for row in self.rows)])


def read(determination: Determination) -> Draft:
    """The draft with its rows, in three statements."""
    return Draft(
        determination,
        list(determination.complaints.all()),
        list(determination.orders.select_related("carried_from")),
        list(determination.recommendations.select_related("carried_from")),
    )


def of_row(row: AnyRow) -> str:
    columns = [column.attname for column in row._meta.concrete_fields]
    return _digest([row._meta.label, *(getattr(row, column) for column in columns)])


def changed(thing: str, undone: str) -> str:
    """What somebody is told who was shown another one; `undone` says what was not done."""
    return (
        f"Somebody has changed this {thing} since you opened this page. {undone} Look at it as it is now, then press the "
        "button again."
    )


def check(now: str, shown: str, words: str) -> None:
    """Raises RuleBroken with the words when the mark that was `shown` is not the one of now."""
    if shown != now:
        raise RuleBroken(words)


def _digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()[:32]
