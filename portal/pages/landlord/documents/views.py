"""The Documents tab. Files are sent, wait, get a category each and are put on the case by “Upload documents” (S72-S84)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.permissions import Permission
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.content.words import categories, words
from portal.determinations import actions as determinations
from portal.documents import actions
from portal.documents.models import Document
from portal.documents.receipt import receipt_of
from portal.documents.receipt_pdf import receipt_pdf
from portal.documents.withdrawing import why_not
from portal.files.models import Upload
from portal.lib.amounts import plural
from portal.lib.errors import RuleBroken
from portal.lib.routes import address
from portal.lib.typed import number_in
from portal.notifications.inbox import Place
from portal.pages.design.fields import add_rule
from portal.pages.guards import PortalRequest, landlord, may, or_404, sends
from portal.pages.landlord.cases.case import case_context
from portal.pages.shared import downloads
from portal.pages.shared.lists.documents import document_sorting, documents_of, labels_now
from portal.pages.shared.page import page
from portal.pages.shared.writing import uploads
from portal.tasks.models import Task

NEXT_TASKS = 5  # offered on a receipt
SAME = "same-category"
CHOOSE_FIRST = "Choose at least one file before you select “Upload documents”."


class CategoriesForm(forms.Form):
    """A category for each waiting file, and optionally another name. Files that the person's page did not show are left out."""

    def __init__(self, waiting: Iterable[Upload], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")
        chosen = [] if data is None else [name for name in data if name.startswith(uploads.CATEGORY)]
        for upload in waiting:
            name = f"{uploads.CATEGORY}{upload.pk}"
            renaming = f"{uploads.NAME}{upload.pk}"
            if data is None or renaming in data:
                self.fields[renaming] = forms.CharField(required=False, strip=False)
            self.fields[name] = forms.ChoiceField(
                choices=categories(),
                required=name in chosen,
                error_messages=dict.fromkeys(("required", "invalid_choice"), f"Choose a category for {upload.name}"),
            )


@landlord
@sends(Permission.LANDLORD_WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def documents_tab(request: PortalRequest, reference: str) -> HttpResponse:
    """The documents of the case and the waiting files. A POST sends files: a whole form, or one by script."""
    return _receive(request, reference) if request.method == "POST" else _draw_tab(request, reference)


@may(Permission.LANDLORD_WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: PortalRequest, reference: str) -> HttpResponse:
    """The list before submitting. A POST is “Upload documents”, or “Remove” of one row, which keeps the other choices."""
    with or_404():
        case = actions.find_case(reference, by=request.actor)
    if request.method != "POST":
        return _draw_review(request, case)
    if "remove" in request.POST:
        return _remove(request, case, number_in(request.POST["remove"]))
    return _submit(request, case)


@may(Permission.LANDLORD_WORK_CASES)
@require_POST
def remove(request: PortalRequest, reference: str, upload_id: int) -> HttpResponse:
    with or_404():
        case = actions.find_case(reference, by=request.actor)
    return _remove(request, case, upload_id)


@landlord
@require_safe
def document(request: PortalRequest, reference: str, document_id: int) -> HttpResponseBase:
    return downloads.serve_document(request, reference, document_id)


@landlord
@require_safe
def receipt(request: PortalRequest, reference: str, submission_id: int) -> HttpResponse:
    with or_404():
        case = cases.open_case(reference, by=request.actor)
        submission = actions.open_receipt(case, submission_id, by=request.actor)
    outstanding = Task.objects.visible_to(request.actor).on_case(case.pk).outstanding().due_first()
    context = {
        "case": case,
        "area": "landlord",
        "submission": submission,
        "receipt": receipt_of(submission),
        "next_orders": determinations.orders_owed(case, by=request.actor),
        "next_tasks": list(outstanding[:NEXT_TASKS]) if case.is_open else [],
    }
    return page(request, "shared/receipt.html", context)


@landlord
@require_safe
def receipt_file(request: PortalRequest, reference: str, submission_id: int) -> HttpResponse:
    with or_404():
        case = actions.find_case(reference, by=request.actor)
        submission = actions.open_receipt(case, submission_id, by=request.actor)
    shown = receipt_of(submission)
    return downloads.made_pdf(receipt_pdf(shown), shown.file_name)


def _receive(request: PortalRequest, reference: str) -> HttpResponse:
    with or_404():
        case = actions.find_case(reference, by=request.actor)
    arrived = uploads.receive_all(
        request, lambda name, chunks: actions.receive_document(case, name, chunks, by=request.actor)
    )
    if uploads.wants_json(request):
        return uploads.json_answer(request, arrived)
    if arrived.problem:
        return _draw_tab(request, reference, problem=arrived.problem)
    return redirect("landlord:documents_review", reference)


def _draw_tab(request: PortalRequest, reference: str, *, problem: str = "") -> HttpResponse:
    case, context = case_context(request, reference, "documents")
    may_upload = case.takes_documents and request.actor.may(Permission.LANDLORD_WORK_CASES)
    labels, here = labels_now(), address("landlord:documents", reference)
    sorting = document_sorting(labels)
    sort = sorting.understood(request.GET.get("sort", ""))
    rows = documents_of(case.pk, sort, labels, by=request.actor).get_page(request.GET.get("page"))
    context |= {
        "rows": rows,
        "items": [_item(document, case, may_change=may_upload and case.is_open) for document in rows],
        "head": sorting.head(sort, lambda key: f"{here}?sort={key}" if key else here),
        "problem": uploads.FilesForm(problem, has_input=may_upload),
        "may_upload": may_upload,
        "may_write": request.actor.may(Permission.LANDLORD_WRITE_MESSAGES),
        "errors": bool(problem),
        "guidance_href": words("link.evidence-guidance"),
        "names_advice": words("advice.file-names"),
        **uploads.upload_context(),
        **_waiting(request, case, None),
    }
    return page(request, "landlord/documents.html", context, shows=Place("documents", case.pk))


def _item(document: Document, case: Case, *, may_change: bool) -> dict[str, Any]:
    """Returns a row of the list, with whether it can still be withdrawn or replaced."""
    return {"document": document, "may_change": may_change and not why_not(document, case)}


def _waiting(
    request: PortalRequest, case: Case, data: QueryDict | None, error: RuleBroken | None = None
) -> dict[str, Any]:
    """Returns the person's own waiting files as rows, each with its choices and errors."""
    waiting = actions.waiting_now(case, by=request.actor) if case.takes_documents else []
    form = CategoriesForm([upload for upload in waiting if not upload.is_refused], data)
    if error is not None:
        add_rule(form, error)
    return {
        "form": form,
        **uploads.listed(waiting, form=form),
        "same": data is not None and SAME in data,
    }


def _draw_review(
    request: PortalRequest, case: Case, data: QueryDict | None = None, error: RuleBroken | None = None
) -> HttpResponse:
    context = _waiting(request, case, data, error)
    context |= {"case": case, "categories": categories(), "renames": True, "errors": bool(context["form"].errors)}
    return page(request, "landlord/documents_review.html", context)


def _remove(request: PortalRequest, case: Case, upload_id: int) -> HttpResponse:
    """Removes a row and renders the page at once, without a redirect, so that the other choices stay."""
    waiting = actions.waiting_documents(case, by=request.actor)
    uploads.say_removed(request, waiting, upload_id)
    actions.discard_document(case, upload_id, by=request.actor)
    if uploads.wants_json(request):
        return JsonResponse({"ok": True, "html": ""})
    if not waiting.all():
        return redirect("landlord:documents", case.reference)
    return _draw_review(request, case, _unasked(request.POST))


def _unasked(posted: QueryDict) -> QueryDict:
    """Reads the choices without errors for missing ones: removing a row is no submission."""
    kept = posted.copy()
    for name in list(kept):
        if name.startswith(uploads.CATEGORY) and not kept[name]:
            del kept[name]
    return kept


def _submit(request: PortalRequest, case: Case) -> HttpResponse:
    data = _with_same_category(request.POST)
    chosen, names = uploads.by_upload(data, uploads.CATEGORY), uploads.by_upload(data, uploads.NAME)
    if not chosen:
        return _draw_review(request, case, data, RuleBroken(CHOOSE_FIRST))
    if _waiting(request, case, data)["form"].errors:
        return _draw_review(request, case, data)
    try:
        submission = actions.submit_documents(case, categories=chosen, names=names, by=request.actor)
    except RuleBroken as error:
        return _draw_review(request, case, data, error)
    refused = f" {_not_uploaded(len(submission.refused))}" if submission.refused else ""
    messages.success(request, f"{plural(len(chosen), 'document')} uploaded to case {case.reference}.{refused}")
    return redirect("landlord:receipt", case.reference, submission.pk)


def _not_uploaded(count: int) -> str:
    return f"{plural(count, 'file was', 'files were')} not uploaded: this receipt says why."


def _with_same_category(posted: QueryDict) -> QueryDict:
    """“Set same category for all documents”: every file takes the first category that was chosen (S76)."""
    data = posted.copy()
    names = [name for name in data if name.startswith(uploads.CATEGORY)]
    if SAME in data and names:
        for name in names:
            data[name] = next((str(data[one]) for one in names if data[one]), "")
    return data
