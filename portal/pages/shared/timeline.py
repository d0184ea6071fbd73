"""What happened on a case, as the reader may see it: newest first, each line leading to its thing."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.cases.models import Case, DiaryEntry
from portal.cases.querysets import DiaryQuerySet
from portal.lib.routes import address
from portal.notifications.rules import line, rule_of
from portal.pages.shared.lists.counts import counted, lengths
from portal.pages.shared.lists.paging import pages
from portal.tasks.models import Task

A_PAGE = 20


def timeline_of(case: Case, actor: Actor, number: str | None) -> tuple[Page[DiaryEntry], list[dict[str, Any]]]:
    """One page of the case's timeline: the rows for the pagination, the items for the macro."""
    length = counted(_length(actor, case_id=case.pk))["entries"]
    rows = pages(_entries, actor, length, A_PAGE, case_id=case.pk).get_page(number)
    for entry in rows:
        entry.case = case
    return rows, [item_of(case.reference, entry, actor) for entry in rows]


@kept
def _length(actor: Actor, case_id: int) -> QuerySet[Any]:
    return lengths(entries=DiaryEntry.objects.filter(case=case_id).readable_by(actor))


@kept
def _entries(actor: Actor, first: int, last: int, case_id: int) -> DiaryQuerySet:
    return DiaryEntry.objects.filter(case=case_id).readable_by(actor).newest_first()[first:last]


def entries_of_task(task: Task, actor: Actor) -> list[DiaryEntry]:
    """All that happened to a task and that the reader may read, the latest first."""
    entries: list[DiaryEntry] = _of_task(actor, case_id=task.case_id, task_id=task.pk)
    for entry in entries:
        entry.case = task.case
    return entries


@kept
def _of_task(actor: Actor, case_id: int, task_id: int) -> DiaryQuerySet:
    return DiaryEntry.objects.filter(case=case_id).readable_by(actor).of_task(task_id).newest_first()


def item_of(reference: str, entry: DiaryEntry, actor: Actor) -> dict[str, Any]:
    """A line of the timeline. `reason` is for both sides; the service's own reasons have another name."""
    leads = rule_of(entry).page != "overview"
    return {
        "title": line(entry, for_service=not actor.is_landlord),
        "by": entry.actor_name,
        "at": entry.at,
        "text": entry.details.get("reason", ""),
        "href": address_of(reference, entry, actor) if leads else "",
    }


def address_of(reference: str, entry: DiaryEntry, actor: Actor) -> str:
    """Where the words of an entry lead, in the reader's own area."""
    area = "landlord" if actor.is_landlord else "casework"
    kind = rule_of(entry).page
    if kind == "task":
        return address(f"{area}:task", entry.details["task"])
    if kind == "thread":
        return address(f"{area}:thread", reference, entry.details["thread"])
    name = "case" if kind == "overview" else kind
    return address(f"{area}:{name}", reference)
