"""How a word stands in the row of a case: with whose row it is, and where on the case it was found. Pure.

Each landlord has its words to itself: to look a beginning up never reads the words of another.
"""

from collections.abc import Iterable
from enum import StrEnum

from portal.search.holding import Form
from portal.search.kinds import OPEN_TO_ALL, Kind


class Spot(StrEnum):
    """Where a word stands. None of these signs is part of a word."""

    ANYWHERE = "/"  # in something that whoever sees the case may open
    ASKED = "?"  # only in things of which each is asked, when somebody searches, whether it may be found
    REFERENCE = "#"
    RESIDENT = "="
    HOME = "@"


SIGNS = "".join(Spot)
SPOT_OF_KIND = {Kind.REFERENCE: Spot.REFERENCE, Kind.RESIDENT: Spot.RESIDENT, Kind.HOME: Spot.HOME}


def token(landlord_id: int | None, spot: Spot, word: str) -> str:
    """The service's words have no landlord."""
    return f"{landlord_id or ''}{spot}{word}"


def forms_of(landlord_id: int | None, spots: Iterable[Spot], forms: Iterable[Form]) -> tuple[Form, ...]:
    forms = tuple(forms)
    return tuple(Form(token(landlord_id, spot, form.word), form.begins) for spot in spots for form in forms)


def tokens(landlord_id: int | None, found: Iterable[tuple[Kind, bool, set[str]]]) -> str:
    """The words of a row, of things with their kind and whether they are the landlord's whose case it is."""
    held: set[tuple[Spot, str]] = set()
    sure: set[str] = set()
    asked: set[str] = set()
    for kind, is_own, words in found:
        (sure if is_own and kind in OPEN_TO_ALL else asked).update(words)
        if kind in SPOT_OF_KIND:
            held.update((SPOT_OF_KIND[kind], word) for word in words)
    held.update((Spot.ANYWHERE, word) for word in sure)
    held.update((Spot.ASKED, word) for word in asked - sure)
    return " ".join(sorted(token(landlord_id, spot, word) for spot, word in held))
