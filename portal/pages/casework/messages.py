"""The messages of a case (C14): the list, one exchange, a new one. What both areas share is in shared/threads.py."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.permissions import Permission
from portal.pages.casework.cases.case import frame, opened
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may
from portal.pages.shared import threads
from portal.pages.shared.page import page


@may(Permission.SEE_CASES)
@require_safe
def messages(request: PortalRequest, reference: str) -> HttpResponse:
    """The case's exchanges, the latest first."""
    case = opened(request, reference)
    return page(
        request,
        "casework/messages.html",
        {**frame(case, request.actor, "Messages"), **threads.list_context(request, case)},
    )


@may(Permission.WRITE_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("subject", "body", called="New message")
def message_new(request: PortalRequest, reference: str) -> HttpResponse:
    """A message on the case, or about the task that ?task= names (S5)."""
    return threads.new_thread_view(request, opened(request, reference))


@may(Permission.SEE_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("body", called="Reply")
def thread(request: PortalRequest, reference: str, thread_id: int) -> HttpResponse:
    """One exchange. An auditor may read it and not write in it."""
    if request.method == "POST" and not request.actor.may(Permission.WRITE_MESSAGES):
        raise PermissionDenied
    return threads.thread_view(request, opened(request, reference), thread_id)
