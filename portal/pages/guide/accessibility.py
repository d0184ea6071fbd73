"""What the accessibility statement says of our tests. The facts are written by the test run, never by hand."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

FACTS = Path(__file__).parent / "accessibility_facts.json"


@dataclass(frozen=True)
class Check:
    """Something that is looked at on every page, and how many pages did not pass."""

    words: str
    failed: int


@dataclass(frozen=True)
class Journey:
    """Something that is done from beginning to end."""

    words: str
    passed: bool


@dataclass(frozen=True)
class Checked:
    """A page as a person knows it, and what is wrong with it."""

    name: str
    broken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    checked_on: date
    browser: str
    axe: str
    widths: tuple[int, ...]
    checks: tuple[Check, ...]
    journeys: tuple[Journey, ...]
    pages: tuple[Checked, ...]

    @property
    def failing(self) -> tuple[Checked, ...]:
        return tuple(page for page in self.pages if page.broken)

    @property
    def failed_journeys(self) -> tuple[Journey, ...]:
        return tuple(journey for journey in self.journeys if not journey.passed)


# What is wrong with a page that does not pass; of axe it is the name of the rule.
WRONG = {
    "heading": "its title does not say where one is",
    "sideways": "it has to be scrolled sideways on a very narrow screen",
    "spacing": "text is cut off when its spacing is widened",
    "focus": "one cannot always see where the keyboard is",
    "edges": "parts of it disappear in forced colours",
    "motion": "parts of it move although less motion is asked for",
    "filling": "a password manager cannot fill it in",
    "errors": "the list of errors does not lead to each field",
}


@lru_cache(maxsize=1)
def facts() -> Facts:
    """Read once: the file is a part of the release."""
    return parsed(FACTS.read_text())


def parsed(text: str) -> Facts:
    found = json.loads(text)
    return Facts(
        checked_on=date.fromisoformat(found["checked_on"]),
        browser=found["browser"],
        axe=found["axe"],
        widths=tuple(found["widths"]),
        checks=tuple(Check(one["words"], _failed(found["pages"], one["key"])) for one in found["on_every_page"]),
        journeys=tuple(Journey(one["words"], one["passed"]) for one in found["journeys"]),
        pages=tuple(Checked(page["name"], tuple(_wrong(page["broken"]))) for page in found["pages"]),
    )


def _failed(pages: list[dict[str, Any]], key: str) -> int:
    return sum(key in page["broken"] for page in pages)


def _wrong(broken: dict[str, list[str]]) -> Iterator[str]:
    for key, rules in broken.items():
        yield from rules or [WRONG[key]]
