"""Version tokens of drafts: a form carries the token of what it was made from, and a change in between refuses it. So nobody
issues, discards or overwrites what a colleague wrote meanwhile. The token covers every column and which rows exist."""

from dataclasses import dataclass

from portal.determinations.models import Complaint, Determination, Order, Recommendation
from portal.lib.errors import RuleBroken
from portal.lib.version_tokens import token

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
        return token(self.determination.pk, *(of_row(row) for row in self.rows))


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
    return token(row._meta.label, *(getattr(row, column) for column in columns))


def check(now: str, shown: str, words: str) -> None:
    """Raises RuleBroken with these words unless the token `shown` is the present one."""
    if shown != now:
        raise RuleBroken(words)
