"""The register of landlords: who was invited and never came, their people, and inviting (C3, S9, S11)."""

from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.cases.models import Case
from portal.landlords import actions, register
from portal.landlords.models import Landlord, LandlordState
from portal.landlords.people import everybody_at, state_of
from portal.lib.errors import RuleBroken
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.office.landlords.forms import InviteForm
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, refused, tried
from portal.restrictions.models import Restriction

A_PAGE = 50


@may(Permission.SEE_LANDLORDS)
@require_safe
def landlords(request: PortalRequest) -> HttpResponse:
    """Every landlord with its state and open cases; searched by name, person or address; or those who never came."""
    text, never = request.GET.get("name", "").replace("\0", "").strip(), request.GET.get("state") == "invited"
    found = register.matching(register.landlords(request.actor), text)
    if never:
        found = found.filter(state=LandlordState.INVITED)
    rows = Paginator(_with_cases(found), A_PAGE).get_page(request.GET.get("page"))
    context = {"rows": rows, "text": text, "never": never, **_may(request.actor)}
    return page(request, "office/landlords.html", context)


def _with_cases(found: QuerySet[Landlord]) -> QuerySet[Landlord]:
    """The number of open cases of each, and how many of them it does not see yet (D11); also for those who see no case."""
    opened = Case.objects.open()
    return found.annotate(open_cases=_number(opened), unreleased_cases=_number(opened.filter(released_at=None)))


def _number(cases: QuerySet[Case]) -> Coalesce:
    own = cases.filter(landlord_id=OuterRef("pk")).order_by().values("landlord_id")
    return Coalesce(Subquery(own.annotate(count=Count("pk")).values("count"), output_field=IntegerField()), 0)


def _may(actor: Actor) -> dict[str, bool]:
    return {
        "may_invite": actor.may(Permission.INVITE_LANDLORDS),
        "may_see_cases": actor.may(Permission.SEE_CASES),
        "may_see_mail": actor.may(Permission.SEE_MAIL),
        "may_see_restrictions": actor.may(Permission.SEE_RESTRICTIONS),
        "may_restrict": actor.may(Permission.RESTRICT_PEOPLE),
    }


@may(Permission.SEE_LANDLORDS)
@require_safe
def landlord(request: PortalRequest, landlord_id: int) -> HttpResponse:
    """One landlord: its people and whether they have ever signed in."""
    with or_404():
        found = register.open_landlord(landlord_id, by=request.actor)
    restricted = Restriction.objects.levels_at(found.pk, request.actor)
    people = [
        {"member": member, "state": state_of(member), "restriction": restricted.get(member.user_id)}
        for member in everybody_at(found.pk)
    ]
    active = [one for one in people if one["state"] != "Deactivated"]
    counted = _with_cases(Landlord.objects.filter(pk=found.pk)).get()
    context = {"landlord": counted, "people": people, "active_sub_accounts": len(active) - 1, **_may(request.actor)}
    return page(request, "office/landlord.html", context)


@may(Permission.INVITE_LANDLORDS)
@require_http_methods(["GET", "HEAD", "POST"])
def landlord_invite(request: PortalRequest) -> HttpResponse:
    """A new landlord with its administrator, who gets the welcome mail."""
    form = InviteForm(request.POST or None)
    invited = (
        tried(form, lambda: actions.invite_landlord(by=request.actor, **form.cleaned_data))
        if request.method == "POST"
        else None
    )
    if invited is None:
        return page(request, "office/landlord_invite.html", {"form": form})
    words = f"{invited.name} invited. The e-mail to {form.cleaned_data['email']} is on its way."
    return done(request, words, redirect("office:landlord", invited.pk))


@may(Permission.INVITE_LANDLORDS)
@require_POST
def landlord_invite_again(request: PortalRequest, landlord_id: int) -> HttpResponse:
    """The welcome mail once more (C3)."""
    with or_404():
        found = register.open_landlord(landlord_id, by=request.actor)
    back = redirect("office:landlord", landlord_id)
    try:
        actions.resend_invitation(found, by=request.actor)
    except RuleBroken as broken:
        return refused(request, broken, back)
    return done(request, "Invitation sent again.", back)
