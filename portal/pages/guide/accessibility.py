"""What the accessibility statement says of our tests. The facts are written by the test run, never by hand."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FACTS = Path(__file__).parent / "accessibility_facts.json"


@dataclass(frozen=True)
class Checked:
    """A page as a person knows it, and the accessibility rules that it broke."""

    name: str
    broken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    checked_on: date
    browser: str
    axe: str
    widths: tuple[int, ...]
    scrolls_sideways_at_narrowest: tuple[str, ...]
    pages: tuple[Checked, ...]

    @property
    def failing(self) -> tuple[Checked, ...]:
        return tuple(page for page in self.pages if page.broken)


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
        scrolls_sideways_at_narrowest=tuple(found["scrolls_sideways_at_narrowest"]),
        pages=tuple(Checked(page["name"], tuple(page["broken"])) for page in found["pages"]),
    )
