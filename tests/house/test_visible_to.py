"""`visible_to` of every table, for everybody, with one record of every kind: the wall between landlords, row by row (S1)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.cases.models import Case, DiaryEntry
from portal.documents import actions as documents
from portal.documents.models import Submission, Visibility
from portal.messaging import actions as messaging
from portal.tasks import actions as tasks
from portal.tasks.models import TaskKind
from tests import determination_scene, world
from tests.cast import Cast, in_days
from tests.pages.casework_scene import PDF

pytestmark = pytest.mark.both  # the wall is a filter of every table

PEOPLE = ("amina", "ben", "carys", "dev", "esi", "farid", "gwen", "hana", "ike", "ines")


def _of_case(row: Any) -> Case:
    return row if isinstance(row, Case) else row.case


def _reached(row: Any, landlord_id: int) -> bool:
    """Whether the landlord's people may see the row: theirs, on a case that is open to them."""
    return row.landlord_id == landlord_id and _of_case(row).released_at is not None


def _issued(row: Any, landlord_id: int) -> bool:
    determination = getattr(row, "determination", row)
    return _reached(row, landlord_id) and determination.issued_at is not None


def _shared(row: Any, landlord_id: int) -> bool:
    return _reached(row, landlord_id) and row.visibility == Visibility.BOTH


OF_CASES: dict[str, Callable[[Any, int], bool]] = {
    "cases.Case": _reached,
    "tasks.Task": _reached,
    "messaging.Thread": _reached,
    "documents.Document": _shared,
    "documents.Submission": _reached,
    "determinations.Determination": _issued,
    "determinations.Order": _issued,
    "determinations.Recommendation": _issued,
    "determinations.Complaint": _issued,
    "determinations.Review": _issued,
}
# Tried where their rules are: tests/apps/test_search.py, test_saved_filters.py, test_restrictions.py, test_support.py.
OTHERS = ("search.", "filters.", "restrictions.", "support.")


def _models() -> dict[str, type[Model]]:
    return {m._meta.label: m for m in apps.get_models() if hasattr(m._default_manager.all(), "visible_to")}


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """One record of every kind for Alder, some on its case that is still hidden, some for Birch, some for staff only."""
    world.build(cast)
    for case in (cast.hidden, cast.birch_case):
        tasks.set_task(case, kind=TaskKind.RESPOND_TO_REQUEST, title="Log", due_on=in_days(9), by=cast.dev)
        messaging.start_thread(case, subject="Access", body="Please.", by=cast.dev)
    determination_scene.determined(cast, cast.birch_case)
    determination_scene.asked(cast, cast.birch_case, by=cast.carys)
    for case in (cast.case, cast.hidden, cast.birch_case):
        for visibility in Visibility:
            documents.share_document(
                case, name="Note.pdf", content=PDF, category=documents.LETTER, visibility=visibility, by=cast.dev
            )
    sent = Submission.objects.filter(case=cast.case).latest("pk")
    for case in (cast.hidden, cast.birch_case):
        sent.pk, sent.case, sent.landlord = None, case, case.landlord
        sent.save(force_insert=True)
    DiaryEntry.objects.filter(pk=cast.case.diary.latest("pk").pk).update(staff_may_read=False)
    return cast


def test_every_table_with_a_wall_is_tried() -> None:
    assert {label for label in _models() if not label.startswith(OTHERS)} <= set(OF_CASES) <= set(_models())


@pytest.mark.row("S1")
@pytest.mark.row("H41")
def test_everybody_sees_exactly_the_rows_that_they_may(filled: Cast) -> None:
    for label, may_see in OF_CASES.items():
        model = _models()[label]
        rows = list(model._default_manager.all())
        for name in PEOPLE:
            actor = filled.actors[name]
            seen = set(model._default_manager.visible_to(actor).values_list("pk", flat=True))
            assert seen == {row.pk for row in rows if _sees(actor, row, may_see)}, f"{label} as {name}"
        amina = model._default_manager.visible_to(filled.amina)
        assert 0 < amina.count() < len(rows), f"{label}: the scene has nothing that Amina must not see"
        assert model._default_manager.visible_to(filled.carys).exists(), label


def _sees(actor: Actor, row: Any, may_see: Callable[[Any, int], bool]) -> bool:
    if actor.landlord_id is not None:
        return may_see(row, actor.landlord_id)
    return actor.may(Permission.SEE_CASES)


@pytest.mark.row("S1")
def test_everybody_reads_exactly_the_diary_that_is_for_them(filled: Cast) -> None:
    rows = list(filled.case.diary.all()) + list(filled.birch_case.diary.all())
    assert {row.staff_may_read for row in rows} == {row.landlord_may_read for row in rows} == {True, False}
    diary = DiaryEntry.objects
    for name in PEOPLE:
        actor = filled.actors[name]
        seen = set(diary.readable_by(actor).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        if actor.landlord_id is None:
            expected = {row.pk for row in rows if row.staff_may_read}
        else:
            expected = {row.pk for row in rows if row.landlord_may_read and row.landlord_id == actor.landlord_id}
        assert seen == expected, name
