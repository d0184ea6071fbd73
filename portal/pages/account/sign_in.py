"""The pages from the password to the code, and out again. Guesses are counted in portal/accounts/rate_limits.py."""

from typing import Any, cast

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import actions, known_browsers
from portal.accounts.begun import BEGUN_KEY, stamp_of
from portal.accounts.models import User
from portal.accounts.rate_limits import Paused
from portal.pages.account import browser_cookie
from portal.pages.account.forms import CodeForm, SignInForm
from portal.pages.account.return_address import asked_for, safe_next
from portal.pages.account.stages import SendCodeStage
from portal.pages.guards import actor_of, public
from portal.pages.shared.page import page

CODE_EXPIRED = "Your code has run out. Sign in again to get a new one."
TOO_MANY_WRONG = "That was the third wrong code, so it no longer works. Sign in again to get a new one."


@public("this is where people sign in")
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        if actor_of(request):
            return redirect(asked_for(request) or settings.LOGIN_REDIRECT_URL)
        logout(request)  # somebody without a place at a landlord or in the service
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        return _password_accepted(request, form)
    timed_out = _why_locked(request)
    kept = request.GET.get("kept", "") if timed_out else ""
    context = {"form": form, "next": asked_for(request), "timed_out": timed_out, "kept": kept}
    return page(request, "account/sign_in.html", context)


@public("the step after the password; nobody gets here without it")
@login_stage_required(stage=SendCodeStage.key, redirect_urlname="account_login")
@require_http_methods(["GET", "HEAD", "POST"])
def send_code(request: HttpRequest) -> HttpResponse:
    stage = _stage(request)
    problem = ""
    if request.method == "POST":
        try:
            return cast(HttpResponse, stage.exit())
        except Paused as pause:
            problem = pause.words
    context = {"address": stage.login.user.email, "problem": problem, "errors": bool(problem)}
    return page(request, "account/send_code.html", context, status=429 if problem else 200)


@public("the step after the button; nobody gets here without the password")
@sensitive_post_parameters("code")
@login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login")
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    process = LoginCodeVerificationProcess.resume(_stage(request))
    if process is None:
        return _begin_again(request, CODE_EXPIRED)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _guess(request, process, form)
    return _code_page(request, process, form)


@public("the button for another code; nobody gets here without the password")
@login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login")
@require_POST
def resend_code(request: HttpRequest) -> HttpResponse:
    """A new code; the one before it stops working."""
    process = LoginCodeVerificationProcess.resume(_stage(request))
    if process is None:
        return _begin_again(request, CODE_EXPIRED)
    if process.can_resend:
        try:
            process.resend()
            messages.success(request, "We have sent you a new code. The one before it no longer works.")
        except Paused as pause:
            messages.warning(request, pause.words)
    else:
        messages.warning(request, "We cannot send more codes for this sign-in. Use the last one, or sign in again.")
    return redirect("account_confirm_login_code")


@public("somebody whose session has ended may press the button too")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Signs out by POST alone, so that no picture or link on another site can do it (H37)."""
    if request.method != "POST":
        return page(request, "account/sign_out.html")
    if actor := actor_of(request):
        actions.signed_out(by=actor)
    logout(request)
    messages.success(request, "You have signed out.")
    after = asked_for(request)
    response = redirect_to_login(after) if after else redirect("account_login")
    response["Clear-Site-Data"] = (
        '"cache"'  # not cookies: the known browser stays known, and holds nothing about anybody
    )
    return response


def _password_accepted(request: HttpRequest, form: SignInForm) -> HttpResponse:
    user = cast(User, form.user)
    request.session[BEGUN_KEY] = stamp_of(user)
    login = Login(user=user, email=user.email, redirect_url=safe_next(request, user))
    try:
        return cast(HttpResponse, perform_password_login(request, {"email": user.email}, login))
    except ImmediateHttpResponse as answer:
        return cast(HttpResponse, answer.response)


def _guess(request: HttpRequest, process: Any, form: CodeForm) -> HttpResponse:
    user = cast(User, process.user)
    try:
        guess = actions.begin_code_guess(
            user, browser=known_browsers.counter_of(user.email, browser_cookie.read(request))
        )
    except Paused as pause:
        process.abort()
        return _begin_again(request, pause.words)
    if compare_user_code(actual=form.cleaned_data["code"], expected=process.code):
        guess.succeeded()
        return cast(HttpResponse, process.finish(process.stage.login.redirect_url))
    actions.code_was_wrong(user, guess)
    if not process.record_invalid_attempt():
        return _begin_again(request, TOO_MANY_WRONG)
    form.add_error("code", "The code is not right. Check the newest e-mail from us and try again.")
    return _code_page(request, process, form)


def _code_page(request: HttpRequest, process: Any, form: CodeForm) -> HttpResponse:
    context = {"form": form, "address": process.user.email, "can_resend": process.can_resend}
    return page(request, "account/enter_code.html", context)


def _begin_again(request: HttpRequest, words: str) -> HttpResponse:
    messages.warning(request, words)
    return redirect("account_login")


def _stage(request: HttpRequest) -> Any:
    return request._login_stage  # type: ignore[attr-defined]  # set by login_stage_required


def _why_locked(request: HttpRequest) -> str:
    session = request.session
    session.get("")  # reads it
    locked = getattr(session, "locked", None)
    if locked is None:
        return ""
    return "idle" if locked.was_locked_idle() else "long"
