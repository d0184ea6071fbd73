"""The second step for people with an authenticator app or a passkey: no code is mailed to them (docs/adr/0004)."""

from typing import Any, cast

from allauth.account.internal.decorators import login_stage_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.accounts import actions, factors, known_browsers
from portal.accounts.models import User
from portal.accounts.rate_limits import Paused
from portal.lib.errors import RuleBroken
from portal.pages.account import browser_cookie, passkeys
from portal.pages.account.forms import FactorForm
from portal.pages.account.stages import FactorStage
from portal.pages.design.fields import add_rule
from portal.pages.guards import public
from portal.pages.shared.page import page

WRONG = "The code is not right, or it was used before. Wait for the next one and enter that."
WRONG_RECOVERY = "The recovery code is not right, or it was used before. Enter another one."
CHANGED = "How you sign in was changed in the meantime. Sign in again."


@public("the step after the password for people with an app or a passkey; nobody gets here without the password")
@sensitive_post_parameters("code", "credential")
@never_cache
@login_stage_required(stage=FactorStage.key, redirect_urlname="account_login")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    stage = request._login_stage  # type: ignore[attr-defined]  # set by login_stage_required
    user = cast(User, stage.login.user)
    kinds = {factor.kind for factor in factors.factors_of(user.pk)}
    if not kinds & {factors.APP, factors.PASSKEY}:
        stage.abort()
        messages.warning(request, CHANGED)
        return redirect("account_login")
    form = FactorForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        try:
            return _passed(request, stage, form)
        except RuleBroken as error:
            add_rule(form, error)
    context: dict[str, Any] = {
        "form": form,
        "has_passkey": factors.PASSKEY in kinds,
        "takes_codes": bool(kinds & {factors.APP, factors.RECOVERY}),
        "has_recovery": factors.RECOVERY in kinds,
        "options": passkeys.challenge(user) if factors.PASSKEY in kinds else "",
    }
    return page(request, "account/second_step.html", context)


def _passed(request: HttpRequest, stage: Any, form: FactorForm) -> HttpResponse:
    user = cast(User, stage.login.user)
    if form.cleaned_data["credential"]:
        row = passkeys.passkey_of(user, passkeys.credential_in(request))
        if row is None:
            raise RuleBroken("That passkey is not one of yours here. Try again, or use another way.")
        factors.note_use(row)
    else:
        row = _by_code(request, user, form.cleaned_data["code"])
    passkeys.record(request, row)
    return cast(HttpResponse, stage.exit())


def _by_code(request: HttpRequest, user: User, code: str) -> Any:
    """Counted before it is looked at, and taken off the count when it is right (H26). Raises RuleBroken."""
    try:
        guess = factors.begin_guess(user, browser=known_browsers.counter_of(user.email, browser_cookie.read(request)))
    except Paused as pause:
        raise RuleBroken(pause.words, field="code") from None
    row = factors.passed_with_code(user, code)
    if row is None:
        actions.code_was_wrong(user, guess)
        raise RuleBroken(WRONG_RECOVERY if len(code) > 6 else WRONG, field="code")
    guess.succeeded()
    return row
