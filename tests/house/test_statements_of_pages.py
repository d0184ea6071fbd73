"""What the pages that `bin/bench` measures may ask of the database: SQL statements, and on PostgreSQL the rows it reads."""

from collections.abc import Callable

import pytest
from django.db import connection

from tests.bench.pages import Page, pages
from tests.bench.scene import scene
from tests.bench.visitor import Inside, visit
from tests.cast import Cast
from tests.conftest import Browser
from tests.indexed import indexed_in_bulk
from tests.pages.landlord_rows import in_bulk, statements
from tests.rows_read import rows_read

# Rows by which the plan may differ: what earlier tests left in the files of a small table decides whether it is walked or
# looked up (8 to 108 rows were seen). A page that walks the 300 cases goes over by twice as many.
PLANS_DIFFER = 150
MOST = {  # page -> statements, rows read with 300 cases
    "home, landlord": (6, 385),
    "open cases, landlord": (8, 390),
    "open cases, large landlord": (8, 43),
    "open cases, staff": (6, 313),
    "case overview, landlord": (8, 319),
    "case overview, staff": (7, 320),
    "exchange of 20, landlord": (11, 245),
    "exchange of 20, staff": (11, 197),
    "task page, landlord": (8, 246),
    "task page, staff": (8, 192),
    "profile, landlord": (2, 93),
    "profile, staff": (2, 46),
    "notifications, staff": (4, 206),
    "worklist, staff": (3, 294),
    "documents tab, landlord": (8, 238),
    "documents tab, staff": (7, 258),
    "search, one word, landlord": (8, 222),
    "search, three words, landlord": (8, 223),
    "search, misspelt, landlord": (10, 307),
    "search, by reference, landlord": (5, 190),
    "search, one word, large landlord": (5, 16),
    "search, three words, large landlord": (5, 16),
    "search, misspelt, large landlord": (5, 16),
    "search, by reference, large landlord": (5, 20),
    "search, one word, staff": (8, 190),
    "search, three words, staff": (8, 191),
    "search, misspelt, staff": (10, 244),
    "search, by reference, staff": (5, 155),
    "reply, landlord": (18, 29),
    "reply, staff": (18, 25),
    "upload, small file": (8, 16),
}


@pytest.fixture
def measured(cast: Cast) -> list[Page]:
    """The scene of the bench, and 300 more cases of Alder's. The large upload asks what the small one does."""
    scene(cast)
    in_bulk(cast, 300)
    indexed_in_bulk(cast)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # else a table as small as these is read as a whole
    return [page for page in pages() if page.name != "upload, 10 MB"]


def test_no_page_asks_more_statements_or_reads_more_rows_than_it_did(measured: list[Page], client_of: Browser) -> None:
    more = {}
    for page in measured:
        inside = Inside(client=client_of(page.who))
        asked = statements(lambda inside=inside, page=page: visit(inside, page))
        read = _rows(lambda inside=inside, page=page: visit(inside, page))
        most_asked, most_read = MOST[page.name]
        if asked > most_asked or read > most_read + PLANS_DIFFER:
            more[page.name] = asked, read
    assert not more, "".join(f"\n{name}: {MOST[name]} -> {now}" for name, now in more.items())
    assert {page.name for page in measured} == set(MOST)


def _rows(doing: Callable[[], object]) -> int:
    """None are counted on SQLite, which does not say how many rows it reads."""
    return round(rows_read(doing).total()) if connection.vendor == "postgresql" else 0
