"""The Determination tab of a case, compliance with its orders, feedback on recommendations, asking for a review."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.determinations import actions, orders, reviews
from portal.determinations.kinds import Asker, OrderState
from portal.determinations.models import Determination, Recommendation
from portal.lib import clock
from portal.lib.routes import address
from portal.notifications.inbox import Place
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, landlord, may, or_404
from portal.pages.landlord import back
from portal.pages.landlord.cases.case import case_context
from portal.pages.landlord.cases.rows import order_links
from portal.pages.landlord.determination.forms import ConfirmForm, FeedbackForm, ReviewForm
from portal.pages.shared.determinations import Links, version_item
from portal.pages.shared.horizon import today
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import tried
from portal.tasks.models import Task


@landlord
@require_safe
def determination(request: PortalRequest, reference: str) -> HttpResponse:
    """Findings and orders, the landlord's compliance, and whether a review can be asked for."""
    case, context = case_context(request, reference, "determination")
    seen, may_work = today(), request.actor.may(Permission.LANDLORD_WORK_CASES)
    versions = actions.open_determinations(case, by=request.actor)
    asked = actions.reviews_of(case, by=request.actor)
    in_force = next((one for one in versions if one.is_in_force), None)
    shown = {
        "item": in_force
        and version_item(
            in_force,
            seen,
            order_links=lambda order: order_links(order, case, request.actor),
            recommendation_links=lambda one: _recommendation_links(case, one, request.actor),
        ),
        "former": [version_item(one, seen) for one in versions if not one.is_in_force],
        "reviews": asked,
        "own": lambda review: review.asker == Asker.LANDLORD,
        "is_done": bool(in_force)
        and case.is_open
        and not (case.orders_outstanding or case.recommendations_outstanding),
        "is_late": bool(in_force and reviews.is_late(in_force, clock.today())),
        "completes": in_force and _completes(case, in_force, request.actor),
        "may_ask": may_work and not reviews.why_not(case, in_force, is_pending=any(one.is_pending for one in asked)),
        "may_confirm": may_work,
    }
    return page(request, "landlord/determination.html", {**context, **shown}, shows=Place("determination", case.pk))


def _completes(case: Case, in_force: Determination, actor: Actor) -> Task | None:
    may_work = case.is_open and actor.may(Permission.LANDLORD_WORK_CASES)
    return actions.task_to_complete(in_force) if may_work else None


def _thanks(determination: Determination, *, still: str, last: str) -> str:
    """The message after an answer. After the last one it says that the task is still to be completed."""
    is_last = actions.task_to_complete(determination) is not None
    return f"{last} Now select “Task completed”." if is_last else still


def _recommendation_links(case: Case, one: Recommendation, actor: Actor) -> Links:
    if one.feedback or not case.is_open or not actor.may(Permission.LANDLORD_WORK_CASES):
        return []
    return [{"text": "Give feedback", "href": address("landlord:recommendation", case.reference, one.pk)}]


@may(Permission.LANDLORD_WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("done", "left", chosen=("extent", "done_on", "evidence"), called="Confirm compliance")
def order_confirm(request: PortalRequest, reference: str, order_id: int) -> HttpResponse:
    """“Confirm compliance” with one order: what was done, when, and the documents that show it."""
    with or_404():
        case = cases.open_case(reference, by=request.actor)
        order = actions.find_order(case, order_id, by=request.actor)
    if request.method != "POST" and order.state != OrderState.OWED:
        messages.info(request, f"There is nothing to confirm on order {order.number}: {order.get_state_display()}.")
        return redirect("landlord:determination", reference)
    documents = list(orders.possible_evidence(case, by=request.actor)[: orders.EVIDENCE_OFFERED])
    form = ConfirmForm(request.POST if request.method == "POST" else None, documents=documents)
    if (
        request.method == "POST"
        and tried(form, lambda: orders.confirm_order(order, by=request.actor, **form.given())) is not None
    ):
        rest = _thanks(order.determination, still="We check it and tell you.", last="You have confirmed every order.")
        messages.success(request, f"Compliance with order {order.number} confirmed. {rest}")
        return redirect("landlord:determination", reference)
    context = {"case": case, "order": order, "form": form, "documents": documents, "most": orders.EVIDENCE_OFFERED}
    context["here"] = back.here(request)
    return page(request, "landlord/order_confirm.html", context)


@may(Permission.LANDLORD_WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", chosen=("feedback",), called="Feedback on a recommendation")
def recommendation(request: PortalRequest, reference: str, recommendation_id: int) -> HttpResponse:
    """Feedback on one recommendation."""
    with or_404():
        case = cases.open_case(reference, by=request.actor)
        one = actions.find_recommendation(case, recommendation_id, by=request.actor)
    if request.method != "POST" and (one.feedback or not case.is_open):
        messages.info(request, f"There is nothing to answer on recommendation {one.number}.")
        return redirect("landlord:determination", reference)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and tried(form, lambda: orders.answer_recommendation(one, by=request.actor, **form.cleaned_data)) is not None
    ):
        rest = _thanks(one.determination, still="", last="That is all that the task needs.")
        messages.success(request, f"Your feedback on recommendation {one.number} is with us. {rest}".strip())
        return redirect("landlord:determination", reference)
    return page(request, "landlord/recommendation.html", {"case": case, "one": one, "form": form})


@may(Permission.LANDLORD_WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("text", "late_reason", chosen=("grounds",), called="Ask for a review")
def review_ask(request: PortalRequest, reference: str) -> HttpResponse:
    """“Ask for a review” of the determination in force (S41)."""
    with or_404():
        case = cases.open_case(reference, by=request.actor)
        in_force = Determination.objects.visible_to(request.actor).on_case(case.pk).in_force().get()
    until = reviews.last_day_of(in_force)
    is_late = reviews.is_late(in_force, clock.today())
    form = ReviewForm(request.POST if request.method == "POST" else None, is_late=is_late)
    if (
        request.method == "POST"
        and tried(form, lambda: reviews.ask_review(case, by=request.actor, **form.given())) is not None
    ):
        words = "DR2 Review decides whether to take it on." if is_late else "The case is with DR2 Review now."
        messages.success(request, f"Your request for a review is with us. {words}")
        return redirect("landlord:determination", reference)
    context = {"case": case, "form": form, "until": until, "is_late": is_late}
    return page(request, "landlord/review_ask.html", context)
