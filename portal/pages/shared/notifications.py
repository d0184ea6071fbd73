"""The bell's own page. Opening a notification marks it read and leads to what it tells of (S27)."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from portal.notifications import bell
from portal.notifications.rules import line
from portal.pages.guards import PortalRequest, or_404, signed_in
from portal.pages.shared.page import page
from portal.pages.shared.timeline import address_of

A_PAGE = 25


@signed_in
@require_GET
def listing(request: PortalRequest) -> HttpResponse:
    only_unread = request.GET.get("show") == "unread"
    entries = bell.unread(request.actor) if only_unread else bell.bell_of(request.actor)
    rows = Paginator(entries, A_PAGE).get_page(request.GET.get("page"))
    items = [
        {
            "entry": row,
            "line": line(row.entry, for_service=not request.actor.is_landlord),
            "reference": row.entry.case.reference,
        }
        for row in rows
    ]
    wing = "landlord" if request.actor.is_landlord else "casework"
    context = {"rows": rows, "items": items, "only_unread": only_unread, "wing": wing}
    return page(request, "shared/notifications.html", context)


@signed_in
@require_POST
def follow(request: PortalRequest, entry_id: int) -> HttpResponse:
    with or_404():
        row = bell.mark_read(entry_id, by=request.actor)
    return redirect(address_of(row.entry.case.reference, row.entry, request.actor))


@signed_in
@require_POST
def all_read(request: PortalRequest) -> HttpResponse:
    bell.mark_all_read(by=request.actor)
    return redirect("shared:notifications")
