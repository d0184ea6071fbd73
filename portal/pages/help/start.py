"""Where help begins: the ways to reach us, and what is known to be wrong (S4, S100, B28)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.content.words import words
from portal.pages.guards import public
from portal.pages.help.anybody import somebody
from portal.pages.shared.page import page
from portal.support import notices
from portal.support.models import NoticeKind


@public("who cannot sign in needs help most")
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    actor = somebody(request)
    return page(
        request, "help/start.html", {"is_signed_in": actor is not None, "hours": words("contact.opening-hours")}
    )


@public("a fault may be what keeps somebody from signing in")
@require_safe
def known_issues(request: HttpRequest) -> HttpResponse:
    somebody(request)
    found = {"issues": notices.current(NoticeKind.KNOWN_ISSUE), "services": notices.current(NoticeKind.SERVICE_NOTICE)}
    return page(request, "help/known_issues.html", found)
