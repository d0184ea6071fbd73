"""The documents of a case: reading, downloading, adding. A button marks “New uploads” as seen; opening the page does not.

Otherwise an auditor, a manager or a prefetching browser would empty a colleague's queue.
"""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.cases.models import Case
from portal.documents import actions
from portal.documents.models import Document, Submission, Visibility
from portal.lib.routes import address
from portal.notifications.inbox import Place
from portal.pages.casework.cases.case import frame, opened
from portal.pages.casework.documents.forms import DocumentForm
from portal.pages.casework.worklist.queues import way_back
from portal.pages.guards import PortalRequest, may
from portal.pages.shared.downloads import serve_document
from portal.pages.shared.lists.documents import document_sorting, documents_of, labels_now
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, tried
from portal.pages.shared.writing.idempotency import done_once


@may(Permission.SEE_CASES)
@require_safe
def documents(request: PortalRequest, reference: str) -> HttpResponse:
    """Every document of the case, also those that only the service sees."""
    case, actor = opened(request, reference), request.actor
    labels = labels_now()
    sorting = document_sorting(labels)
    sort = sorting.understood(request.GET.get("sort", ""))
    rows = documents_of(case.pk, sort, labels, by=actor).get_page(request.GET.get("page"))
    fresh: list[Any] = _new_uploads(actor, case_id=case.pk)
    sorts = [{"text": text, "href": f"?sort={key}", "current": key == sort} for key, text in sorting.choices()]
    new = sum(submission.documents_in_all for submission in fresh)
    context = {"rows": rows, "fresh": fresh, "new": new, "sorts": sorts, "crumbs": way_back(request.GET, actor)}
    shown = {**frame(case, actor, "Documents"), **context}
    return page(request, "casework/documents.html", shown, shows=Place("documents", case.pk))


@kept
def _new_uploads(actor: Actor, case_id: int) -> QuerySet[Submission]:
    """Returns the new uploads, each with its number of documents."""
    new = Submission.objects.visible_to(actor).new_uploads().filter(case__id=case_id)
    return new.annotate(documents_in_all=Count("documents")).order_by("id")


@may(Permission.SEE_CASES)
@require_safe
def document(request: PortalRequest, reference: str, document_id: int) -> HttpResponseBase:
    """Downloads a document and records that it was opened."""
    return serve_document(request, reference, document_id)


@may(Permission.SET_TASKS)
@require_POST
def uploads_seen(request: PortalRequest, reference: str) -> HttpResponse:
    """Marks uploads as seen. Uploads that arrived after the list was shown stay new."""
    case = opened(request, reference)
    newest = request.POST.get("up_to", "")
    if newest.isascii() and newest.isdecimal() and len(newest) < 19:
        actions.mark_uploads_seen(case, up_to=int(newest), by=request.actor)
    return done(request, "New uploads marked as seen.", redirect("casework:documents", reference))


@may(Permission.SET_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def document_new(request: PortalRequest, reference: str) -> HttpResponse:
    """A document that the service adds, for both sides or for itself."""
    case, actor = opened(request, reference), request.actor
    sent = request.method == "POST"
    form = DocumentForm(request.POST if sent else None, request.FILES if sent else None)
    added = tried(form, lambda: done_once(request, form, lambda: _add(case, form, actor), by=actor)) if sent else None
    if added is None:
        return page(
            request,
            "casework/document_new.html",
            {**frame(case, actor, ""), "form": form, "file_lost": bool(request.FILES)},
        )
    seen = (
        "The landlord is told."
        if added.visibility == Visibility.BOTH and case.is_released
        else "The landlord does not see it."
    )
    return done(request, f"“{added.name}” added. {seen}", redirect(address("casework:documents", reference)))


def _add(case: Case, form: DocumentForm, actor: Actor) -> Document:
    given = form.cleaned_data
    sent = given["file"]
    return actions.share_document(
        case,
        name=sent.name,
        content=sent.read(),
        category=given["category"],
        visibility=Visibility(given["visibility"]),
        by=actor,
    )
