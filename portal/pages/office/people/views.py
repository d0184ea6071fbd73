"""The service's own people: who works here, a new account, another role or team, closing and opening again (C1)."""

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.permissions import Permission
from portal.access.roles import ROLES, Role
from portal.cases.models import Case
from portal.lib.errors import RuleBroken
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.office.people.forms import ChangePlaceForm, ServicePersonForm
from portal.pages.shared.page import page
from portal.pages.shared.password_links import password_href
from portal.pages.shared.writing.answers import done, refused, tried
from portal.teams import actions
from portal.teams.models import StaffMember
from portal.teams.people import everybody

A_PAGE = 50


@may(Permission.MANAGE_SERVICE_PEOPLE)
@require_safe
def people(request: PortalRequest) -> HttpResponse:
    """Everybody of the service, the active ones first."""
    rows = Paginator(everybody(request.actor), A_PAGE).get_page(request.GET.get("page"))
    shown = [{"member": member, "role": ROLES[Role(member.role)].name, "state": _state(member)} for member in rows]
    return page(request, "office/people.html", {"rows": rows, "people": shown})


@may(Permission.MANAGE_SERVICE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: PortalRequest) -> HttpResponse:
    """A new account, whose person is mailed a link to make a password."""
    form, made = ServicePersonForm(request.POST or None), None
    if request.method == "POST":
        made = tried(
            form,
            lambda: actions.create_service_person(href=password_href, by=request.actor, **form.cleaned_data),
        )
    if made is None:
        return page(request, "office/person_new.html", {"form": form})
    words = f"Account created for {made.user.name}. A link to make a password is on its way to {made.user.email}."
    return done(request, words, redirect("office:people"))


@may(Permission.MANAGE_SERVICE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: PortalRequest, staff_id: int) -> HttpResponse:
    """Somebody's account; a POST gives another role or team."""
    member = _member(request, staff_id)
    form = ChangePlaceForm(
        request.POST or None, initial={"role": member.role, "team": member.team or "", "seen": member.version_token}
    )
    changed: StaffMember | None = None
    if request.method == "POST":
        changed = tried(form, lambda: actions.change_place(member, by=request.actor, **form.cleaned_data))
    if changed is None:
        context = {
            "member": member,
            "state": _state(member),
            "form": form,
            "owned": Case.objects.open().filter(owner_id=member.user_id).count(),
            "is_self": member.user_id == request.actor.user_id,
        }
        return page(request, "office/person.html", context)
    team = f", {changed.get_team_display()}" if changed.team else ""
    words = f"{changed.user.name}: {ROLES[Role(changed.role)].name}{team}."
    return done(request, words, redirect("office:person", staff_id))


@may(Permission.MANAGE_SERVICE_PEOPLE)
@require_POST
def person_reset(request: PortalRequest, staff_id: int) -> HttpResponse:
    """The old password stops now."""
    return _step(
        request,
        staff_id,
        lambda member: actions.reset_password(member, href=password_href, by=request.actor),
        "The old password of {name} has stopped working. A new link is on its way to {email}.",
    )


@may(Permission.MANAGE_SERVICE_PEOPLE)
@require_POST
def person_deactivate(request: PortalRequest, staff_id: int) -> HttpResponse:
    return _step(
        request,
        staff_id,
        lambda member: actions.deactivate(member, by=request.actor),
        "{name}’s account is deactivated.",
    )


@may(Permission.MANAGE_SERVICE_PEOPLE)
@require_POST
def person_reactivate(request: PortalRequest, staff_id: int) -> HttpResponse:
    return _step(
        request,
        staff_id,
        lambda member: actions.reactivate(member, href=password_href, by=request.actor),
        "{name}’s account is active again. A link to make a new password is on its way to {email}.",
    )


def _step(
    request: PortalRequest, staff_id: int, action: Callable[[StaffMember], StaffMember], words: str
) -> HttpResponse:
    member, back = _member(request, staff_id), redirect("office:person", staff_id)
    try:
        changed = action(member)
    except RuleBroken as broken:
        return refused(request, broken, back)
    return done(request, words.format(name=changed.user.name, email=changed.user.email), back)


def _member(request: PortalRequest, staff_id: int) -> StaffMember:
    with or_404():
        return everybody(request.actor).get(pk=staff_id)


def _state(member: StaffMember) -> str:
    if not member.user.is_active:
        return "Deactivated"
    return "Active" if member.user.last_login else "Never signed in"
