"""The search of the service's people through every case."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portal.access.permissions import Permission
from portal.pages.guards import PortalRequest, may
from portal.pages.shared.search import search_view


@may(Permission.SEE_CASES)
@require_safe
def search(request: PortalRequest) -> HttpResponse:
    return search_view(request, "casework")
