"""What the portal team does for a landlord's accounts: the limit, an address, another administrator (S20, D4, D10)."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.landlords import main_account, register, sub_accounts
from portal.landlords.models import Landlord, Membership
from portal.landlords.people import everybody_at, people_of
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.office.landlords.forms import AddressForm, HandOverForm, LimitForm
from portal.pages.shared.page import page
from portal.pages.shared.password_links import password_href
from portal.pages.shared.writing.answers import done, tried


@may(Permission.INVITE_LANDLORDS)
@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: PortalRequest, landlord_id: int) -> HttpResponse:
    """How many active sub accounts the landlord may have."""
    found = _landlord(request, landlord_id)
    form = LimitForm(request.POST or None, initial={"limit": found.sub_account_limit, "seen": found.version_token})
    changed = None
    if request.method == "POST":
        changed = tried(form, lambda: sub_accounts.set_limit(found, by=request.actor, **form.cleaned_data))
    if changed is None:
        active = sub_accounts.active_sub_accounts(found.pk)
        return page(request, "office/landlord_limit.html", {"landlord": found, "form": form, "active": active})
    words = f"{changed.name} can have {changed.sub_account_limit} active sub accounts."
    return done(request, words, redirect("office:landlord", landlord_id))


@may(Permission.INVITE_LANDLORDS)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("email", "checked", called="Change e-mail address")
def address(request: PortalRequest, landlord_id: int, member_id: int) -> HttpResponse:
    """Another e-mail address for one of the landlord's people, after an identity check (D10)."""
    found = _landlord(request, landlord_id)
    with or_404():
        member = everybody_at(found.pk).get(pk=member_id)
    form, changed = AddressForm(request.POST or None, initial={"seen": member.version_token}), None
    if request.method == "POST":
        changed = tried(
            form, lambda: main_account.change_address(found, member_id, by=request.actor, **form.cleaned_data)
        )
    if changed is None:
        return page(request, "office/landlord_address.html", {"landlord": found, "member": member, "form": form})
    words = f"{changed.user.name} signs in with {changed.user.email} from now on. Both addresses are told."
    return done(request, words, redirect("office:landlord", landlord_id))


@may(Permission.INVITE_LANDLORDS)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("name", "email", "checked", chosen=("former", "successor"), called="Hand over the main account")
def hand_over(request: PortalRequest, landlord_id: int) -> HttpResponse:
    """The administrator leaves: somebody else holds the main account."""
    found = _landlord(request, landlord_id)
    people = list(people_of(found.pk))
    now = next((one for one in people if one.role == Role.ADMINISTRATOR), None)
    form = HandOverForm(
        request.POST or None,
        people=[one for one in people if one.role == Role.SUB_ACCOUNT],
        initial={"seen": now.version_token if now else ""},
    )
    after = tried(form, lambda: _hand_over(request, found, form)) if request.method == "POST" else None
    if after is None:
        return page(request, "office/landlord_hand_over.html", {"landlord": found, "now": now, "form": form})
    words = f"{after.user.name} is now the administrator of {found.name}. Both people are told."
    return done(request, words, redirect("office:landlord", landlord_id))


def _hand_over(request: PortalRequest, found: Landlord, form: HandOverForm) -> Membership:
    return main_account.hand_over(found, href=password_href, by=request.actor, **form.given())


def _landlord(request: PortalRequest, landlord_id: int) -> Landlord:
    with or_404():
        return register.open_landlord(landlord_id, by=request.actor)
