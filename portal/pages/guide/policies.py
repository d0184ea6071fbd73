"""What we ask of everybody who uses the portal, and what we promise about its accessibility."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.content.words import words
from portal.pages.guards import public
from portal.pages.guide.accessibility import facts
from portal.pages.guide.anybody import open_page
from portal.pages.guide.sections.introduction import acceptable_use_blocks


@public("people must be able to read what we expect before they sign in")
@require_safe
def acceptable_use(request: HttpRequest) -> HttpResponse:
    context = {
        "blocks": acceptable_use_blocks(),
        "policy_name": words("name.unacceptable-actions-policy"),
        "policy_href": words("link.unacceptable-actions-policy"),
    }
    return open_page(request, "guide/acceptable_use.html", context)


@public("the law asks for a statement that everybody can read")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return open_page(request, "guide/accessibility.html", {"facts": facts()})
