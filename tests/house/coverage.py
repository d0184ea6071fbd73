"""Which test tries which row: read from the row markers, written to docs/guide-coverage.md. `python -m tests.house.coverage`."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.house.floors import ROOT
from tests.house.guide_rows import GUIDE_ROWS

COVERAGE = ROOT / "docs" / "guide-coverage.md"
HEAD = """# What the user guide says, and the tests that try it

Drawn from the row markers of the tests (`@pytest.mark.row("S42")`); do not edit by hand.

| Row | What it asks | Page | Tests |
|---|---|---|---|
"""


def tests_by_row() -> dict[str, list[str]]:
    """Row -> the tests that bear its marker, as file::name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
                for row in _rows(function):
                    found[row].append(f"{path.relative_to(ROOT / 'tests')}::{function.name}")
    return found


def _rows(function: ast.FunctionDef) -> list[str]:
    marks = [call for call in function.decorator_list if isinstance(call, ast.Call)]
    rows = [call for call in marks if isinstance(call.func, ast.Attribute) and call.func.attr == "row"]
    return [str(argument.value) for call in rows for argument in call.args if isinstance(argument, ast.Constant)]


def document() -> str:
    found = tests_by_row()
    lines = [
        f"| {row} | {asks} | {page} | {'<br>'.join(f'`{name}`' for name in found[row])} |"
        for row, (asks, page) in GUIDE_ROWS.items()
    ]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(COVERAGE).write_text(document())
