"""The link back to the list that the person came from, with its filter and page. Accepts only addresses of lists and of the
confirmation of an order."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from portal.lib.routes import address
from portal.pages.guards import PortalRequest

FROM = "from"
LONGEST = 1000  # characters of an address
LISTS = {
    "landlord:home": "Home",
    "landlord:open_cases": "Open cases",
    "landlord:closed_cases": "Closed cases",
    "landlord:cases": "All cases",
    "landlord:tasks": "My tasks",
    "landlord:search": "Search results",
    "landlord:case_tasks": "Tasks of the case",
    "landlord:unread_messages": "Unread messages",
    "landlord:order_confirm": "Confirm compliance with the order",  # not a list: documents are uploaded in between
}


def tidied(request: PortalRequest) -> HttpResponseRedirect | None:
    """Returns the address of the same list without empty filters, to be shared; None when the address has none."""
    asked = [(name, value) for name, values in request.GET.lists() for value in values]
    kept = [(name, value) for name, value in asked if value.strip()]
    if kept == asked:
        return None
    return redirect(with_query(request.path, urlencode(kept)))


def here(request: PortalRequest) -> str:
    """Returns this list's address, for the links on it."""
    return urlencode({FROM: request.get_full_path()})


def carried(request: PortalRequest) -> str:
    """Returns the back link that a page received, for its own tabs and steps."""
    given = _given(request)
    return urlencode({FROM: with_query(*given[1:])}) if given else ""


def way_back(request: PortalRequest, otherwise: str) -> dict[str, str]:
    """The back link: to the list that the address names, or to `otherwise`."""
    given = _given(request) or (otherwise, address(otherwise), "")
    return {"text": LISTS[given[0]], "href": with_query(given[1], given[2])}


def with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _given(request: PortalRequest) -> tuple[str, str, str] | None:
    """Returns route, path and query of the list that ?from= names; no other address is accepted."""
    given = request.GET.get(FROM, "")
    parts = _split(given)
    if parts is None:
        return None
    path, query = parts
    try:
        route = resolve(path).view_name
    except Resolver404:
        return None
    return (route, path, query) if route in LISTS else None


def _split(given: str) -> tuple[str, str] | None:
    if len(given) > LONGEST or not given.startswith("/") or given.startswith("//"):
        return None
    try:
        parts = urlsplit(given)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else (parts.path, parts.query)
