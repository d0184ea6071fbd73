"""The sign-in library's questions to us: which steps there are, how the code is made and sent, what a session holds.

How somebody signs in with an e-mailed code, and who is called:

    the password is right        sign_in.py        -> library: perform_password_login
    which steps follow?          library           -> Adapter.get_login_stages, is_login_by_code_required
    “Send code” is pressed       stages.SendCodeStage, sign_in.send_code
    the code is made             library           -> Adapter.generate_login_code -> accounts/emailed_codes.py
    the code is queued as mail   library           -> Adapter.send_mail -> accounts/actions.send_code -> mail/outbox.py
    the code is typed            sign_in.py        -> library: LoginCodeVerificationProcess; accounts/rate_limits.py counts
    all steps are passed         library           -> Adapter.login: puts SECOND_FACTOR_KEY into the session
    every later request          guards.py         opens nothing without that key
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.sessions.backends.base import UpdateError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.accounts import actions, factors, known_browsers
from portal.accounts.begun import BEGUN_KEY, stamp_of
from portal.accounts.emailed_codes import SECOND_FACTOR_KEY, make_code
from portal.accounts.models import User
from portal.landlords.actions import note_first_sign_in
from portal.lib import clock
from portal.pages import visitor
from portal.pages.account import browser_cookie
from portal.pages.guards import actor_of

FACTOR_STAGE = "portal.pages.account.stages.FactorStage"
SEND_CODE_STAGE = "portal.pages.account.stages.SendCodeStage"
LIBRARYS_OWN = "allauth.mfa.stages.AuthenticateStage"  # its page is not ours: FactorStage stands in its place


class Adapter(DefaultAccountAdapter):
    """Password, then the app or passkey or else a button and the code; or a passkey alone. Nothing else signs in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        theirs = [stage for stage in super().get_login_stages() if stage != LIBRARYS_OWN]
        return [FACTOR_STAGE, SEND_CODE_STAGE, *theirs]

    def is_login_by_code_required(self, login: Login) -> bool:
        """Whoever has an app or a passkey gets no mailed code: it would make the mailbox a way around them."""
        return not factors.has_own(login.user.pk) and bool(super().is_login_by_code_required(login))

    def generate_login_code(self) -> str:
        return make_code()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queues the code, so that the page never waits for a mail server. The library has no other mail to send."""
        if template_prefix != "account/email/login_code":
            raise LookupError(f"There is no e-mail {template_prefix}")
        actions.send_code(User.objects.with_address(email).get(), context["code"])

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened in their own words."""

    def login(self, request: HttpRequest, user: User) -> None:
        """Signs in somebody who has passed every step. A session without the mark of the code opens nothing."""
        passed = {record["method"] for record in get_authentication_records(request, user)} & {"code", "mfa"}
        if not user.is_active:
            raise ImmediateHttpResponse(redirect("account_login"))
        if request.session.get(BEGUN_KEY, stamp_of(user)) != stamp_of(user):
            raise ImmediateHttpResponse(
                _begin_again(request, "Your account was changed while you signed in. Please begin again.")
            )
        if passed == {"code"} and factors.has_own(user.pk):  # set up while this sign-in was going on
            raise ImmediateHttpResponse(_begin_again(request, "How you sign in was changed. Sign in again."))
        try:
            super().login(request, user)
        except UpdateError:  # the same code, sent twice at the same moment (H24)
            raise ImmediateHttpResponse(
                _begin_again(request, "That code has been used. Sign in again to get a new one.")
            ) from None
        request.session.pop(BEGUN_KEY, None)
        if passed:
            request.session[SECOND_FACTOR_KEY] = clock.now().isoformat()
        request.session.describe(ip=visitor.ip_of(request), user_agent=visitor.user_agent_of(request))  # type: ignore[attr-defined]

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """What a complete sign-in leaves behind, all or nothing. An invited landlord is active from now on (C3)."""
        with transaction.atomic():
            by = actor_of(request)
            actions.signed_in(user, by=by, ip=visitor.ip_of(request), user_agent=visitor.user_agent_of(request))
            note_first_sign_in(user.pk)
            browser = known_browsers.remember(user, browser_cookie.read(request))
        response = redirect(kwargs.get("redirect_url") or self.get_login_redirect_url(request))
        browser_cookie.give(response, browser)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("account_login")


def _begin_again(request: HttpRequest, words: str) -> HttpResponse:
    request.session.flush()
    messages.warning(request, words)
    return redirect("account_login")
