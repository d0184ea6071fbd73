"""What the worker does for the search, in a test: everything that has happened can be found afterwards."""

from django.db import connection

from portal.lib import clock
from portal.search.keeping import index_one, rebuild
from portal.search.kinds import Kind
from portal.search.tokens import Spot, token
from tests.cast import Cast


def indexed() -> None:
    while index_one(clock.now()):
        pass


def indexed_anew() -> None:
    """Also what a test has changed behind the diary's back."""
    rebuild()


def indexed_in_bulk(cast: Cast) -> None:
    """The index of the cases of landlord_rows.in_bulk, without the minute that its making takes."""
    words = {
        Kind.REFERENCE: "reference || ' ' || substr(reference, 5)",
        Kind.RESIDENT: "'resident ' || substr(resident_name, 10)",
        Kind.HOME: "'11aa 1aa high leeds ls1 ls11aa street ' || substr(resident_name, 10)",
        Kind.SUMMARY: "'and damp mould'",
    }
    with connection.cursor() as cursor:
        for kind, said in words.items():
            cursor.execute(
                f"INSERT INTO search_entry (case_id, landlord_id, kind, words) "
                f"SELECT id, landlord_id, %s, {said} FROM cases_case WHERE reference LIKE '199%%'",
                [kind],
            )
        placed = "CASE WHEN closed_at IS NULL THEN 1152921504606846976 ELSE 0 END + id"
        made = "array_to_tsvector(string_to_array({}, ' '))" if connection.vendor == "postgresql" else "{}"
        for for_service, landlord_id in enumerate((cast.alder.pk, None)):
            said = _tokens_in_bulk(landlord_id)
            cursor.execute(
                f"INSERT INTO search_casewords (id, case_id, landlord_id, words) "
                f"SELECT 2 * ({placed}) + %s, id, %s, {made.format(said)} FROM cases_case WHERE reference LIKE '199%%'",
                [for_service, landlord_id],
            )
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")  # as the database does by itself after such a change


def _tokens_in_bulk(landlord_id: int | None) -> str:
    """An expression that makes the words of a case's row."""
    resident, home = "resident", "11aa 1aa high leeds ls1 ls11aa street"
    fixed = [
        *(token(landlord_id, Spot.RESIDENT, word) for word in resident.split()),
        *(token(landlord_id, Spot.HOME, word) for word in home.split()),
        *(token(landlord_id, Spot.ANYWHERE, word) for word in f"{resident} {home} damp mould".split()),
    ]
    drawn = {
        "reference": (Spot.REFERENCE, Spot.ANYWHERE),
        "substr(reference, 5)": (Spot.REFERENCE, Spot.ANYWHERE),
        "substr(resident_name, 10)": (Spot.RESIDENT, Spot.HOME, Spot.ANYWHERE),
    }
    own = [f"'{token(landlord_id, spot, '')}' || {value}" for value, spots in drawn.items() for spot in spots]
    return " || ' ' || ".join([f"'{' '.join(fixed)}'", *own])
