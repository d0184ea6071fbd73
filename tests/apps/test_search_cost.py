"""What a search reads: the own cases that hold the words, never those of other landlords, and no more than it shows."""

import pytest
from django.db import connection

from portal.access.actor import Actor
from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.pages.shared.search import _places_of
from portal.search import ranking
from portal.search.finding import Findings, Question, find
from portal.search.folding import words_asked
from portal.search.ranking import Among
from tests.cast import Cast
from tests.indexed import indexed, indexed_in_bulk
from tests.pages.landlord_rows import in_bulk
from tests.rows_read import rows_read

MANY = 1500
WORDS = ("leeds", "high street leeds", "le", "residnet", "199000077", "zzzz", "birch way")


@pytest.fixture
def many(cast: Cast) -> Cast:
    """Alder has so many cases that all hold the same words; Birch has one of its own."""
    in_bulk(cast, MANY)
    indexed()
    indexed_in_bulk(cast)
    if connection.vendor == "postgresql":  # its planner takes no advice from fewer than a hundred common words
        with connection.cursor() as cursor:
            common = "SELECT array_agg('common' || n) FROM generate_series(1, 120) n"
            cursor.execute(f"UPDATE search_casewords SET words = words || array_to_tsvector(({common}))")
            cursor.execute("ANALYZE search_casewords")
    return cast


def search(text: str, by: Actor) -> Findings:
    findings = find(text, by)
    if case_ids := [*findings.exact, *findings.close][:25]:
        _places_of(case_ids, findings, by)
    return findings


def test_a_landlord_reads_nothing_of_anothers_cases(many: Cast) -> None:
    for text in WORDS:
        read = rows_read(lambda text=text: search(text, many.carys))
        assert read["search_casewords"] + read["search_entry"] + read["cases_case"] <= 30, (text, read)


def test_reading_stops_when_there_are_enough(many: Cast, monkeypatch) -> None:
    monkeypatch.setattr(ranking, "LATEST", (200, 1_000))
    for by in (many.amina, many.dev):
        for text in ("leeds", "high street leeds", "damp mould resident"):
            question = Question(words_asked(text), by)
            read = rows_read(lambda question=question, by=by: question.first(Among(by, CaseQuerySet.all), 30))
            assert read["search_casewords"] <= 200 + 2 * 30 + 1, (by.name, text, read)
            assert read["cases_case"] <= 40, (by.name, text, read)


def test_it_is_the_same_whether_the_latest_are_read_or_all_put_in_order(cast: Cast, monkeypatch) -> None:
    in_bulk(cast, 60)
    indexed()
    indexed_in_bulk(cast)
    asked = [(text, by) for text in (*WORDS, "resident 7", "damp mould") for by in (cast.amina, cast.carys, cast.dev)]
    in_order = [search(text, by) for text, by in asked]
    monkeypatch.setattr(ranking, "_shares", lambda steps, by: [1.0] * len(steps))
    for latest in ((5,), (1000,), (5, 320, 1000)):
        monkeypatch.setattr(ranking, "LATEST", latest)
        assert [search(text, by) for text, by in asked] == in_order, latest
    assert any(len(found.exact) >= 60 for found in in_order)


def test_the_open_list_is_read_in_its_own_order(cast: Cast) -> None:
    in_bulk(cast, MANY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = Case.objects.visible_to(cast.amina).open().due_first()[:25].explain()
    assert "case_of_landlord_by_due" in plan, plan
    assert "Sort" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan
