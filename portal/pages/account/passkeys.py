"""Passkeys (B13): one added, and signing in with one alone. A passkey is had by its owner's device and opened by its
owner's finger, face or PIN, which is asked for each time: so it counts as both factors.

The challenge stands in the session; the library checks what the browser answers.
"""

import json
import struct
from typing import Any, cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.accounts import factors, rate_limits
from portal.accounts.models import User
from portal.accounts.rate_limits import Kind, Paused
from portal.lib.errors import RuleBroken
from portal.pages import visitor
from portal.pages.account import step_up
from portal.pages.account.factors import added, by_this_session
from portal.pages.account.forms import PasskeyForm
from portal.pages.account.profile import user_of
from portal.pages.account.return_address import safe_next
from portal.pages.design.fields import add_rule
from portal.pages.guards import PortalRequest, public, signed_in
from portal.pages.shared.page import page
from portal.pages.shared.writing.uploads import wants_json

NOT_KNOWN = "We could not sign you in with that passkey. Try again, or sign in with your password."
NOT_ADDED = "The passkey could not be added. Try again."
# What the library and its parsers raise over an answer that is not one.
_BAD = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, struct.error)


@signed_in
@sensitive_post_parameters("credential")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PortalRequest) -> HttpResponse:
    if away := step_up.asked(request):
        return away
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return added(request, "Your passkey is set up.", _add(request, form))
        except RuleBroken as error:
            add_rule(form, error)
    options = json.dumps(_plain(auth.begin_registration(user_of(request), True)))
    return page(request, "account/passkey_add.html", {"form": form, "options": options})


@public("signing in with a passkey instead of the password")
@sensitive_post_parameters("credential")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """A script gets the challenge; the form brings the answer. Anything wrong is told in the same words."""
    if request.user.is_authenticated:
        return redirect("account_login")
    if request.method != "POST":
        return (
            JsonResponse(_plain(auth.begin_authentication(None))) if wants_json(request) else redirect("account_login")
        )
    try:
        rate_limits.begin(Kind.SIGN_IN_IP, rate_limits.subject_of(visitor.network_of(request)))
        row = _passkey_of_anybody(credential_in(request))
    except Paused as pause:
        return _refused(request, pause.words)
    if row is None:
        return _refused(request, NOT_KNOWN)
    return _enter(request, cast(User, row.user), row)


def credential_in(request: HttpRequest) -> dict[str, Any]:
    """What the browser's passkey answered; {} for what is no answer."""
    try:
        found = json.loads(request.POST.get("credential", "")[:20_000])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def challenge(user: User) -> str:
    """What a passkey of this person must answer, for the page's script."""
    return json.dumps(_plain(auth.begin_authentication(user)))


def passkey_of(user: User, credential: dict[str, Any]) -> Authenticator | None:
    """The person's passkey that answered the challenge of this session."""
    try:
        return cast(Authenticator, auth.complete_authentication(user, auth.parse_authentication_response(credential)))
    except _BAD:
        return None


def record(request: HttpRequest, row: Authenticator, *, alone: bool = False) -> None:
    """Notes on the session that this factor was passed."""
    record_authentication(request, row.user, "mfa", id=row.pk, type=str(row.type), passwordless=alone or None)


def _passkey_of_anybody(credential: dict[str, Any]) -> Authenticator | None:
    try:
        user = auth.extract_user_from_response(credential)
    except _BAD:
        return None
    return passkey_of(cast(User, user), credential) if user.is_active else None


def _enter(request: HttpRequest, user: User, row: Authenticator) -> HttpResponse:
    factors.note_use(row)
    record(request, row, alone=True)
    login = Login(user=user, email=user.email, redirect_url=safe_next(request, user))
    try:
        return cast(HttpResponse, perform_login(request, login))
    except ImmediateHttpResponse as answer:
        return cast(HttpResponse, answer.response)


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    messages.warning(request, words)
    return redirect("account_login")


def _add(request: PortalRequest, form: PasskeyForm) -> list[str]:
    credential = credential_in(request)
    try:
        auth.complete_registration(auth.parse_registration_response(credential))
    except _BAD:
        raise RuleBroken(NOT_ADDED) from None
    return factors.add_passkey(
        user_of(request), name=form.cleaned_data["name"], credential=credential, **by_this_session(request)
    )


def _plain(options: Any) -> dict[str, Any]:
    """The library's objects as JSON has them."""
    return cast(dict[str, Any], json.loads(json.dumps(options, default=dict)))
