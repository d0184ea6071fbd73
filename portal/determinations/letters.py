"""The two letters of a determination as tagged PDFs: what they say is data, how they look is determination.typ (S49)."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings

from portal.cases.models import Case
from portal.determinations.models import Complaint, Determination, Order, Recommendation
from portal.determinations.reviews import last_day_of
from portal.documents.typeset import typeset
from portal.lib.clock import LONDON
from portal.lib.days import day_in_words

ORDERS_TO_LANDLORD = (
    "You must do the following by the date beside it, and send us evidence of it by then in the portal."
)
ORDERS_TO_RESIDENT = "The landlord must do the following by the date beside it, and show us that it did."
RECOMMENDED_TO_LANDLORD = (
    "We recommend the following. It does not bind you. Tell us in the portal whether you accept it."
)
RECOMMENDED_TO_RESIDENT = (
    "We recommend the following. It does not bind the landlord, which tells us whether it accepts it."
)


class Reader(StrEnum):
    """Whom a letter is for, as its address names them."""

    LANDLORD = "landlord"
    RESIDENT = "resident"


def letter_to_landlord(
    case: Case,
    determination: Determination,
    complaints: Sequence[Complaint],
    orders: Sequence[Order],
    recommendations: Sequence[Recommendation],
) -> bytes:
    return _set(
        _facts(case, determination, complaints, orders, recommendations)
        | {
            "to": [case.landlord.name],
            "opening": f"We have determined the complaint of {case.resident_name}, {case.resident_address}.",
            "orders_words": ORDERS_TO_LANDLORD,
            "recommendations_words": RECOMMENDED_TO_LANDLORD,
            "review_words": f"{_until(determination)} Ask on the case in the portal.",
        }
    )


def letter_to_resident(
    case: Case,
    determination: Determination,
    complaints: Sequence[Complaint],
    orders: Sequence[Order],
    recommendations: Sequence[Recommendation],
) -> bytes:
    return _set(
        _facts(case, determination, complaints, orders, recommendations)
        | {
            "to": [case.resident_name, *case.resident_address.splitlines()],
            "opening": f"We have determined your complaint about {case.landlord.name}.",
            "orders_words": ORDERS_TO_RESIDENT,
            "recommendations_words": RECOMMENDED_TO_RESIDENT,
            "review_words": f"{_until(determination)} Write to us or call us.",
        }
    )


LETTERS: dict[Reader, Callable[..., bytes]] = {
    Reader.LANDLORD: letter_to_landlord,
    Reader.RESIDENT: letter_to_resident,
}


def _set(values: dict[str, Any]) -> bytes:
    return typeset(_markup(), "letter", values)


@cache
def _markup() -> bytes:
    return files("portal.determinations").joinpath("determination.typ").read_bytes()


def _facts(
    case: Case,
    determination: Determination,
    complaints: Sequence[Complaint],
    orders: Sequence[Order],
    recommendations: Sequence[Recommendation],
) -> dict[str, Any]:
    assert determination.issued_at is not None  # noqa: S101  a letter is made when it is issued
    return {
        "organisation": settings.ORGANISATION_NAME,
        "draft": determination.is_draft,
        "reference": case.reference,
        "version": determination.version,
        "date": day_in_words(determination.issued_at.astimezone(LONDON).date()),
        "by": determination.issued_by_name,
        "complaints": [{"words": one.words, "finding": one.get_finding_display()} for one in complaints],
        "orders": [
            {"kind": one.get_kind_display(), "words": one.words, "due": day_in_words(one.due_on)} for one in orders
        ],
        "recommendations": [{"kind": one.get_kind_display(), "words": one.words} for one in recommendations],
    }


def _until(determination: Determination) -> str:
    return (
        f"You may ask for a review until {day_in_words(last_day_of(determination))}, if you have new evidence or if you "
        "challenge the facts that we relied on."
    )
