"""Second factors of somebody who has lost them all: reset by the portal team after a recorded identity check (B13)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from portal.access.permissions import Permission
from portal.accounts import factors
from portal.accounts.models import User
from portal.landlords.people import membership_of
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.office.people.forms import FactorResetForm
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, tried


@may(Permission.INVITE_LANDLORDS)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("identity_check", called="Reset two-factor authentication")
def reset(request: PortalRequest, user_id: int) -> HttpResponse:
    """What the person has set up, never a secret; and the reset, which asks how the person was known."""
    with or_404():
        person = User.objects.get(pk=user_id)
    member = membership_of(user_id)
    form = FactorResetForm(request.POST or None)
    if request.method == "POST" and tried(form, lambda: _reset(person, form.cleaned_data, request)):
        words = f"Second factors of {person.name} reset. They are told by e-mail, and codes go there again."
        back = redirect("office:landlord", member.landlord_id) if member else redirect("office:factors", user_id)
        return done(request, words, back)
    found = factors.factors_of(user_id)
    context = {"person": person, "member": member, "factors": found, "words": factors.WORDS, "form": form}
    return page(request, "office/second_factors.html", context)


def _reset(person: User, given: dict[str, Any], request: PortalRequest) -> bool:
    factors.reset(person, identity_check=given["identity_check"], by=request.actor)
    return True
