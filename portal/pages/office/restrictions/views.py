"""Restricting the access of one of a landlord's people (S8, C22): the list with its reviews, one restriction, each step."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.actor import Actor
from portal.access.levels import Level
from portal.access.permissions import Permission
from portal.lib import clock
from portal.lib.days import day_in_words
from portal.lib.routes import address
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.office.restrictions.forms import ChangeForm, LiftForm, RestrictForm, ReviewForm, whom
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, tried
from portal.restrictions import actions, emails
from portal.restrictions.models import Restriction, Step

A_PAGE = 50


@may(Permission.SEE_RESTRICTIONS)
@require_safe
def restrictions(request: PortalRequest) -> HttpResponse:
    """Whose access is restricted now, the next review first; or what has ended."""
    shows_ended = request.GET.get("show") == "ended"
    visible = Restriction.objects.visible_to(request.actor).select_related("user", "landlord")
    rows = Paginator(visible.ended() if shows_ended else visible.in_force(), A_PAGE).get_page(request.GET.get("page"))
    base = address("office:restrictions")
    views = [
        {"text": "In force", "href": base, "current": not shows_ended},
        {"text": "Ended", "href": f"{base}?show=ended", "current": shows_ended},
    ]
    context = {"rows": rows, "views": views, "shows_ended": shows_ended, "today": clock.today()}
    return page(request, "office/restrictions.html", context)


@may(Permission.SEE_RESTRICTIONS)
@require_safe
def restriction(request: PortalRequest, restriction_id: int) -> HttpResponse:
    """One restriction: why, who answers for it, what the person reads, and everything that was done to it."""
    found = _opened(restriction_id, request.actor)
    context = {
        "restriction": found,
        "decision": emails.decision(found.level),
        "is_due": found.is_open and found.review_on <= clock.today(),
        "items": [_item(step) for step in found.steps.order_by("-id")],
        "may_restrict": found.is_open and request.actor.may(Permission.RESTRICT_PEOPLE),
    }
    return page(request, "office/restriction.html", context)


def _item(step: Step) -> dict[str, Any]:
    approved = f" Approved by {step.approver_name}." if step.approver_name else ""
    until = f" Next review by {day_in_words(step.review_on)}." if step.review_on else ""
    title = f"{step.get_kind_display()}: {step.get_level_display()}"
    return {"title": title, "by": step.by_name, "at": step.at, "text": f"{step.reason}{approved}{until}"}


@may(Permission.RESTRICT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", "appeal", chosen=("level", "approver", "review_on"), called="Restrict access")
def restrict(request: PortalRequest, landlord_id: int, user_id: int) -> HttpResponse:
    """A new restriction of one of the landlord's people."""
    with or_404():
        member = actions.member_to_restrict(landlord_id, user_id, by=request.actor)
    form = RestrictForm(request.POST or None, approvers=whom(request.actor), initial={"appeal": emails.appeal()})
    made = None
    if request.method == "POST":
        made = tried(form, lambda: actions.impose(member, by=request.actor, **form.given()))
    if made is None:
        context = {"form": form, "member": member, "levels": _levels()}
        return page(request, "office/restrict.html", context, status=400 if form.errors else 200)
    said = f"{member.user.name}: access restricted. It holds from the next page that they open, and they are told by e-mail."
    return done(request, said, redirect("office:restriction", made.pk))


@may(Permission.RESTRICT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", chosen=("level", "approver", "review_on"), called="Change restriction")
def restriction_change(request: PortalRequest, restriction_id: int) -> HttpResponse:
    """Another level."""
    found = _opened(restriction_id, request.actor)
    form = ChangeForm(
        request.POST or None, approvers=whom(request.actor), initial={"level": found.level, "seen": found.version_token}
    )
    return _step(request, found, form, "Change the level", actions.change_level, "The level is changed.")


@may(Permission.RESTRICT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", chosen=("review_on",), called="Review restriction")
def restriction_review(request: PortalRequest, restriction_id: int) -> HttpResponse:
    """Looked at again, and kept."""
    found = _opened(restriction_id, request.actor)
    return _step(
        request,
        found,
        ReviewForm(request.POST or None, initial={"seen": found.version_token}),
        "Record a review",
        actions.review,
        "The review is recorded.",
    )


@may(Permission.RESTRICT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", called="Lift restriction")
def restriction_lift(request: PortalRequest, restriction_id: int) -> HttpResponse:
    """The end of it."""
    found = _opened(restriction_id, request.actor)
    form = LiftForm(request.POST or None, initial={"seen": found.version_token})
    return _step(request, found, form, "Lift the restriction", actions.lift, "The restriction is lifted.")


def _step(request: PortalRequest, found: Restriction, form: Any, title: str, action: Any, said: str) -> HttpResponse:
    """One of the three: the same page with another form."""
    taken = None
    if request.method == "POST":
        taken = tried(form, lambda: action(found.pk, by=request.actor, **form.given()))
    if taken is None:
        context = {"form": form, "restriction": found, "heading": title, "levels": _levels()}
        return page(request, "office/restriction_step.html", context, status=400 if form.errors else 200)
    return done(request, said, redirect("office:restriction", found.pk))


def _levels() -> dict[str, str]:
    """What each level means, in the words that the person reads."""
    return {level.value: emails.decision(level) for level in Level}


def _opened(restriction_id: int, actor: Actor) -> Restriction:
    with or_404():
        return actions.open_restriction(restriction_id, by=actor)
