"""Audit rows that are written together: the same rows in the same order, and none of work that failed."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.audit import trail
from portal.audit.models import AuditRow
from tests.cast import Cast


def _record(cast: Cast) -> None:
    for number in range(3):
        trail.record(cast.dev, f"act {number}", cast.case, case_reference=cast.case.reference, number=number)


def _fail_after_recording(cast: Cast) -> None:
    with transaction.atomic(), trail.together():
        _record(cast)
        raise ZeroDivisionError


def test_rows_written_together_are_as_those_written_one_by_one(cast: Cast) -> None:
    kept = ("actor_name", "verb", "record", "record_id", "case_reference", "details")
    _record(cast)
    with CaptureQueriesContext(connection) as asked, trail.together():
        _record(cast)
    assert len(asked) == 1
    rows = list(AuditRow.objects.order_by("pk").values(*kept))[-6:]
    assert [row["verb"] for row in rows[:3]] == ["act 0", "act 1", "act 2"]
    assert rows[:3] == rows[3:]


def test_nothing_is_written_of_work_that_failed(cast: Cast) -> None:
    before = AuditRow.objects.count()
    with pytest.raises(ZeroDivisionError):
        _fail_after_recording(cast)
    assert AuditRow.objects.count() == before
    _record(cast)
    assert AuditRow.objects.count() == before + 3
