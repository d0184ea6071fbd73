"""The Determination tab of a case and its draft: rows added, changed and removed, issued, the resident's letter sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.cases.lifecycle import determined_status
from portal.cases.models import Case
from portal.determinations import actions, drafting, issuing, reviews, version_tokens
from portal.determinations.drafting import Part
from portal.determinations.kinds import OrderState, ReviewState
from portal.determinations.letters import Reader
from portal.determinations.models import Determination, Order, Review
from portal.determinations.version_tokens import AnyRow, Draft
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.lib.routes import address
from portal.notifications.inbox import Place
from portal.pages.casework.cases.case import frame, opened
from portal.pages.casework.determination.forms import ComplaintForm, IssueForm, OrderForm, RecommendationForm, SentForm
from portal.pages.design.fields import add_rule
from portal.pages.drafting import drafted, typing_of
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.shared.determinations import Links, version_item
from portal.pages.shared.downloads import made_pdf
from portal.pages.shared.horizon import today
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, refused, tried
from portal.tasks.deadlines import Horizon


@dataclass(frozen=True)
class RowKind:
    """One list of the draft: the name, form and actions of its rows."""

    name: str
    form: type[forms.Form]
    write: Callable[..., object]


ROWS: dict[Part, RowKind] = {
    Part.COMPLAINTS: RowKind("complaint", ComplaintForm, drafting.write_complaint),
    Part.ORDERS: RowKind("order", OrderForm, drafting.write_order),
    Part.RECOMMENDATIONS: RowKind("recommendation", RecommendationForm, drafting.write_recommendation),
}


@may(Permission.SEE_CASES)
@require_safe
def determination(request: PortalRequest, reference: str) -> HttpResponse:
    """The draft, the determination in force with compliance, reviews and former versions."""
    case, actor = opened(request, reference), request.actor
    versions, asked = actions.open_determinations(case, by=actor), actions.reviews_of(case, by=actor)
    draft = next((one for one in versions if one.is_draft), None)
    in_force = next((one for one in versions if one.is_in_force), None)
    seen = today()
    pending = next((one for one in asked if one.is_pending), None)
    context = {
        "draft": draft and _draft_item(case, draft, seen, actor),
        "draft_links": lambda row: _row_links(case, Part.COMPLAINTS, row, actor),
        "everything": lambda review: True,
        "parts": [(part.value, kind.name) for part, kind in ROWS.items()],
        "item": in_force and version_item(in_force, seen, order_links=lambda order: _order_links(case, order, actor)),
        "former": [version_item(one, seen) for one in versions if not one.is_draft and not one.is_in_force],
        "reviews": asked,
        "pending": pending,
        "steps": _review_steps(case, pending, in_force, actor),
        "review_until": in_force and reviews.last_day_of(in_force),
        "may_draft": drafting.may_draft(case, actor),
        "not_now": drafting.why_not(case),
        "may_issue": issuing.may_issue(case, actor),
        "who_issues": issuing.who_issues(case),
        "may_determine": actor.may(Permission.DETERMINE),
    }
    shown = {**frame(case, actor, "Determination"), **context}
    return page(request, "casework/determination.html", shown, shows=Place("determination", case.pk))


def _draft_item(case: Case, draft: Determination, seen: Horizon, actor: Actor) -> dict[str, Any]:
    """Returns the draft's rows with their change and remove links. Nothing of a draft is issued."""
    item = version_item(
        draft,
        seen,
        order_links=lambda row: _row_links(case, Part.ORDERS, row, actor),
        recommendation_links=lambda row: _row_links(case, Part.RECOMMENDATIONS, row, actor),
    )
    for row in (*item["orders"], *item["recommendations"]):
        row["standing"] = "" if "order" in row else "draft"
    return item


def _row_links(case: Case, part: Part, row: AnyRow, actor: Actor) -> Links:
    if not drafting.may_draft(case, actor):
        return []
    where = [case.reference, part.value, row.pk]
    return [
        {"text": "Change", "href": address("casework:draft_row", *where)},
        {"text": "Remove", "post": address("casework:draft_row_remove", *where), "shown": version_tokens.of_row(row)},
    ]


def _order_links(case: Case, order: Order, actor: Actor) -> Links:
    if not actor.may(Permission.DETERMINE):
        return []
    where = [case.reference, order.pk]
    if order.state == OrderState.CONFIRMED:
        return [
            {
                "text": "Accept",
                "href" if order.left else "post": address("casework:order_accept", *where),
                "seen": order.version_token,
            },
            {"text": "Return", "href": address("casework:order_return", *where)},
        ]
    if order.state == OrderState.OWED:
        return [{"text": "Change due date", "href": address("casework:order_extend", *where)}]
    return []


def _review_steps(case: Case, pending: Review | None, in_force: Determination | None, actor: Actor) -> Links:
    """Returns the steps that are possible on a review now. The rules are in the actions."""
    if pending is None:
        may_record = not reviews.why_not(case, in_force, is_pending=False) and actor.may(Permission.DETERMINE)
        steps = [("Record a request of the resident", "casework:review_new")] if may_record else []
    elif not reviews.may_decide(actor):
        steps = []
    elif pending.state == ReviewState.LATE:
        steps = [("Decide on the late request", "casework:review_lateness")]
    else:
        steps = [("Record the outcome", "casework:review_outcome")]
    return [{"text": text, "href": address(name, case.reference)} for text, name in steps]


@may(Permission.DETERMINE)
@require_POST
def draft_new(request: PortalRequest, reference: str) -> HttpResponse:
    """Starts a draft: empty, or a copy of the determination in force."""
    case, back = opened(request, reference), redirect("casework:determination", reference)
    try:
        drafting.start_draft(case, by=request.actor)
    except RuleBroken as broken:
        return refused(request, broken, back)
    return done(request, "Draft started. Only the service sees it until it is issued.", back)


@may(Permission.DETERMINE)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_discard(request: PortalRequest, reference: str) -> HttpResponse:
    """Discards the draft, after a question that says what it contains."""
    case, back = opened(request, reference), redirect("casework:determination", reference)
    form = forms.Form(request.POST if request.method == "POST" else None)
    act = lambda: drafting.discard_draft(case, shown=_shown(request), by=request.actor)  # noqa: E731
    if request.method == "POST" and tried(form, act) is not None:
        return done(request, "Draft discarded. The landlord was told nothing of it.", back)
    try:
        draft = drafting.the_draft(case)
    except RuleBroken as broken:
        return refused(request, broken, back)
    context = {
        "case": case,
        "form": form,
        "draft": draft.determination,
        "counts": _counts(draft),
        "shown": draft.version_token,
    }
    return page(request, "casework/determination_discard.html", context)


@may(Permission.DETERMINE)
@require_safe
def draft_letter(request: PortalRequest, reference: str, to: str) -> HttpResponse:
    """Shows a letter before it is issued."""
    case = opened(request, reference)
    try:
        reader = Reader(to)
    except ValueError:
        raise Http404 from None
    try:
        letter = issuing.preview_letter(case, reader, by=request.actor)
    except RuleBroken as broken:
        return refused(request, broken, redirect("casework:determination", reference))
    return made_pdf(letter, f"Draft determination {reference} to the {reader}.pdf")


@may(Permission.DETERMINE)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("words", chosen=("finding", "kind", "due_on"), called="New row of the determination")
def draft_row_new(request: PortalRequest, reference: str, part: str) -> HttpResponse:
    """Adds a row to the draft. The first row starts the draft."""
    return _row_page(request, reference, _part(part), None)


@may(Permission.DETERMINE)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("words", chosen=("finding", "kind", "due_on"), called="Row of the determination")
def draft_row(request: PortalRequest, reference: str, part: str, row_id: int) -> HttpResponse:
    """Changes a row of the draft."""
    return _row_page(request, reference, _part(part), row_id)


@may(Permission.DETERMINE)
@require_POST
def draft_row_remove(request: PortalRequest, reference: str, part: str, row_id: int) -> HttpResponse:
    """Removes a row from the draft."""
    case, back = opened(request, reference), redirect("casework:determination", reference)
    try:
        with or_404():
            was_there = drafting.remove_row(case, _part(part), row_id, shown=_shown(request), by=request.actor)
    except RuleBroken as broken:
        return refused(request, broken, back)
    name = ROWS[_part(part)].name
    if not was_there:
        messages.info(request, f"The {name} is not in the draft any more.")
        return back
    return done(request, f"The {name} was removed from the draft.", back)


def _counts(draft: Draft) -> dict[str, int]:
    return {part.value: len(getattr(draft, part.value)) for part in Part}


def _shown(request: PortalRequest) -> str:
    """Returns the version token of the page whose button was pressed."""
    return request.POST.get("shown", "")


def _part(part: str) -> Part:
    try:
        return Part(part)
    except ValueError:
        raise Http404 from None


def _row_page(request: PortalRequest, reference: str, part: Part, row_id: int | None) -> HttpResponse:
    case, kind = opened(request, reference), ROWS[part]
    row = None if row_id is None else _row(request, case, part, row_id)
    initial = {name: getattr(row, name) for name in kind.form.base_fields} if row else {}
    form = kind.form(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        given = {"row_id": row_id, "shown": _shown(request), "by": request.actor}
        if tried(form, lambda: kind.write(case, **form.cleaned_data, **given)) is not None:
            return done(request, f"The {kind.name} is in the draft.", redirect("casework:determination", reference))
    title = f"Add {'an' if kind.name == 'order' else 'a'} {kind.name}" if row_id is None else f"Change the {kind.name}"
    context = {"case": case, "form": form, "title": title, **(_row_shown(request, form, row) if row else {})}
    return page(request, "casework/determination_step.html", context)


def _row(request: PortalRequest, case: Case, part: Part, row_id: int) -> AnyRow | None:
    """Returns the row; None when it was removed while somebody typed, so that the typed text is shown once more."""
    with or_404():
        try:
            return drafting.find_row(case, part, row_id, by=request.actor)
        except ObjectDoesNotExist:
            if request.method == "POST" and drafting.is_gone(drafting.MODELS[part], row_id):
                return None
            raise


def _row_shown(request: PortalRequest, form: forms.Form, row: AnyRow) -> dict[str, Any]:
    """Returns the row's version token, and the row itself where the form has text that was typed before a colleague's change or
    restored from a draft."""
    if form.is_bound:  # a form that is drawn for the first time holds the row as it was read
        with or_404():
            row.refresh_from_db()
    version_token, typing = version_tokens.of_row(row), typing_of(request)
    is_changed = _tells_of_change(request, form, version_token, drafting.changed(row))
    is_put_back = bool(typing and typing.kept and typing.kept.fields.get("words") != row.words)
    return {"shown": version_token, "now": row if is_changed or is_put_back else None}


def _tells_of_change(request: PortalRequest, form: forms.Form, version_token: str, words: str) -> bool:
    """The page that is shown again has the new version token. So it says what has changed, even when the form was refused for
    another reason before the action compared the tokens."""
    is_changed = form.is_bound and _shown(request) != version_token
    if is_changed and words not in form.non_field_errors():
        add_rule(form, RuleBroken(words))
    return is_changed


@may(Permission.DETERMINE)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("change", called="Issue determination")
def determination_issue(request: PortalRequest, reference: str) -> HttpResponse:
    """The last check, which lists what will be issued; then issues it."""
    case, actor = opened(request, reference), request.actor
    in_review = any(one.state == ReviewState.OPEN for one in actions.reviews_of(case, by=actor))
    form = IssueForm(request.POST if request.method == "POST" else None, in_review=in_review)
    if request.method == "POST":

        def act() -> Determination:
            change = form.cleaned_data.get("change", "")
            return issuing.issue(case, shown=_shown(request), change=change, by=actor)

        if tried(form, act) is not None:
            words = "Determination issued. The landlord is told. Send the letter to the resident and record it here."
            return done(request, words, redirect("casework:determination", reference))
    try:
        draft = drafting.the_draft(case)
        if not issuing.may_issue(case, actor):
            raise RuleBroken(drafting.why_not(case) or issuing.who_issues(case))
    except RuleBroken as broken:
        return refused(request, broken, redirect("casework:determination", reference))
    _tells_of_change(request, form, draft.version_token, issuing.CHANGED)
    counts = _counts(draft)
    context = {
        "form": form,
        "counts": counts,
        "becomes": determined_status(counts["orders"] + counts["recommendations"]).label,
        "in_review": in_review,
        "draft": draft.determination,
        "shown": draft.version_token,
    }
    return page(request, "casework/determination_issue.html", {**frame(case, actor, ""), **context})


@may(Permission.DETERMINE)
@require_http_methods(["GET", "HEAD", "POST"])
def resident_letter(request: PortalRequest, reference: str) -> HttpResponse:
    """The resident's letter was sent: how and when (S49)."""
    case = opened(request, reference)
    with or_404():
        found = Determination.objects.visible_to(request.actor).on_case(case.pk).in_force().select_related("case").get()
    form = SentForm(request.POST if request.method == "POST" else None, initial={"on": clock.today()})
    if request.method == "POST":
        act = lambda: issuing.record_sent_to_resident(found, by=request.actor, **form.cleaned_data)  # noqa: E731
        if tried(form, act) is not None:
            return done(
                request,
                "The letter to the resident is recorded as sent.",
                redirect("casework:determination", reference),
            )
    title = "Record that the resident’s letter was sent"
    return page(request, "casework/determination_step.html", {"case": case, "form": form, "title": title})
