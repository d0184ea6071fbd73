"""Every row of the user guide, and every hostile row in scope, is tried by a test; the documents that say so are fresh."""

import pytest

from tests.house.coverage import GUIDE, TABLES, Table, found_by_row

FOUND = found_by_row()


@pytest.mark.parametrize("row", [row for table in TABLES for row in table.rows])
def test_the_row_has_a_test(row: str) -> None:
    assert FOUND[row]


def test_no_row_of_the_guide_is_missing_from_its_table() -> None:
    assert list(GUIDE.rows) == [f"S{number}" for number in range(1, 104)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path.name)
def test_the_document_of_the_coverage_is_fresh(table: Table) -> None:
    assert table.path.read_text() == table.document(), "run: python -m tests.house.coverage"
