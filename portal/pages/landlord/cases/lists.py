"""The lists of the landlord's cases: open, closed and all, each with the same filters (S24, S30-S32)."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.cases.statuses import Status
from portal.content.words import words
from portal.filters.models import List
from portal.lib.routes import address
from portal.pages.guards import PortalRequest, landlord
from portal.pages.landlord import back
from portal.pages.landlord.cases.filters import BY_CLOSING, BY_DEADLINE, CaseFilter
from portal.pages.landlord.cases.rows import case_items, listed
from portal.pages.shared.horizon import today
from portal.pages.shared.lists.counts import length, lengths
from portal.pages.shared.lists.paging import in_parts, pages, part
from portal.pages.shared.lists.saved_filters import saved_filters
from portal.pages.shared.lists.sorting import Sorting
from portal.pages.shared.page import page
from portal.teams.people import owner_names

A_PAGE = 25


@dataclass(frozen=True)
class Listing:
    """One of the three lists."""

    title: str
    route: str
    chip: str
    empty: str
    noun: str
    saved: List
    sorting: Sorting = BY_DEADLINE

    @property
    def shows_closing(self) -> bool:
        return self.sorting is BY_CLOSING


ALL = Listing(
    "All cases",
    "landlord:cases",
    "Open and closed cases",
    "Cases appear here when we open them to you.",
    "case",
    List.ALL_CASES,
)
OPEN = Listing(
    "Open cases",
    "landlord:open_cases",
    "Open cases",
    "You have no open cases. A case appears here when we open it to you.",
    "open case",
    List.OPEN_CASES,
)
CLOSED = Listing(
    "Closed cases",
    "landlord:closed_cases",
    "Closed cases",
    "Cases that we have closed appear here. You can still read them.",
    "closed case",
    List.CLOSED_CASES,
    BY_CLOSING,
)


@landlord
@require_safe
def all_cases(request: PortalRequest) -> HttpResponse:
    return _list(request, ALL)


@landlord
@require_safe
def open_cases(request: PortalRequest) -> HttpResponse:
    return _list(request, OPEN)


@landlord
@require_safe
def closed_cases(request: PortalRequest) -> HttpResponse:
    return _list(request, CLOSED)


def _list(request: PortalRequest, listing: Listing) -> HttpResponse:
    """A page of the list, with its filter and sort order."""
    if tidy := back.tidied(request):
        return tidy
    actor, seen, base = request.actor, today(), address(listing.route)
    named = [(str(user_id), name) for user_id, name, _ in owner_names(None)]
    form = CaseFilter(request.GET, actor=actor, owners=named, sorting=listing.sorting)
    rows = _listed(form, listing, actor).get_page(request.GET.get("page"))
    chips = form.chips(base)
    context = {
        "listing": listing,
        "form": form,
        "rows": rows,
        "cases": case_items(rows, seen, actor),
        "chips": [_whole(form, listing), *chips],
        "clear_href": form.cleared(base) if chips else "",
        "saved": saved_filters(listing.saved, actor, form.query()),
        "here": back.here(request),
        "head": form.head(base),
        "statuses": [(status.label, words(f"status.{status}")) for status in Status],
    }
    return page(request, "landlord/cases.html", context)


def _listed(form: CaseFilter, listing: Listing, actor: Actor) -> Paginator:  # type: ignore[type-arg]
    """Returns the rows. The list without a filter is requested most, so its SQL statements are kept."""
    if not form.narrows():
        return pages(_rows, actor, length(_length, actor, listing.route), A_PAGE, listing.route, form.sort())
    return in_parts(listed(form.narrow(_cases(actor, listing.route), actor)), A_PAGE)


def _cases(actor: Actor, route: str) -> CaseQuerySet:
    every = Case.objects.visible_to(actor)
    return every.open() if route == OPEN.route else every.closed() if route == CLOSED.route else every


@kept
def _length(actor: Actor, route: str) -> QuerySet[Any]:
    return lengths(cases=_cases(actor, route))


@kept
def _rows(actor: Actor, first: int, last: int, route: str, sort: str) -> CaseQuerySet:
    sorting = CLOSED.sorting if route == CLOSED.route else OPEN.sorting
    is_indexed = route == OPEN.route and not sort
    rows: CaseQuerySet = part(listed(sorting.applied(_cases(actor, route), sort)), first, last, is_indexed=is_indexed)
    return rows


def _whole(form: CaseFilter, listing: Listing) -> dict[str, str]:
    """The “open” or “closed” tag at the top. Removing it leads to the same filters over all cases (S30)."""
    chip = {"category": "", "text": listing.chip}
    return chip if listing is ALL else {**chip, "href": form.href(address(ALL.route))}
