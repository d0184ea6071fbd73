"""Which test tries which row: read from the row markers, written to docs/. `python -m tests.house.coverage`."""

import inspect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.house.guide_rows import GUIDE_ROWS
from tests.house.hostile_rows import HOSTILE_ROWS
from tests.house.layers import ROOT


@dataclass(frozen=True)
class Table:
    """A document in docs/: its title, and row -> what it asks, where it is seen."""

    path: Path
    title: str
    example: str
    rows: Mapping[str, tuple[str, str]]

    def document(self) -> str:
        found = found_by_row()
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


@cache
def found_by_row() -> dict[str, list[str]]:
    """Row -> the tests that bear its marker, also as one of their parameters only, as file::name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name, function in vars(module).items():
            if name.startswith("test_") and inspect.isfunction(function) and function.__module__ == module.__name__:
                for row in dict.fromkeys(_rows(getattr(function, "pytestmark", []))):
                    found[row].append(f"{path.relative_to(ROOT / 'tests')}::{name}")
    return found


def _rows(marks: Iterable[pytest.Mark | pytest.MarkDecorator]) -> Iterator[str]:
    for mark in marks:
        if mark.name == "row":
            yield from mark.args
        elif mark.name == "parametrize":
            for one in mark.args[1]:
                yield from _rows(getattr(one, "marks", []))


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings.test")
    django.setup()
    for table in TABLES:
        table.path.write_text(table.document())
