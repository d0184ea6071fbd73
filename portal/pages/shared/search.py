"""The search page of both areas: the cases found, each with what was found on it. `area` is its URL namespace."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from markupsafe import escape

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.cases.statuses import Status
from portal.lib.routes import address
from portal.lib.typed import one_line
from portal.pages.design.wording import long_date
from portal.pages.guards import PortalRequest
from portal.pages.shared.page import page
from portal.search.finding import FIRST, Findings, find, places
from portal.search.holding import listed
from portal.search.kinds import Kind
from portal.search.models import Entry
from portal.search.snippets import Piece, pieces, snippet

A_PAGE = 25
SHOWN_OF_A_CASE = 4
MARK, END_OF_MARK = '<mark class="portal-match">', "</mark>"
LONGEST = 200  # characters of a question
SAID_OF_A_CASE = (
    *("pk", "reference", "resident_name", "resident_address", "summary", "status", "released_at", "closed_at"),
    *("landlord__name",),
)
SAID_OF_A_THING = (
    *("pk", "kind", "task_id", "thread_id", "message_id", "document_id", "determination_id"),
    *("task__title", "task__details", "thread__subject", "determination__issued_at"),
    *("message__body", "message__author_name", "message__sent_at"),
    *("document__name", "document__received_at", "document__withdrawn_at"),
)
Thing = Any  # a named tuple of the columns of one or the other
SHOWS: dict[str, tuple[str, Callable[[CaseQuerySet], CaseQuerySet]]] = {
    "": ("Open and closed cases", CaseQuerySet.all),
    "open": ("Open cases", CaseQuerySet.open),
    "closed": ("Closed cases", CaseQuerySet.closed),
}


class Marked(list[Piece]):
    """A text that prints as HTML: what people wrote is escaped, and each match stands in our own <mark>."""

    def __html__(self) -> str:
        return "".join([f"{MARK}{escape(text)}{END_OF_MARK}" if is_found else escape(text) for text, is_found in self])


class Place(NamedTuple):
    """One thing of a case in which something was found."""

    label: str
    href: str
    title: Marked
    note: str
    text: Marked


class Result(NamedTuple):
    case: Thing
    status: str
    href: str
    reference: Marked
    resident: Marked
    home: Marked
    places: list[Place]
    others: int  # things of the case in which something was found as well


def search_view(request: PortalRequest, area: str, *, carried: str = "") -> HttpResponse:
    """`carried` is what the links to cases bring along, for the way back."""
    actor, text = request.actor, one_line(request.GET.get("q", ""))
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    asked = text[:LONGEST].strip()
    findings = find(asked, actor, SHOWS[show][1])
    rows = Paginator([*findings.exact, *findings.close], A_PAGE).get_page(request.GET.get("page"))
    results = _results(list(rows), findings, actor, area, carried)
    exact = set(findings.exact)
    context = {
        "is_search": True,
        "asked": asked,
        "is_cut": len(text) > LONGEST,
        "show": show,
        "shows": _switch(area, asked, show),
        "findings": findings,
        "first": FIRST,
        "rows": rows,
        "exact": [one for one in results if one.case.pk in exact],
        "close": [one for one in results if one.case.pk not in exact],
        "everything": f"{address(f'{area}:search')}?{urlencode({'q': asked})}",
        "for_service": not actor.is_landlord,
    }
    return page(request, "shared/search.html", context)


def _switch(area: str, asked: str, show: str) -> list[dict[str, Any]]:
    base = address(f"{area}:search")
    return [
        {
            "text": words,
            "href": f"{base}?{urlencode({'q': asked, **({'show': key} if key else {})})}",
            "current": key == show,
        }
        for key, (words, _) in SHOWS.items()
    ]


def _results(case_ids: list[int], findings: Findings, actor: Actor, area: str, carried: str) -> list[Result]:
    """In the order of the ids, with their things: three statements, and none when nothing was found."""
    if not case_ids:
        return []
    found = {case.pk: case for case in _cases(actor, ids=listed(case_ids))}
    entries = _places_of(case_ids, findings, actor)
    return [_result(found[pk], *entries.get(pk, ([], 0)), findings, area, carried) for pk in case_ids if pk in found]


@kept
def _cases(actor: Actor, ids: str) -> QuerySet[Case, Thing]:
    return Case.objects.visible_to(actor).filter(pk__among=ids).values_list(*SAID_OF_A_CASE, named=True)


def _places_of(case_ids: list[int], findings: Findings, actor: Actor) -> dict[int, tuple[list[Thing], int]]:
    """The first entries of each case (by case id) and how many there are in all, without those shown in the result's heading.

    They are read by id in a second statement: together with the search for words PostgreSQL would expect few rows and scan
    whole tables for each.
    """
    numbered = _numbered(actor, ids=listed(case_ids), words=findings.words)
    shown = listed(pk for _, pk, _ in numbered)
    things = {thing.pk: thing for thing in _things(None, ids=shown)} if shown else {}
    found: dict[int, tuple[list[Thing], int]] = {}
    for case_id, pk, in_all in numbered:
        if pk in things:
            found.setdefault(case_id, ([], in_all))[0].append(things[pk])
    return found


@kept
def _numbered(actor: Actor, ids: str, words: list[str]) -> QuerySet[Entry, tuple[int, int, int]]:
    """Case, thing, and how many things of the case there are; the first of each case."""
    found: QuerySet[Any, Any] = places(ids, words, actor).filter(kind__gte=Kind.SUMMARY)
    numbered: QuerySet[Any, Any] = found.annotate(
        number=Window(RowNumber(), partition_by="case_id", order_by=["kind", "-id"]),
        in_all=Window(Count("pk"), partition_by="case_id"),
    )
    shown = numbered.filter(number__lte=SHOWN_OF_A_CASE).order_by("case_id", "number")
    return shown.values_list("case_id", "pk", "in_all")


@kept
def _things(ids: str) -> QuerySet[Entry, Thing]:
    return Entry.objects.filter(pk__among=ids).values_list(*SAID_OF_A_THING, named=True)


def _result(case: Thing, entries: list[Thing], in_all: int, findings: Findings, area: str, carried: str) -> Result:
    sought = findings.sought
    href = address(f"{area}:case", case.reference)
    shown = [place for entry in entries for place in _place(entry, case, findings, area)]
    return Result(
        case=case,
        status=Status(case.status).label,
        href=f"{href}?{carried}" if carried else href,
        reference=Marked(pieces(case.reference, sought)),
        resident=Marked(pieces(case.resident_name, sought)),
        home=Marked(pieces(case.resident_address, sought)),
        places=shown,
        others=in_all - len(entries),
    )


def _place(thing: Thing, case: Thing, findings: Findings, area: str) -> Iterator[Place]:
    """The entry in words. If it has changed since it was indexed and no longer matches, it is not shown."""
    label, href, title, note, text = _told(thing, case, area)
    head, body = pieces(title, findings.sought), snippet(text, findings.sought)
    if body or any(piece.is_found for piece in head) or thing.kind == Kind.DETERMINATION:
        yield Place(label, href, Marked(head), note, Marked(body))


def _told(thing: Thing, case: Thing, area: str) -> tuple[str, str, str, str, str]:
    """What it is, where it leads, its title, who and when, and its text."""
    if thing.thread_id:
        href = address(f"{area}:thread", case.reference, thing.thread_id)
        if not thing.message_id:
            return "Messages", href, thing.thread__subject, "", ""
        note = f"from {thing.message__author_name}, {long_date(thing.message__sent_at)}"
        return "Message", f"{href}#message-{thing.message_id}", thing.thread__subject, note, thing.message__body
    if thing.task_id:
        return "Task", address(f"{area}:task", thing.task_id), thing.task__title, "", thing.task__details
    if thing.document_id:
        return _told_of_document(thing, case, area)
    if thing.determination__issued_at:
        href = address(f"{area}:determination", case.reference)
        return "Determination", href, f"Issued {long_date(thing.determination__issued_at)}", "", ""
    return "What the complaint is about", "", "", "", case.summary  # the case itself is linked already


def _told_of_document(thing: Thing, case: Thing, area: str) -> tuple[str, str, str, str, str]:
    """One that was withdrawn opens for nobody: the list of the case says what became of it."""
    if thing.document__withdrawn_at:
        note = f"withdrawn or replaced on {long_date(thing.document__withdrawn_at)}"
        return "Document", address(f"{area}:documents", case.reference), thing.document__name, note, ""
    href = address(f"{area}:document", case.reference, thing.document_id)
    return "Document", href, thing.document__name, f"received {long_date(thing.document__received_at)}", ""
