"""Runs the tests of which the accessibility statement speaks and writes its facts: `python -m tests.accessibility_facts`.

Writes portal/pages/guide/accessibility_facts.json, which the statement reads; commit it. The facts are what the run found:
a test that fails is told as failed, a page that breaks a rule with the rule.
"""

import json
import re
import sys
from typing import Any

import pytest

import tests.outside_pytest  # noqa: F401 - first
from portal.lib import clock
from portal.pages.guide.accessibility import FACTS
from tests.house.layers import ROOT
from tests.journeys.looking import AXE_VERSION, NARROW, WIDE
from tests.journeys.statement import JOURNEYS, ON_EVERY_PAGE


class Recorder:
    """What the tests found, by the keys that they bear."""

    def __init__(self) -> None:
        self.passed: dict[str, bool] = {}
        self.noted: dict[str, Any] = {}

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        for mark in item.iter_markers("statement"):
            for key in mark.args:
                self.passed[key] = self.passed.get(key, True) and call.excinfo is None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.noted |= dict(report.user_properties)

    def facts(self) -> dict[str, Any]:
        pages = [{"name": name, "broken": broken(found)} for name, found in sorted(self.noted["pages"].items())]
        return {
            "checked_on": clock.today().isoformat(),
            "browser": self.noted["browser"],
            "axe": AXE_VERSION,
            "widths": [WIDE, NARROW],
            "on_every_page": [{"key": key, "words": words} for key, words in ON_EVERY_PAGE.items()],
            "journeys": [{"words": words, "passed": self.passed[key]} for key, words in JOURNEYS.items()],
            "pages": pages,
        }


def broken(complaints: list[str]) -> dict[str, list[str]]:
    """The measures that complained; of axe the rules' names as well, without the parts of the page that broke them."""
    found: dict[str, set[str]] = {}
    for complaint in complaints:
        key, words = complaint.split(": ", 1)
        found.setdefault(key, set()).update({re.split(r": <", words)[0]} if key == "axe" else ())
    return {key: sorted(found[key]) for key in ON_EVERY_PAGE if key in found}


def main() -> int:
    recorder = Recorder()
    code = pytest.main(["-q", "--all", "-m", "statement", str(ROOT / "tests" / "journeys")], plugins=[recorder])
    if missing := {*ON_EVERY_PAGE, *JOURNEYS} - set(recorder.passed):
        raise SystemExit(f"no test told of {sorted(missing)}: nothing was written")
    FACTS.write_text(json.dumps(recorder.facts(), indent=1, ensure_ascii=False) + "\n")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
