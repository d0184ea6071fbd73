"""The ways to reach the service, and when. All of them are words that the portal team may change (S100)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.content.words import words
from portal.pages.guards import public
from portal.pages.guide.anybody import open_page


@public("who cannot sign in must be able to reach us")
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    context = {
        "hours": words("contact.opening-hours"),
        "telephone": words("contact.telephone"),
        "address": words("contact.address"),
        "website": words("contact.website"),
    }
    return open_page(request, "guide/contact.html", context)
