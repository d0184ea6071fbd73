"""Drafting a determination row by row, over as many saves as it takes (C18). Nobody but the service sees a draft.

Several people may draft at once. `shown` is the version token of what somebody was looking at: what a colleague has written
since is neither overwritten nor removed.
"""

from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.audit import trail
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.determinations import version_tokens
from portal.determinations.actions import WORDS_LIMIT
from portal.determinations.kinds import FindingKind, RemedyKind
from portal.determinations.models import Complaint, Determination, Order, Recommendation
from portal.determinations.version_tokens import AnyRow, Draft
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.lib.typed import required
from portal.lib.version_tokens import changed as changed_since
from portal.tasks.deadlines import check_due

MOST_ROWS = 99  # of each part
NO_DRAFT = "There is no draft. It may have been issued or discarded already."
GONE = (
    "Somebody has removed this from the draft since you opened this page. Nothing was saved. What you typed is still "
    "below: copy it, and add it anew if it is needed."
)
DRAFTED_IN = frozenset({Status.UNDER_INVESTIGATION, Status.REVIEW})
Written = TypeVar("Written", Complaint, Order, Recommendation)


class Part(StrEnum):
    """The three lists of a determination, as their addresses name them."""

    COMPLAINTS = "complaints"
    ORDERS = "orders"
    RECOMMENDATIONS = "recommendations"


MODELS: dict[Part, type[Complaint] | type[Order] | type[Recommendation]] = {
    Part.COMPLAINTS: Complaint,
    Part.ORDERS: Order,
    Part.RECOMMENDATIONS: Recommendation,
}


def may_draft(case: Case, by: Actor) -> bool:
    """Whether a determination of the case can be drafted now."""
    return by.may(Permission.DETERMINE) and not why_not(case)


def why_not(case: Case) -> str:
    """Why no determination of the case can be drafted or issued now; empty when one can."""
    if not case.is_released:
        return "Release the case to the landlord first."
    if case.status not in DRAFTED_IN:
        return (
            f"A determination is drafted and issued while the case is “{Status.UNDER_INVESTIGATION.label}” or "
            f"“{Status.REVIEW.label}”. This case is “{case.get_status_display()}”."
        )
    return ""


@transaction.atomic
def start_draft(case: Case, *, by: Actor) -> Determination:
    """The case's draft; a new one begins as a copy of the determination in force, when there is one."""
    return _draft(_lock(case, by=by), by=by)


@transaction.atomic
def write_complaint(
    case: Case, *, words: str, finding: str, row_id: int | None = None, shown: str = "", by: Actor
) -> Complaint:
    """A defined complaint with its own finding: a new one, or `row_id` of the draft as it was `shown`."""
    case = _lock(case, by=by)
    words = required(words, "Enter the complaint in your own words.", field="words", limit=WORDS_LIMIT)
    if finding not in FindingKind.values:
        raise RuleBroken("Choose the finding on this complaint.", field="finding")
    return _write(case, Complaint, row_id, shown, by=by, words=words, finding=finding)


@transaction.atomic
def write_order(
    case: Case, *, kind: str, words: str, due_on: date, row_id: int | None = None, shown: str = "", by: Actor
) -> Order:
    """What the landlord must do and by when."""
    case = _lock(case, by=by)
    words = required(words, "Enter what the landlord must do.", field="words", limit=WORDS_LIMIT)
    _check_kind(kind)
    check_due(due_on, clock.today(), "due date")
    return _write(case, Order, row_id, shown, by=by, kind=kind, words=words, due_on=due_on)


@transaction.atomic
def write_recommendation(
    case: Case, *, kind: str, words: str, row_id: int | None = None, shown: str = "", by: Actor
) -> Recommendation:
    """What the service recommends, without a date: it does not bind."""
    case = _lock(case, by=by)
    words = required(words, "Enter what you recommend.", field="words", limit=WORDS_LIMIT)
    _check_kind(kind)
    return _write(case, Recommendation, row_id, shown, by=by, kind=kind, words=words)


@transaction.atomic
def remove_row(case: Case, part: Part, row_id: int, *, shown: str, by: Actor) -> bool:
    """Takes a row out of the draft. False when there is no such row any more, as when the button is pressed twice.

    Raises DoesNotExist for a row that stands elsewhere.
    """
    case = _lock(case, by=by)
    try:
        row = find_row(case, part, row_id, by=by)
    except ObjectDoesNotExist:
        if is_gone(MODELS[part], row_id):
            return False
        raise
    version_tokens.check(version_tokens.of_row(row), shown, changed_since(called(row), "Nothing was removed."))
    _remove(case, row, by=by)
    return True


@transaction.atomic
def discard_draft(case: Case, *, shown: str, by: Actor) -> Determination:
    """The whole draft goes; the determination in force stays as it is. What was written stays in the audit trail.

    Whatever the status: a case may be closed, or go back to an earlier status, while it holds a draft, and what can no
    longer be issued can so be tidied away. Nothing that anybody was told of changes by it.
    """
    by.require(Permission.DETERMINE)
    case = cases.lock(case, by=by)
    draft = the_draft(case)
    version_tokens.check(draft.version_token, shown, changed_since("draft", "Nothing was discarded."))
    for row in draft.rows:
        _remove(case, row, by=by)
    version = draft.determination.version
    trail.record(by, "draft discarded", draft.determination, case_reference=case.reference, version=version)
    draft.determination.delete()
    return draft.determination


def the_draft(case: Case) -> Draft:
    """The case's draft. Raises RuleBroken when it has none."""
    found: Determination | None = _drafts(case).first()
    if found is None:
        raise RuleBroken(NO_DRAFT)
    return version_tokens.read(found)


def is_gone(model: type[AnyRow], row_id: int) -> bool:
    """Whether a row that is not in the draft exists nowhere else either: somebody has just removed it."""
    return not model.objects.filter(pk=row_id).exists()


def changed(row: AnyRow) -> str:
    """The words for somebody who would overwrite a colleague's change."""
    return changed_since(called(row), "Nothing was saved. What you typed is still below.")


def called(row: AnyRow) -> str:
    return str(row._meta.verbose_name)


def find_row(case: Case, part: Part, row_id: int, *, by: Actor) -> AnyRow:
    """A row of the case's draft, for the page that changes it. Raises DoesNotExist."""
    by.require(Permission.DETERMINE)
    return MODELS[part].objects.filter(determination__in=_drafts(case)).get(pk=row_id)


def _lock(case: Case, *, by: Actor) -> Case:
    by.require(Permission.DETERMINE)
    case = cases.lock(case, by=by)
    if refusal := why_not(case):
        raise RuleBroken(refusal)
    return case


def _drafts(case: Case) -> Any:
    return Determination.objects.on_case(case.pk).draft()


def _draft(case: Case, *, by: Actor) -> Determination:
    draft: Determination | None = _drafts(case).first()
    if draft is not None:
        return draft
    former = Determination.objects.on_case(case.pk).in_force().first()
    version = Determination.objects.on_case(case.pk).count() + 1
    draft = Determination.objects.create(
        case=case, landlord_id=case.landlord_id, version=version, drafted_by_name=by.name
    )
    if former is not None:
        _copy_rows(former, draft)
    trail.record(by, "determination drafted", draft, case_reference=case.reference, version=version)
    return draft


def _remove(case: Case, row: AnyRow, *, by: Actor) -> None:
    trail.record(by, "draft row removed", row, case_reference=case.reference, words=row.words)
    row.delete()


def _copy_rows(former: Determination, draft: Determination) -> None:
    of = {"determination": draft, "case_id": draft.case_id, "landlord_id": draft.landlord_id}
    for complaint in former.complaints.all():
        Complaint.objects.create(**of, words=complaint.words, finding=complaint.finding)
    for order in former.orders.all():
        Order.objects.create(**of, kind=order.kind, words=order.words, due_on=order.due_on, carried_from=order)
    for one in former.recommendations.all():
        Recommendation.objects.create(**of, kind=one.kind, words=one.words, carried_from=one)


def _write(case: Case, model: type[Written], row_id: int | None, shown: str, *, by: Actor, **given: Any) -> Written:
    draft = _draft(case, by=by)
    rows = model.objects.filter(determination=draft)
    if row_id is None:
        if rows.count() >= MOST_ROWS:
            raise RuleBroken(f"A determination holds at most {MOST_ROWS} of these.")
        row = model(determination=draft, case=case, landlord_id=case.landlord_id)
    else:
        found = rows.filter(pk=row_id).first()
        if found is None:
            foreign = NotAllowed("This is not a row of the draft of this case.")
            raise RuleBroken(GONE) if is_gone(model, row_id) else foreign
        row = found
        if all(getattr(row, name) == value for name, value in given.items()):
            return row  # pressed twice: it is as it should be
        version_tokens.check(version_tokens.of_row(row), shown, changed(row))
    for name, value in given.items():
        setattr(row, name, value)
    row.save()
    trail.record(by, "draft row saved", row, case_reference=case.reference)
    return row


def _check_kind(kind: str) -> None:
    if kind not in RemedyKind.values:
        raise RuleBroken("Choose what it is about.", field="kind")
