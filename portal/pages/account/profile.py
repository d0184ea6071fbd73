"""The pages behind the person icon: profile, password, signed-in devices. The e-mail address is only shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.roles import ROLES
from portal.accounts import actions
from portal.accounts.models import Session, User
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.lib.secrets_at_rest import digest
from portal.pages import visitor
from portal.pages.account import browser_cookie
from portal.pages.account.forms import ChangePasswordForm
from portal.pages.design.fields import add_rule
from portal.pages.guards import PortalRequest, signed_in
from portal.pages.shared.page import page


@dataclass(frozen=True)
class Device:
    """One signed-in browser, as its person reads it."""

    id: int
    words: str
    started_at: datetime
    last_active_at: datetime
    ip: str
    is_this: bool


@signed_in
@require_safe
def profile(request: PortalRequest) -> HttpResponse:
    user, role = user_of(request), ROLES[request.actor.role]
    landlord = getattr(request, "landlord", None)
    return page(request, "account/profile.html", {"person": user, "role": role, "landlord": landlord})


@signed_in
@sensitive_post_parameters("current", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: PortalRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None, person=user_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _change(request, form)
        except RuleBroken as error:
            add_rule(form, error)
    return page(request, "account/password.html", {"form": form, "address": user_of(request).email})


@signed_in
@require_safe
def devices(request: PortalRequest) -> HttpResponse:
    rows = Session.objects.live_of(request.actor.user_id, now=clock.now())
    return page(request, "account/devices.html", {"devices": [_device(row, request) for row in rows]})


@signed_in
@require_POST
def end_device(request: PortalRequest, session_id: int) -> HttpResponse:
    if not actions.end_one_session(session_id, by=request.actor):
        raise Http404
    messages.success(request, "That device is signed out.")
    return redirect("account:devices")


@signed_in
@require_POST
def end_other_devices(request: PortalRequest) -> HttpResponse:
    actions.end_other_sessions(but=request.session.session_key, by=request.actor)
    messages.success(request, "All your other devices are signed out.")
    return redirect("account:devices")


def _change(request: PortalRequest, form: ChangePasswordForm) -> HttpResponse:
    user = actions.change_password(
        user_of(request),
        current=form.cleaned_data["current"],
        new=form.cleaned_data["password"],
        by=request.actor,
        browser=browser_cookie.read(request),
        session_key=request.session.session_key,
    )
    update_session_auth_hash(request, user)
    messages.success(request, "Your password is changed. Your other devices are signed out.")
    return redirect("account:profile")


def _device(row: Session, request: PortalRequest) -> Device:
    is_this = row.key_digest == digest(request.session.session_key or "")
    return Device(
        row.pk, visitor.browser_words(row.user_agent), row.started_at, row.last_active_at, row.ip or "", is_this
    )


def user_of(request: PortalRequest) -> User:
    return cast(User, request.user)
