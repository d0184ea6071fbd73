"""Withdraws or replaces a wrong upload (B12), with a reason and, for a replacement, an inspected document. Also changes the
category."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from portal.access.permissions import Permission
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.content.words import categories
from portal.documents import withdrawing
from portal.documents.models import Document
from portal.files.models import Upload
from portal.lib.errors import RuleBroken
from portal.lib.typed import number_in
from portal.pages.design.fields import TypedText, add_rule
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.shared.page import page
from portal.pages.shared.threads import may_write
from portal.pages.shared.writing import uploads
from portal.pages.shared.writing.answers import tried


class ReasonForm(forms.Form):
    """The reason, which both sides read."""

    reason = TypedText(
        label="Why are you withdrawing it?",
        help_text="We read this, and so do your colleagues. For example, “It belongs to another case”.",
        max_length=withdrawing.REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Enter why you are withdrawing the document",
            "max_length": f"The reason must be {withdrawing.REASON_LIMIT} characters or fewer",
        },
    )


class ReplaceForm(ReasonForm):
    """The reason, with the list of waiting files, the new name of the document and errors about its file."""

    def __init__(self, *args: Any, waiting: list[Upload], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why are you replacing it?"
        self.fields["reason"].error_messages["required"] = "Enter why you are replacing the document"
        self.fields["files"] = forms.CharField(required=False)
        for upload in waiting:
            self.fields[f"{uploads.NAME}{upload.pk}"] = forms.CharField(required=False, strip=False)


class CategoryForm(forms.Form):
    category = forms.ChoiceField(
        label="Category",
        choices=categories,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose a category"),
    )


@may(Permission.LANDLORD_WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def category(request: PortalRequest, reference: str, document_id: int) -> HttpResponse:
    """“Change category”, or why it cannot be changed any more."""
    case, document = _opened(request, reference, document_id)
    form = CategoryForm(request.POST if request.method == "POST" else None, initial={"category": document.category})
    if request.method == "POST":
        changed = tried(
            form,
            lambda: withdrawing.change_category(document, category=form.cleaned_data["category"], by=request.actor),
        )
        if changed is not None and changed.category == document.category:
            messages.info(request, f"“{document.name}” stays under {changed.category_label}. Nothing was changed.")
        elif changed is not None:
            messages.success(request, f"“{document.name}” is now under {changed.category_label}.")
        if changed is not None:
            return redirect("landlord:documents", reference)
    return page(request, "landlord/document_category.html", _shown(request, case, document, form))


@may(Permission.LANDLORD_WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", called="Withdraw document")
def withdraw(request: PortalRequest, reference: str, document_id: int) -> HttpResponse:
    """“Withdraw document” with its consequences, or why it can no longer be withdrawn."""
    case, document = _opened(request, reference, document_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and tried(
            form,
            lambda: withdrawing.withdraw_document(document, reason=form.cleaned_data["reason"], by=request.actor),
        )
        is not None
    ):
        messages.success(request, f"“{document.name}” withdrawn. Nobody can open it any more.")
        return redirect("landlord:documents", reference)
    return page(request, "landlord/document_withdraw.html", _shown(request, case, document, form))


@may(Permission.LANDLORD_WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", called="Replace document")
def replace(request: PortalRequest, reference: str, document_id: int) -> HttpResponse:
    """“Replace document”. A POST sends a file, removes one from the list (“remove”) or replaces the document (“do”)."""
    case, document = _opened(request, reference, document_id)
    if request.method != "POST":
        return _draw_replace(request, case, document)
    if "remove" in request.POST:
        return _remove(request, case, document)
    return _replace(request, case, document) if "do" in request.POST else _receive(request, case, document)


def _opened(request: PortalRequest, reference: str, document_id: int) -> tuple[Case, Document]:
    with or_404():
        case = cases.open_case(reference, by=request.actor)
        document = withdrawing.find_document(case, document_id, by=request.actor)
    document.case = case
    return case, document


def _shown(request: PortalRequest, case: Case, document: Document, form: forms.Form) -> dict[str, Any]:
    """Renders the form. Asks `why_not` again, because a colleague or the caseworker may have acted meanwhile."""
    document.refresh_from_db()
    why_not = withdrawing.why_not(document, case)
    return {
        "case": case,
        "document": document,
        "why_not": why_not,
        "typed": str(form.data.get("reason", "")) if why_not and form.is_bound else "",
        "form": form if not why_not else None,
        "may_write": may_write(request, case),
    }


def _receive(request: PortalRequest, case: Case, document: Document) -> HttpResponse:
    arrived = uploads.receive_all(
        request,
        lambda name, chunks: withdrawing.receive_replacement(document, name, chunks, by=request.actor),
    )
    if uploads.wants_json(request):
        return uploads.json_answer(request, arrived, with_categories=False)
    if arrived.problem:
        return _draw_replace(request, case, document, problem=arrived.problem)
    return redirect("landlord:document_replace", case.reference, document.pk)


def _remove(request: PortalRequest, case: Case, document: Document) -> HttpResponse:
    upload_id = number_in(request.POST["remove"])
    uploads.say_removed(request, withdrawing.waiting_replacements(document, by=request.actor), upload_id)
    withdrawing.discard_replacement(document, upload_id, by=request.actor)
    if uploads.wants_json(request):
        return JsonResponse({"ok": True, "html": ""})
    waiting = list(withdrawing.waiting_replacements(document, by=request.actor))
    typed = {"reason": request.POST.get("reason", "")}
    return _draw_replace(request, case, document, ReplaceForm(initial=typed, waiting=waiting))


def _replace(request: PortalRequest, case: Case, document: Document) -> HttpResponse:
    waiting = list(withdrawing.waiting_replacements(document, by=request.actor))
    form = ReplaceForm(request.POST, waiting=waiting)
    names = uploads.by_upload(request.POST, uploads.NAME)
    form.is_valid()
    try:
        reason = form.cleaned_data.get("reason", "")
        submission = withdrawing.replace_document(document, reason=reason, names=names, by=request.actor)
    except RuleBroken as broken:
        if broken.field not in form.errors:
            add_rule(form, broken)
        return _draw_replace(request, case, document, form)
    messages.success(request, f"“{document.name}” replaced. Nobody can open it any more.")
    return redirect("landlord:receipt", case.reference, submission.pk)


def _draw_replace(
    request: PortalRequest, case: Case, document: Document, form: ReplaceForm | None = None, *, problem: str = ""
) -> HttpResponse:
    waiting = list(withdrawing.waiting_replacements(document, by=request.actor))
    form = form or ReplaceForm(waiting=waiting)
    problem = problem or (str(form.errors["files"][0]) if "files" in form.errors else "")
    form.errors.pop("files", None)
    context = _shown(request, case, document, form)
    context |= {
        "problem": uploads.FilesForm("" if context["why_not"] else problem),
        **uploads.listed(waiting, form=form),
        "errors": bool(problem or form.errors) and not context["why_not"],
        **uploads.upload_context(),
        "categories": [],
    }
    return page(request, "landlord/document_replace.html", context)
