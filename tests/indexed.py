"""What the worker does for the search, in a test: everything that has happened can be found afterwards."""

from django.db import connection

from portal.lib import clock
from portal.search.keeping import index_one, rebuild
from portal.search.kinds import Kind
from portal.search.querysets import marks
from tests.cast import Cast


def indexed() -> None:
    while index_one(clock.now()):
        pass


def indexed_anew() -> None:
    """Also what a test has changed behind the diary's back."""
    rebuild()


def indexed_in_bulk(cast: Cast) -> None:
    """The entries of the cases of landlord_rows.in_bulk, without the minute that their making takes."""
    words = {
        Kind.REFERENCE: "reference || ' ' || substr(reference, 5)",
        Kind.RESIDENT: "'resident ' || substr(resident_name, 10)",
        Kind.HOME: "'11aa 1aa high leeds ls1 ls11aa street ' || substr(resident_name, 10)",
        Kind.SUMMARY: "'and damp mould'",
    }
    with connection.cursor() as cursor:
        for kind, said in words.items():
            own = " ".join(marks(cast.alder.pk, kind))
            cursor.execute(
                f"INSERT INTO search_entry (case_id, landlord_id, kind, words) "
                f"SELECT id, landlord_id, %s, {said} || ' ' || %s FROM cases_case WHERE reference LIKE '199%%'",
                [kind, own],
            )
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")  # as the database does by itself after such a change
