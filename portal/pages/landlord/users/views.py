"""“Create a new user” and “Manage your users”: for the landlord's administrator alone (S86-S93)."""

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.accounts.actions import Href
from portal.cases.models import Case
from portal.landlords import sub_accounts
from portal.landlords.models import Landlord, Membership
from portal.landlords.people import everybody_at, state_of, sub_accounts_of
from portal.lib.routes import address
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.shared.page import page
from portal.pages.shared.password_links import password_href
from portal.pages.shared.writing.answers import done, tried
from portal.pages.shared.writing.person_form import PersonForm
from portal.tasks.models import Task


@may(Permission.LANDLORD_MANAGE_PEOPLE)
@require_safe
def users(request: PortalRequest) -> HttpResponse:
    """Everybody of the landlord with their state; a three-dot menu for each sub account (S90, S91)."""
    landlord = _landlord(request)
    people = [
        {"member": member, "state": state_of(member), "options": _options(member)}
        for member in everybody_at(landlord.pk)
    ]
    return page(request, "landlord/users.html", {"people": people, **_room(landlord)})


@may(Permission.LANDLORD_MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def user_new(request: PortalRequest) -> HttpResponse:
    """The boxes for a new sub account (S88, S89)."""
    form = PersonForm(request.POST or None)
    made = None
    if request.method == "POST":
        made = tried(
            form,
            lambda: sub_accounts.create_sub_account(href=password_href, by=request.actor, **form.cleaned_data),
        )
    if made is None:
        return page(request, "landlord/user_new.html", {"form": form, **_room(_landlord(request))})
    words = f"Account created for {made.user.name}. A link to make a password is on its way to {made.user.email}."
    return done(request, words, redirect("landlord:users"))


@may(Permission.LANDLORD_MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def user_reset(request: PortalRequest, member_id: int) -> HttpResponse:
    """Asks first, because the old password stops working at once (S92)."""
    return _step(request, member_id, "user_reset", sub_accounts.reset_password, "A new link is on its way to {email}.")


@may(Permission.LANDLORD_MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def user_deactivate(request: PortalRequest, member_id: int) -> HttpResponse:
    """Asks first, and says what is still assigned to the person (S93)."""
    return _step(request, member_id, "user_deactivate", _deactivate, "{name}’s account is deactivated.")


@may(Permission.LANDLORD_MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def user_reactivate(request: PortalRequest, member_id: int) -> HttpResponse:
    words = "{name}’s account is active again. A link to make a new password is on its way to {email}."
    return _step(request, member_id, "user_reactivate", sub_accounts.reactivate, words)


def _deactivate(member_id: int, *, href: Href, by: Actor) -> Membership:
    return sub_accounts.deactivate(member_id, by=by)


def _step(
    request: PortalRequest, member_id: int, template: str, action: Callable[..., Membership], words: str
) -> HttpResponse:
    """The page that asks, and what its button does, to one of the landlord's own sub accounts."""
    landlord = _landlord(request)
    with or_404():
        member = sub_accounts_of(landlord.pk).get(pk=member_id)
        form = forms.Form(request.POST)
        changed = None
        if request.method == "POST":
            changed = tried(form, lambda: action(member_id, href=password_href, by=request.actor))
    if changed is None:
        context = {"member": member, "form": form, "assigned": _assigned(member, request.actor), **_room(landlord)}
        return page(request, f"landlord/{template}.html", context)
    said = words.format(name=changed.user.name, email=changed.user.email)
    return done(request, said, redirect("landlord:users"))


def _assigned(member: Membership, actor: Actor) -> dict[str, int]:
    """Returns the person's assigned work, which stays theirs until it is reassigned."""
    cases = Case.objects.visible_to(actor).open().filter(colleague_id=member.user_id)
    tasks = Task.objects.visible_to(actor).outstanding().assigned_to(member.user_id)
    return {"cases": cases.count(), "tasks": tasks.count()}


def _options(member: Membership) -> list[dict[str, str]]:
    """Returns the options of the three-dot menu (S91). Only the portal team changes the main account."""
    if member.role != Role.SUB_ACCOUNT:
        return []
    steps = [("Reset password", "user_reset"), ("Deactivate", "user_deactivate")]
    if not member.user.is_active:
        steps = [("Reactivate", "user_reactivate")]
    return [{"text": text, "href": address(f"landlord:{name}", member.pk)} for text, name in steps]


def _room(landlord: Landlord) -> dict[str, int]:
    return {"limit": landlord.sub_account_limit, "in_use": sub_accounts.active_sub_accounts(landlord.pk)}


def _landlord(request: PortalRequest) -> Landlord:
    if request.landlord is None:
        raise Http404
    return request.landlord
