"""Which test tries which row: read from the row markers, written to docs/. `python -m tests.house.coverage`."""

import ast
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.house.floors import ROOT
from tests.house.guide_rows import GUIDE_ROWS
from tests.house.hostile_rows import HOSTILE_ROWS


@dataclass(frozen=True)
class Table:
    """A document in docs/: its title, and row -> what it asks, where it is seen."""

    path: Path
    title: str
    example: str
    rows: Mapping[str, tuple[str, str]]

    def document(self) -> str:
        found = tests_by_row()
        lines = [
            f"| {row} | {asks} | {page} | {'<br>'.join(f'`{name}`' for name in found[row])} |"
            for row, (asks, page) in self.rows.items()
        ]
        return HEAD.format(title=self.title, example=self.example) + "\n".join(lines) + "\n"


HEAD = """# {title}

Drawn from the row markers of the tests (`@pytest.mark.row("{example}")`); do not edit by hand.

| Row | What it asks | Page | Tests |
|---|---|---|---|
"""
DOCS = ROOT / "docs"
GUIDE = Table(DOCS / "guide-coverage.md", "What the user guide says, and the tests that try it", "S42", GUIDE_ROWS)
HOSTILE = Table(
    DOCS / "hostile-coverage.md",
    "What an attacker or a bad day tries, and the tests that try it first",
    "H26",
    HOSTILE_ROWS,
)
TABLES = (GUIDE, HOSTILE)


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


if __name__ == "__main__":
    for table in TABLES:
        table.path.write_text(table.document())
