"""The accessibility statement: what it must say by law, and that its facts are those of the portal as it stands."""

import json
import re

import pytest
from django.test import Client

from portal.pages.guide import accessibility
from tests import visits
from tests.cast import Cast
from tests.house.layers import ROOT
from tests.journeys.statement import JOURNEYS, ON_EVERY_PAGE
from tests.well_formed import check

pytestmark = [pytest.mark.django_db, pytest.mark.row("S29")]
REDRAW = "run `python -m tests.accessibility_facts` and commit what it writes"
FACTS = json.loads(accessibility.FACTS.read_text())


def text_of(client: Client) -> str:
    return " ".join(check(client.get("/accessibility/")).select_one("main").get_text(" ").split())


def test_the_facts_name_every_page_that_there_is_and_no_other(cast: Cast) -> None:
    there_are = {visit.name for visit in visits.everything(cast, only_first=True)[0]}
    assert {page["name"] for page in FACTS["pages"]} == there_are, REDRAW


def test_the_facts_tell_of_every_test_and_of_nothing_that_no_test_does() -> None:
    assert [(one["key"], one["words"]) for one in FACTS["on_every_page"]] == list(ON_EVERY_PAGE.items()), REDRAW
    assert [one["words"] for one in FACTS["journeys"]] == list(JOURNEYS.values()), REDRAW
    written = "".join(path.read_text() for path in (ROOT / "tests" / "journeys").rglob("test_*.py"))
    assert set(re.findall(r'mark\.statement\("([\w-]+)"\)', written)) == set(JOURNEYS)
    assert "mark.statement(*ON_EVERY_PAGE)" in written


def test_each_measure_of_a_page_has_words_for_a_page_that_fails() -> None:
    assert set(accessibility.WRONG) == set(ON_EVERY_PAGE) - {"axe"}


def test_the_statement_says_what_was_tested_how_and_when(client: Client) -> None:
    facts, text = accessibility.facts(), text_of(client)
    assert f"opened {len(facts.pages)} pages in {facts.browser}, at widths of 1280 and 320 pixels" in text
    assert f"axe-core {facts.axe}" in text
    for words in (*ON_EVERY_PAGE.values(), *JOURNEYS.values(), *(page.name for page in facts.pages)):
        assert " ".join(words.split()) in text


def test_the_statement_says_what_the_law_asks_for(client: Client) -> None:
    text = text_of(client)
    for told in (
        "partially compliant with the Web Content Accessibility Guidelines (WCAG) version 2.2 AA standard",
        "we do not say that it complies fully",
        "Content that is not accessible",
        "Content that is not within the scope of the accessibility regulations",
        "Feedback and contact information",
        "Enforcement procedure",
        "Equality Advisory and Support Service",
        "Preparation of this statement",
    ):
        assert told in text


def test_the_statement_owns_up_to_what_the_tests_found(client: Client, tmp_path, monkeypatch) -> None:
    found = FACTS | {
        "pages": [
            {"name": "My tasks", "broken": {"axe": ["Links must have discernible text"], "sideways": []}},
            {"name": "Home", "broken": {}},
        ],
        "journeys": [{"words": "pasting passwords and codes", "passed": False}],
    }
    (tmp_path / "facts.json").write_text(json.dumps(found))
    monkeypatch.setattr(accessibility, "FACTS", tmp_path / "facts.json")
    accessibility.facts.cache_clear()
    try:
        text = text_of(client)
    finally:
        accessibility.facts.cache_clear()
    assert "the page “My tasks” did not pass our own tests: Links must have discernible text, it has to be" in text
    assert "1 page did not pass." in text
    assert "this did not work in our own tests: pasting passwords and codes" in text
    assert "This did not work." in text
