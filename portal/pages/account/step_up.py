"""The password once more before something dangerous (H32). It holds for a few minutes, in this session alone, whose key
changes with it.
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.accounts import actions
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.lib.routes import address
from portal.pages.account.forms import ConfirmForm
from portal.pages.account.profile import user_of
from portal.pages.design.fields import add_rule
from portal.pages.guards import PortalRequest, signed_in
from portal.pages.shared.page import page

_KEY = "password_confirmed_at"


def asked(request: HttpRequest) -> HttpResponse | None:
    """The way to the page that asks for the password; None when it was given a moment ago."""
    given = request.session.get(_KEY)
    if given and clock.now() - datetime.fromisoformat(given) < settings.STEP_UP_LASTS:
        return None
    return redirect(f"{address('account:confirm')}?{urlencode({'next': request.path})}")


@signed_in
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: PortalRequest) -> HttpResponse:
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_password(user_of(request), form.cleaned_data["password"])
            return _confirmed(request)
        except RuleBroken as error:
            add_rule(form, error)
    return page(
        request, "account/confirm.html", {"form": form, "address": user_of(request).email, "next": _next(request)}
    )


def _confirmed(request: PortalRequest) -> HttpResponse:
    request.session.cycle_key()
    request.session[_KEY] = clock.now().isoformat()
    return redirect(_next(request))


def _next(request: HttpRequest) -> str:
    """A page of the account; anything else leads to the list of factors."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/account/")
    return wanted if ours else address("account:factors")
