"""The portal team's two lists: categories of documents (D13), and the days on which the service is closed (C29, D14)."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from portal.access.permissions import Permission
from portal.content import actions, words
from portal.content.models import Category, Closure
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.lib.working_days import bank_holidays
from portal.pages.design.fields import DateField, ReplacingForm, too_long
from portal.pages.design.wording import long_date
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.office.content.views import parts
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, refused, tried


class CategoryForm(forms.Form):
    label = forms.CharField(
        label="Name",
        max_length=actions.LABEL_LIMIT,
        error_messages={"required": "Enter the name of the category", **too_long(actions.LABEL_LIMIT)},
    )


class RenameForm(ReplacingForm, CategoryForm):
    """Another name for a category."""


class ClosureForm(forms.Form):
    day = DateField(label="Day", error_messages={"required": "Enter the day on which the service is closed"})
    reason = forms.CharField(
        label="Why",
        max_length=actions.REASON_LIMIT,
        help_text="For example, staff conference. Only the service sees this.",
        error_messages={"required": "Enter why the service is closed", **too_long(actions.REASON_LIMIT)},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].help_text = f"For example, 29 12 {clock.today().year}"


@may(Permission.EDIT_CONTENT)
@require_http_methods(["GET", "HEAD", "POST"])
def categories(request: PortalRequest) -> HttpResponse:
    """Every category; a POST adds one."""
    form = CategoryForm(request.POST or None)
    if request.method == "POST":
        added = tried(form, lambda: actions.add_category(label=form.cleaned_data["label"], by=request.actor))
        if added is not None:
            return done(request, f"Category added: {added.label}.", redirect("office:categories"))
    changed = {row.code: row for row in Category.objects.order_by("id")}
    labels = {**words.category_labels(), **{code: row.label for code, row in changed.items()}}
    rows = [{"code": code, "label": label, "changed": changed.get(code)} for code, label in labels.items()]
    context = {"form": form, "rows": rows, "parts": parts("Document categories")}
    return page(request, "office/categories.html", context, status=400 if form.errors else 200)


@may(Permission.EDIT_CONTENT)
@require_http_methods(["GET", "HEAD", "POST"])
def category(request: PortalRequest, code: str) -> HttpResponse:
    """Another name."""
    row = _category(code)
    label = row.label
    form = RenameForm(request.POST or None, initial={"label": label, "seen": row.version_token})
    if request.method == "POST":
        renamed = tried(form, lambda: actions.rename_category(code, by=request.actor, **form.cleaned_data))
        if renamed is not None:
            return done(request, f"Category renamed: {renamed.label}.", redirect("office:categories"))
    context = {"form": form, "code": code, "label": label}
    return page(request, "office/category.html", context, status=400 if form.errors else 200)


@may(Permission.EDIT_CONTENT)
@require_POST
def category_retire(request: PortalRequest, code: str) -> HttpResponse:
    """Not chosen any more, or, with do=restore, chosen again."""
    label, restores = _category(code).label, request.POST.get("do") == "restore"
    back = redirect("office:categories")
    try:
        (actions.restore_category if restores else actions.retire_category)(code, by=request.actor)
    except RuleBroken as broken:
        return refused(request, broken, back)
    said = "can be chosen again" if restores else "is retired. Documents that bear it keep it"
    return done(request, f"Category {said}: {label}.", back)


def _category(code: str) -> Category:
    """The category as it is now; a shipped one that was never changed has no row."""
    row = Category.objects.filter(code=code).first()
    label = row.label if row else words.category_labels().get(code)
    if label is None:
        raise Http404
    return row or Category(code=code, label=label)


@may(Permission.EDIT_CONTENT)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: PortalRequest) -> HttpResponse:
    """Closures and bank holidays of this year and the next; a POST adds a closure."""
    form = ClosureForm(request.POST or None)
    if request.method == "POST":
        added = tried(form, lambda: actions.add_closure(by=request.actor, **form.cleaned_data))
        if added is not None:
            said = f"{long_date(added.day)} is a closure. Deadlines that are set already stay as they are."
            return done(request, said, redirect("office:calendar"))
    this = clock.today().year
    context = {
        "form": form,
        "closures": Closure.objects.filter(day__gte=f"{this}-01-01").order_by("day"),
        "years": [(year, bank_holidays(year)) for year in (this, this + 1)],
        "today": clock.today(),
        "parts": parts("Calendar"),
    }
    return page(request, "office/calendar.html", context, status=400 if form.errors else 200)


@may(Permission.EDIT_CONTENT)
@require_POST
def closure_remove(request: PortalRequest, closure_id: int) -> HttpResponse:
    back = redirect("office:calendar")
    try:
        with or_404():
            day = actions.remove_closure(closure_id, by=request.actor)
    except RuleBroken as broken:
        return refused(request, broken, back)
    return done(
        request, f"{long_date(day)} counts as a working day again. Deadlines that are set stay as they are.", back
    )
