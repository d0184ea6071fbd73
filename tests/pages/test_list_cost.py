"""What the long lists read: a page of them, not the list, and nothing of other landlords."""

from collections.abc import Iterator

import pytest
from django.db import connection

from portal.access.actor import Actor
from portal.cases.models import Case
from portal.pages.casework.cases import lists as of_service
from portal.pages.landlord.cases import lists as of_landlord
from portal.pages.landlord.cases.lists import OPEN
from portal.pages.shared.lists import counts
from portal.pages.shared.lists.counts import length
from portal.tasks.models import Task, TaskKind
from tests.cast import Cast, in_days
from tests.conftest import Browser
from tests.pages.landlord_rows import in_bulk
from tests.rows_read import rows_read

pytestmark = pytest.mark.both  # the SQL and its plans are each database's own

MANY, OF_BIRCH, LONG = 1200, 250, 400
A_PAGE = 150  # rows, as the page of a list may read them with all that stands around it


@pytest.fixture
def many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """Alder has many cases, Birch some, and each that is open has a task. A long list has LONG cases."""
    in_bulk(cast, MANY)
    given, tasks = {"kind": TaskKind.RESPOND_TO_REQUEST, "set_by_name": "Dev"}, list[Task]()
    Case.objects.filter(pk__in=Case.objects.visible_to(cast.amina).open()[:OF_BIRCH]).update(landlord=cast.birch)
    for case in Case.objects.filter(closed_at__isnull=True, released_at__isnull=False):
        tasks.append(Task(case=case, landlord_id=case.landlord_id, title="Log", due_on=in_days(case.pk % 90), **given))
    Task.objects.bulk_create(tasks)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":  # else a table as small as these is read as a whole
            cursor.execute("SET LOCAL enable_seqscan = off")
    monkeypatch.setattr(counts, "MANY", LONG)
    yield cast
    counts.forget_lengths()


@pytest.mark.parametrize("query", ["", "?show=hidden"])
def test_the_services_list_reads_one_page(many: Cast, client_of: Browser, query: str) -> None:
    client = client_of("dev")
    read = rows_read(lambda: client.get(f"/casework/cases/{query}"))
    assert read["cases_case"] <= A_PAGE, read


def test_a_far_page_is_found_by_its_index(many: Cast) -> None:
    plan = of_service._rows.plainly(many.dev, 500, 525, "").explain()
    assert "open_case_by_due" in plan, plan


@pytest.mark.parametrize("sort", ["resident", "-resident"])
def test_a_page_of_a_list_by_name_is_found_by_its_index(many: Cast, sort: str) -> None:
    if connection.vendor == "postgresql":  # else a table as small as these is sorted
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off")
    plan = of_service._rows.plainly(many.dev, 500, 525, sort).explain()
    assert "open_case_by_resident" in plan, plan
    plan = of_landlord._rows.plainly(many.amina, 100, 125, "landlord:cases", sort).explain()
    assert "case_of_landlord_by_resident" in plan, plan


@pytest.mark.parametrize("path", ["/", "/tasks/", "/cases/open/", "/cases/closed/", "/cases/"])
def test_a_landlords_lists_read_nothing_of_anothers_cases(many: Cast, client_of: Browser, path: str) -> None:
    client = client_of("carys")
    read = rows_read(lambda: client.get(path))
    assert read["cases_case"] <= 5 * OF_BIRCH + A_PAGE, read  # home has five numbers
    assert read["tasks_task"] <= 4 * OF_BIRCH + A_PAGE, read


def test_a_long_lists_length_is_remembered_for_each_landlord_alone(many: Cast) -> None:
    def lengths(by: Actor) -> int:
        return length(of_landlord._length, by, OPEN.route)

    alders, birchs, everybodys = lengths(many.amina), lengths(many.carys), length(of_service._length, many.dev)
    assert alders > LONG > birchs
    assert everybodys > alders
    closed = Case.objects.visible_to(many.amina).open()[:10]
    Case.objects.filter(pk__in=closed).update(status="closed", closed_at=many.case.created_at)
    Case.objects.filter(landlord=many.birch).update(closed_at=many.case.created_at, status="closed")
    assert lengths(many.amina) == alders  # as it was some seconds ago
    assert lengths(many.carys) == 0  # a short list is counted each time
    counts.forget_lengths()
    assert lengths(many.amina) == alders - 10
    assert length(of_service._length, many.dev) == everybodys - 10 - birchs
