"""A list's filter: parses the query string, describes the applied filters and builds links that change them.

Only typed values cause errors, and the valid rest still applies. An unknown choice filters nothing (S30, S31).
"""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from portal.pages.design.fields import PARTS
from portal.pages.design.wording import long_date
from portal.pages.shared.lists.sorting import Head, Sorting

SORT = "sort"


class Filter(forms.Form):
    """The base of every list's filter. Its last field says how the list is sorted."""

    def __init__(self, data: QueryDict, *, sorting: Sorting) -> None:
        super().__init__(_readable(data))
        self.sorting = sorting
        self.close: set[str] = set()  # the filters that nothing fits as it was typed, only nearly
        self.fields[SORT] = forms.ChoiceField(label="Sort by", choices=sorting.choices(), required=False)

    def full_clean(self) -> None:
        super().full_clean()
        for name in [name for name in self.errors if isinstance(self.fields.get(name), forms.ChoiceField)]:
            del self.errors[name]

    def asked(self) -> dict[str, Any]:
        """The filters that are applied, by field, in the order of the form."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in self.fields if self.cleaned_data.get(name) not in (None, "")}

    def narrows(self) -> bool:
        """Whether any filter is applied; the order is none."""
        return any(name != SORT for name in self.asked())

    def sort(self) -> str:
        return str(self.asked().get(SORT, ""))

    def chips(self, base: str, hidden: tuple[str, ...] = ()) -> list[dict[str, str]]:
        """Each applied filter in words, with the address that takes it away."""
        asked = {name: value for name, value in self.asked().items() if name not in (SORT, *hidden)}
        return [{**self.words(name, value), "href": self.href(base, without=(name,))} for name, value in asked.items()]

    def query(self, *, without: tuple[str, ...] = (), **changed: str) -> str:
        """What stands behind the ? of the list's address, with some left out or changed."""
        pairs: dict[str, str] = {}
        for name, value in self.asked().items():
            if name not in without and name not in changed:
                pairs |= _typed(name, value)
        return urlencode({**pairs, **changed})

    def href(self, base: str, *, without: tuple[str, ...] = (), **changed: str) -> str:
        """The list's address with these filters, some left out or changed."""
        query = self.query(without=without, **changed)
        return f"{base}?{query}" if query else base

    def cleared(self, base: str, *, kept: tuple[str, ...] = ()) -> str:
        """The list's address without its filters, sorted as before."""
        return self.href(base, without=tuple(name for name in self.fields if name not in (SORT, *kept)))

    def head(self, base: str) -> Head:
        """The headings of the list's columns, each with the address that sorts by it and keeps the filters."""
        return self.sorting.head(
            self.sort(),
            lambda key: self.href(base, sort=key) if key else self.href(base, without=(SORT,)),
        )

    def words(self, name: str, value: Any) -> dict[str, str]:
        """An applied filter, as its chip says it."""
        label = str(self.fields[name].label)
        if isinstance(value, date):
            return {"category": label, "text": long_date(value)}
        choices = dict(getattr(self.fields[name], "choices", ()))
        nearly = " (close matches)" if name in self.close else ""
        return {"category": label, "text": f"{choices.get(value, value)}{nearly}"}


def _typed(name: str, value: Any) -> dict[str, str]:
    """A filter as it stands in an address."""
    if isinstance(value, date):
        return {f"{name}-{part}": str(getattr(value, part)) for part in PARTS}
    return {name: str(value)}


def _readable(data: QueryDict) -> QueryDict:
    """Without the character that no page and no database takes."""
    cleaned = QueryDict(mutable=True)
    for name, values in data.lists():
        cleaned.setlist(name, [value.replace("\0", "") for value in values])
    return cleaned
