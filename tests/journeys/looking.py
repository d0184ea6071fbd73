"""How a page in the browser is held to the rules of accessibility: axe, and tests/journeys/measures.js beside it."""

import re
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

NARROW, WIDE = 320, 1280
HEIGHT = 900
MEASURES = (Path(__file__).parent / "measures.js").read_text()
AXE_VERSION = re.search(r"axe v([\d.]+)", AXE_SCRIPT)[1]  # type: ignore[index]
READY = "typeof window.portalMeasures === 'object'"


def measure(page: Page, name: str, **options: Any) -> list[str]:
    """What one measure complains of."""
    if not page.evaluate(READY):
        page.evaluate(f"(() => {{ {AXE_SCRIPT}\n{MEASURES} }})()")
    found: list[str] = page.evaluate("([name, options]) => window.portalMeasures[name](options)", [name, options])
    return [f"{name}: {words}" for words in found or ()]


def narrow(page: Page) -> None:
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})


def widen(page: Page) -> None:
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
