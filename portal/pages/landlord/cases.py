"""The lists of the landlord's cases: open, closed and all, each with the same filters (S24, S30-S32)."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.cases.statuses import Status
from portal.content.words import words
from portal.pages.guards import PortalRequest, landlord
from portal.pages.landlord import back
from portal.pages.landlord.filters import CaseFilter
from portal.pages.landlord.standing import today, urgency
from portal.pages.shared.page import page
from portal.teams.people import owners

A_PAGE = 25
SORTED_COLUMNS = (
    ("reference", "Reference"),
    ("resident", "Resident and home"),
    ("status", "Status"),
    ("team", "Managing team"),
)


@dataclass(frozen=True)
class Listing:
    """One of the three lists."""

    title: str
    route: str
    chip: str
    empty: str
    sort: str = "deadline"
    last_column: str = "Next deadline"


ALL = Listing("All cases", "landlord:cases", "Open and closed cases", "Cases appear here when we open them to you.")
OPEN = Listing(
    "Open cases",
    "landlord:open_cases",
    "Open cases",
    "You have no open cases. A case appears here when we open it to you.",
)
CLOSED = Listing(
    "Closed cases",
    "landlord:closed_cases",
    "Closed cases",
    "Cases that we have closed appear here. You can still read them.",
    "closed",
    "Closed on",
)


@landlord
@require_GET
def all_cases(request: PortalRequest) -> HttpResponse:
    return _list(request, ALL, Case.objects.visible_to(request.actor))


@landlord
@require_GET
def open_cases(request: PortalRequest) -> HttpResponse:
    return _list(request, OPEN, Case.objects.visible_to(request.actor).open())


@landlord
@require_GET
def closed_cases(request: PortalRequest) -> HttpResponse:
    return _list(request, CLOSED, Case.objects.visible_to(request.actor).closed())


def _list(request: PortalRequest, listing: Listing, cases: CaseQuerySet) -> HttpResponse:
    """A page of the list, and all that was asked of it."""
    if tidy := back.tidied(request):
        return tidy
    form = CaseFilter(request.GET, owners=[(str(one.user_id), one.user.name) for one in owners()])
    rows = Paginator(form.narrow(cases, request.actor, listing.sort).select_related("owner"), A_PAGE).get_page(
        request.GET.get("page")
    )
    seen, base = today(), reverse(listing.route)
    chips = form.chips(base, hidden=("sort",))
    context = {
        "listing": listing,
        "form": form,
        "rows": rows,
        "cases": [(case, urgency(case, seen)) for case in rows],
        "chips": [_whole(form, listing), *chips],
        "clear_href": base if chips else "",
        "here": back.here(request),
        "head": _head(form, base, listing),
        "statuses": [(status.label, words(f"status.{status}")) for status in Status],
    }
    return page(request, "landlord/cases.html", context)


def _whole(form: CaseFilter, listing: Listing) -> dict[str, str]:
    """Open or closed, said at the top; taking it away leads to the same filters over all cases (S30)."""
    chip = {"category": "", "text": listing.chip}
    return chip if listing is ALL else {**chip, "href": form.href(reverse(ALL.route))}


def _head(form: CaseFilter, base: str, listing: Listing) -> list[dict[str, str]]:
    """The columns; a heading sorts by its column, the last one in the list's own order."""
    sort = form.asked().get("sort", listing.sort)
    direction = "descending" if listing.sort == "closed" else "ascending"
    head = [
        {"text": text, "sort": form.href(base, sort=key), "sorted": "ascending" if key == sort else ""}
        for key, text in SORTED_COLUMNS
    ]
    last = {
        "text": listing.last_column,
        "sort": form.href(base, sort=listing.sort),
        "sorted": direction if sort == listing.sort else "",
    }
    return [*head, {"text": "Case owner"}, last]
