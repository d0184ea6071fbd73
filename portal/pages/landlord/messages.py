"""The Messages tab of a landlord's case. What both areas do alike stands in portal/pages/shared/threads.py."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.permissions import Permission
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, landlord, may, or_404, sends
from portal.pages.landlord.cases.case import case_context
from portal.pages.shared import threads
from portal.pages.shared.page import page


@landlord
@require_safe
def messages_tab(request: PortalRequest, reference: str) -> HttpResponse:
    case, context = case_context(request, reference, "messages")
    return page(request, "landlord/messages.html", {**context, **threads.list_context(request, case)})


@landlord
@sends(Permission.LANDLORD_WRITE_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("body", called="Reply")
def thread(request: PortalRequest, reference: str, thread_id: int) -> HttpResponse:
    return threads.thread_view(request, _opened(request, reference), thread_id)


@may(Permission.LANDLORD_WRITE_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("subject", "body", called="New message")
def new(request: PortalRequest, reference: str) -> HttpResponse:
    return threads.new_thread_view(request, _opened(request, reference))


def _opened(request: PortalRequest, reference: str) -> Case:
    with or_404():
        return cases.open_case(reference, by=request.actor)
