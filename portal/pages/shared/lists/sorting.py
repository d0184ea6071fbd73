"""Sorting a list by its columns: the first click on a heading sorts, the second reverses the order. Links, no script.

In the query string `sort=team` is ascending and `sort=-team` descending. Rows without a value always come last. Equal rows are
ordered by id, so that no row appears on two pages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Case as Switch
from django.db.models import F, QuerySet, When
from django.db.models.expressions import OrderBy

from portal.lib.folding import sort_key

Rows = TypeVar("Rows", bound="QuerySet[Any]")
Head = list[dict[str, str]]
Value = F | Switch


@dataclass(frozen=True)
class Column:
    """What its values are, and how its two directions are called."""

    key: str
    text: str
    by: Value
    rising: str
    falling: str
    falls_first: bool = False
    is_never_missing: bool = False  # then an index gives both directions

    def order(self, *, falls: bool) -> tuple[OrderBy, str]:
        last = None if self.is_never_missing else True
        if falls:
            return self.by.desc(nulls_last=last), "-id"
        return self.by.asc(nulls_last=last), "id"

    def words(self, *, falls: bool) -> str:
        return self.falling if falls else self.rising


@dataclass(frozen=True)
class Sorting:
    """The columns of a list, the order that it has by itself, and orders that no column shows."""

    columns: tuple[Column, ...]
    own: str  # such as "deadline" or "-closed"; "" for an order that is no column's
    further: tuple[Column, ...] = ()

    def choices(self) -> list[tuple[str, str]]:
        """For the form. What the list does by itself comes first and needs nothing in the address."""
        offered = {
            key: f"{column.text}: {column.words(falls=key.startswith('-'))}"
            for column in (*self.columns, *self.further)
            for key in _keys(column)
        }
        own = offered.pop(self.own, "As the list is sorted by itself")
        return [("", own), *offered.items()]

    def understood(self, asked: str) -> str:
        """The key that an address asks for; "" for one that the list does not have."""
        return asked if asked in dict(self.choices()) else ""

    def applied(self, rows: Rows, asked: str) -> Rows:
        """The rows in the order asked for, or else in the list's own."""
        key = asked or self.own
        found = [column for column in (*self.columns, *self.further) if column.key == key.removeprefix("-")]
        return rows.order_by(*found[0].order(falls=key.startswith("-"))) if found else rows

    def head(self, asked: str, href: Callable[[str], str]) -> Head:
        """The headings. `href` makes the address that sorts by a key, "" standing for the list's own order."""
        return [self._heading(column, asked or self.own, href) for column in self.columns]

    def _heading(self, column: Column, now: str, href: Callable[[str], str]) -> dict[str, str]:
        first, second = _keys(column)
        then = second if now == first else first
        return {
            "text": column.text,
            "sort": href("" if then == self.own else then),
            "sorts": column.words(falls=then.startswith("-")),
            "sorted": "" if now not in {first, second} else "descending" if now.startswith("-") else "ascending",
            "now": column.words(falls=now.startswith("-")) if now in {first, second} else "",
        }


def _keys(column: Column) -> tuple[str, str]:
    """What the first press of the heading asks for, and what the second."""
    keys = column.key, f"-{column.key}"
    return keys[::-1] if column.falls_first else keys


def words_column(key: str, text: str, field: str, *, is_never_missing: bool = False) -> Column:
    """Sorted as the words are said, by the key that stands beside the field."""
    return Column(key, text, F(f"{field}_sort_key"), "A to Z", "Z to A", is_never_missing=is_never_missing)


def label_column(key: str, text: str, field: str, choices: list[tuple[str, Any]]) -> Column:
    """Sorted by what is shown for each value."""
    ordered = sorted(choices, key=lambda choice: sort_key(str(choice[1])))
    return Column(key, text, _places(field, [value for value, _ in ordered]), "A to Z", "Z to A")


def steps_column(key: str, text: str, field: str, steps: list[Any]) -> Column:
    """Sorted along the steps that a thing goes through."""
    return Column(key, text, _places(field, steps), "first step first", "last step first")


def dates_column(key: str, text: str, field: str, *, falls_first: bool = False) -> Column:
    return Column(key, text, F(field), "earliest first", "latest first", falls_first)


def numbers_column(key: str, text: str, field: str) -> Column:
    return Column(key, text, F(field), "lowest first", "highest first")


def _places(field: str, values: list[Any]) -> Switch:
    return Switch(*(When(**{field: value}, then=place) for place, value in enumerate(values)))
