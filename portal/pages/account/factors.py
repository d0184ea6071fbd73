"""Two-factor authentication under Profile and settings (B13): the list, an app added, anything removed, recovery codes.

Each change asks for the password first (step_up.py). A secret is shown while it is being set up and never again (H33).
"""

import base64
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts import factors
from portal.lib.errors import RuleBroken
from portal.pages.account import step_up
from portal.pages.account.forms import AppForm
from portal.pages.account.profile import user_of
from portal.pages.design.fields import add_rule
from portal.pages.guards import PortalRequest, or_404, signed_in
from portal.pages.shared.page import page

_CODES = "recovery_codes_to_show"


@signed_in
@require_safe
def listing(request: PortalRequest) -> HttpResponse:
    found = factors.factors_of(request.actor.user_id)
    context = {
        "app": next((factor for factor in found if factor.kind == factors.APP), None),
        "passkeys": [factor for factor in found if factor.kind == factors.PASSKEY],
        "codes": next((factor for factor in found if factor.kind == factors.RECOVERY), None),
        "to_show": _CODES in request.session,
    }
    return page(request, "account/factors.html", context)


@signed_in
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def add_app(request: PortalRequest) -> HttpResponse:
    """The secret stays the same while it is set up, so that Back and Reload break nothing."""
    if away := step_up.asked(request):
        return away
    form, secret = AppForm(request.POST or None), get_totp_secret()
    if request.method == "POST" and form.is_valid():
        try:
            codes = factors.add_app(
                user_of(request), secret=secret, code=form.cleaned_data["code"], **by_this_session(request)
            )
            clear_totp_secret(request)
            return added(request, "Your authenticator app is set up.", codes)
        except RuleBroken as error:
            add_rule(form, error)
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return page(request, "account/app_add.html", {"form": form, "secret": spaced, "qr": _qr(request, secret)})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PortalRequest, factor_id: int) -> HttpResponse:
    with or_404():
        found = factors.own_factor(request.actor.user_id, factor_id)
    if found.kind == factors.RECOVERY:
        raise Http404
    if away := step_up.asked(request):
        return away
    if request.method == "POST":
        return _removed(request, factor_id)
    others = [f for f in factors.factors_of(request.actor.user_id) if f.id != factor_id and f.kind != factors.RECOVERY]
    return page(request, "account/factor_remove.html", {"factor": found, "is_last": not others})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: PortalRequest) -> HttpResponse:
    """Shows codes that were just made, until the person says that they are kept; or makes new ones."""
    codes = request.session.get(_CODES)
    if request.method == "POST" and "kept" in request.POST:
        request.session.pop(_CODES, None)
        return redirect("account:factors")
    if codes and request.method != "POST":
        return page(request, "account/recovery_codes.html", {"codes": codes})
    if not factors.has_own(request.actor.user_id):
        messages.warning(request, "Set up an authenticator app or a passkey first. Recovery codes come with it.")
        return redirect("account:factors")
    if away := step_up.asked(request):
        return away
    if request.method == "POST":
        request.session[_CODES] = factors.make_recovery_codes(user_of(request), **by_this_session(request))
        return redirect("account:recovery_codes")
    return page(request, "account/recovery_codes_new.html")


@signed_in
@require_safe
def recovery_codes_file(request: PortalRequest) -> HttpResponse:
    """The codes as text, as long as the page shows them."""
    codes = request.session.get(_CODES)
    if not codes:
        return redirect("account:factors")
    lines = [f"Recovery codes for the {settings.SERVICE_NAME}", "Each works once.", "", *codes, ""]
    answer = HttpResponse("\r\n".join(lines), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return answer


def added(request: PortalRequest, words: str, codes: list[str]) -> HttpResponse:
    """To the recovery codes, when the first factor brought some; else back to the list."""
    messages.success(request, f"{words} Your other devices are signed out.")
    if not codes:
        return redirect("account:factors")
    request.session[_CODES] = codes
    return redirect("account:recovery_codes")


def by_this_session(request: PortalRequest) -> dict[str, Any]:
    return {"by": request.actor, "session_key": request.session.session_key}


def _removed(request: PortalRequest, factor_id: int) -> HttpResponse:
    try:
        gone = factors.remove(user_of(request), factor_id, **by_this_session(request))
    except (RuleBroken, Authenticator.DoesNotExist):
        messages.warning(request, "This has been removed already.")
        return redirect("account:factors")
    if not factors.has_own(request.actor.user_id):
        request.session.pop(_CODES, None)
    words = factors.WORDS[gone.kind]
    messages.success(request, f"{words} removed. Your other devices are signed out.")
    return redirect("account:factors")


def _qr(request: PortalRequest, secret: str) -> str:
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user_of(request), secret))
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
