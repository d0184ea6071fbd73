"""Every row that the user guide gives rise to is tried by a test, and the document that says by which is fresh."""

import pytest

from tests.house.coverage import COVERAGE, document, tests_by_row
from tests.house.guide_rows import GUIDE_ROWS

FOUND = tests_by_row()


@pytest.mark.parametrize("row", GUIDE_ROWS)
def test_the_row_has_a_test(row: str) -> None:
    assert FOUND[row]


def test_no_row_is_missing_from_the_table() -> None:
    assert list(GUIDE_ROWS) == [f"S{number}" for number in range(1, 104)]


def test_the_document_of_the_coverage_is_fresh() -> None:
    assert COVERAGE.read_text() == document(), "run: python -m tests.house.coverage"
