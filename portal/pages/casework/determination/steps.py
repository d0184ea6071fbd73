"""A caseworker's steps on orders and reviews, each at its own address."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from portal.access.permissions import Permission
from portal.cases.models import Case
from portal.determinations import actions, orders, reviews
from portal.determinations.kinds import Outcome
from portal.determinations.models import Order
from portal.lib.errors import RuleBroken
from portal.pages.casework.cases.case import opened
from portal.pages.casework.determination.forms import (
    AcceptInPartForm,
    ExtendOrderForm,
    LatenessForm,
    OutcomeForm,
    ResidentReviewForm,
    ReturnOrderForm,
)
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, refused, tried


@may(Permission.DETERMINE)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", called="Accept order")
def order_accept(request: PortalRequest, reference: str, order_id: int) -> HttpResponse:
    """Accepts compliance with an order. Asks first when something is still to do."""
    case, order = _order(request, reference, order_id)
    back, left = redirect("casework:determination", reference), order.left
    form = AcceptInPartForm(request.POST if request.method == "POST" else None, initial={"seen": order.version_token})
    if left:
        accept = lambda: orders.accept_order(order, by=request.actor, **form.cleaned_data)  # noqa: E731
        if request.method != "POST" or tried(form, accept) is None:
            return page(request, "casework/determination_step.html", _acceptance(case, order, form, left))
    elif request.method != "POST":
        return back
    else:
        try:
            orders.accept_order(order, by=request.actor, seen=request.POST.get("seen"))
        except RuleBroken as broken:
            return refused(request, broken, back)
    case.refresh_from_db()
    rest = " The landlord has complied with every order." if not case.orders_outstanding else ""
    return done(request, f"Order {order.number} accepted. The landlord is told.{rest}", back)


@may(Permission.DETERMINE)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", chosen=("due_on",), called="Return order")
def order_return(request: PortalRequest, reference: str, order_id: int) -> HttpResponse:
    """Returns an order to the landlord with what is missing and, optionally, a new due date."""
    case, order = _order(request, reference, order_id)
    form = ReturnOrderForm(request.POST if request.method == "POST" else None, initial={"seen": order.version_token})
    return _answered(
        request,
        case,
        form,
        lambda: orders.return_order(order, by=request.actor, **form.cleaned_data),
        title=f"Return order {order.number}",
        said=f"Order {order.number} returned. The landlord is told what is missing.",
        about=order,
    )


@may(Permission.DETERMINE)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", chosen=("due_on",), called="Change due date of an order")
def order_extend(request: PortalRequest, reference: str, order_id: int) -> HttpResponse:
    """Extends an order. The former due date is kept."""
    case, order = _order(request, reference, order_id)
    form = ExtendOrderForm(request.POST if request.method == "POST" else None, initial={"seen": order.version_token})
    return _answered(
        request,
        case,
        form,
        lambda: orders.extend_order(order, by=request.actor, **form.cleaned_data),
        title=f"Change the due date of order {order.number}",
        said=f"Due date of order {order.number} changed. The landlord is told, and the old date is kept.",
        about=order,
    )


@may(Permission.DETERMINE)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("text", "late_reason", chosen=("asked_on", "grounds"), called="Record a request of the resident")
def review_new(request: PortalRequest, reference: str) -> HttpResponse:
    """The resident's request for a review (S41)."""
    case = opened(request, reference)
    form = ResidentReviewForm(request.POST if request.method == "POST" else None)
    return _answered(
        request,
        case,
        form,
        lambda: reviews.record_review(case, by=request.actor, **form.given()),
        title="Record a request of the resident",
        said="The resident’s request for a review is recorded.",
    )


@may(Permission.DECIDE_REVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("answer", chosen=("take",), called="Decide on the late request")
def review_lateness(request: PortalRequest, reference: str) -> HttpResponse:
    """Decides whether a request after the three weeks is accepted (C20)."""
    case = opened(request, reference)
    form = LatenessForm(request.POST if request.method == "POST" else None)
    with or_404():
        review = actions.pending_review(case, by=request.actor)

    def act() -> object:
        given = form.cleaned_data
        return reviews.decide_lateness(review, take=given["take"] == "yes", answer=given["answer"], by=request.actor)

    return _answered(
        request,
        case,
        form,
        act,
        title="Decide on the late request",
        said="The decision is recorded. The landlord is told.",
    )


@may(Permission.DECIDE_REVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", chosen=("outcome",), called="Record the outcome of a review")
def review_outcome(request: PortalRequest, reference: str) -> HttpResponse:
    """Records that the determination stands or that the request is rejected. A change is drafted and issued instead."""
    case = opened(request, reference)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    with or_404():
        review = actions.pending_review(case, by=request.actor)

    def act() -> object:
        given = form.cleaned_data
        return reviews.decide_review(
            review, outcome=Outcome(given["outcome"]), reason=given["reason"], by=request.actor
        )

    hint = "If the review changes the determination, do not answer here: draft and issue its new version instead."
    return _answered(
        request,
        case,
        form,
        act,
        title="Record the outcome",
        said="The outcome is recorded. The landlord is told.",
        hint=hint,
    )


def _acceptance(case: Case, order: Order, form: forms.Form, left: str) -> dict[str, Any]:
    title = f"Accept order {order.number} although something is still to do"
    return {"case": case, "form": form, "title": title, "order": order, "left": left}


def _order(request: PortalRequest, reference: str, order_id: int) -> tuple[Case, Order]:
    case = opened(request, reference)
    with or_404():
        return case, actions.find_order(case, order_id, by=request.actor)


def _answered(
    request: PortalRequest,
    case: Case,
    form: forms.Form,
    act: Callable[[], object],
    *,
    title: str,
    said: str,
    about: Order | None = None,
    hint: str = "",
) -> HttpResponse:
    """Handles the step's form: shows it, refuses it or carries out the action."""
    if request.method == "POST" and tried(form, act) is not None:
        return done(request, said, redirect("casework:determination", case.reference))
    context = {"case": case, "form": form, "title": title, "order": about, "hint": hint}
    return page(request, "casework/determination_step.html", context)
