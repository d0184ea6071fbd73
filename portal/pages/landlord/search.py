"""The search of a landlord's people through its own cases."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portal.pages.guards import PortalRequest, landlord
from portal.pages.landlord import back
from portal.pages.shared.search import search_view


@landlord
@require_safe
def search(request: PortalRequest) -> HttpResponse:
    return search_view(request, "landlord", carried=back.here(request))
