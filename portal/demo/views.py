"""The Demo mailbox: what the portal sent, readable by whoever tries the demo. Its addresses exist only in demo mode."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse  # noqa: TID251  a page, though the demo's own
from django.views.decorators.http import require_safe  # noqa: TID251

from portal.demo.mailbox import Mailbox, with_links
from portal.pages.guards import public
from portal.pages.shared.page import page

A_PAGE = 25
WHY_PUBLIC = "the demo's mail is fictional; the page exists only in demo mode"


def _mailbox() -> Mailbox:
    return Mailbox(settings.PORTAL_DATA / "mail")


@public(WHY_PUBLIC)
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    to = request.GET.get("to", "").strip()
    box = _mailbox()
    rows = Paginator(box.names_to(to), A_PAGE).get_page(request.GET.get("page"))
    context = {"rows": rows, "mails": box.mails(rows), "to": to, "query": urlencode({"to": to}) if to else ""}
    return page(request, "demo/mailbox.html", context)


@public(WHY_PUBLIC)
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    found = _mailbox().mail(name)
    if found is None:
        raise Http404
    return page(request, "demo/mail.html", {"mail": found, "text": with_links(found.text, settings.PORTAL_URL)})
