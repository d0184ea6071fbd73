"""Version tokens of drafts: a form carries the token of what it was made from, and a change in between refuses it. So nobody
issues, discards or overwrites what a colleague wrote meanwhile. The token covers every column and which rows exist."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from portal.determinations.models import Complaint, Determination, Order, Recommendation
from portal.lib.errors import RuleBroken

AnyRow = Complaint | Order | Recommendation


@dataclass(frozen=True)
class Draft:
    """A draft, read once: page, version token and what is issued come from the same rows."""

    determination: Determination
    complaints: list[Complaint]
    orders: list[Order]
    recommendations: list[Recommendation]

    @property
    def rows(self) -> list[AnyRow]:
        return [*self.complaints, *self.orders, *self.recommendations]

    @property
    def version_token(self) -> str:
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
    """The words for somebody whose form is out of date; `undone` says what was not done."""
    return (
        f"Somebody has changed this {thing} since you opened this page. {undone} Look at it as it is now, then press the "
        "button again."
    )


def check(now: str, shown: str, words: str) -> None:
    """Raises RuleBroken with these words unless the token `shown` is the present one."""
    if shown != now:
        raise RuleBroken(words)


def _digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()[:32]
