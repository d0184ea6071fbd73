"""The document that says which test tries which row of the guide is fresh and names every row."""

from tests.house.coverage import COVERAGE, document
from tests.house.guide_rows import GUIDE_ROWS


def test_no_row_is_missing_from_the_table() -> None:
    assert list(GUIDE_ROWS) == [f"S{number}" for number in range(1, 104)]


def test_the_document_of_the_coverage_is_fresh() -> None:
    assert COVERAGE.read_text() == document(), "run: python -m tests.house.coverage"
