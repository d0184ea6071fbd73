"""The pages of a forgotten password: ask for a link, open it, make a new password. None of them signs anybody in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts import actions, password_links
from portal.accounts.rate_limits import Paused
from portal.lib.errors import RuleBroken
from portal.pages import visitor
from portal.pages.account import browser_cookie
from portal.pages.account.forms import AddressForm, NewPasswordForm
from portal.pages.design.fields import add_rule
from portal.pages.guards import public
from portal.pages.shared.page import page
from portal.pages.shared.password_links import password_href


@public("somebody who has no password cannot sign in first")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Asks for the address, unless it was typed on the sign-in page, and sends the link at a POST of its own."""
    if "login" in request.POST:  # the button on the sign-in page: in the body, so that no log keeps the address
        typed = AddressForm(initial={"email": request.POST["login"][:254]})
        return page(request, "account/forgotten_password.html", {"form": typed})
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_link(form.cleaned_data["email"], ip=visitor.network_of(request), href=password_href)
            return redirect("account_reset_password_done")
        except Paused as pause:
            add_rule(form, pause)
    return page(request, "account/forgotten_password.html", {"form": form})


@public("the answer is the same for everybody")
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return page(request, "account/link_sent.html")


@public("who has the link from the mail shows by it who they are")
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the page changes nothing, as mail scanners open every link (H28); only the new password spends it."""
    holder = password_links.holder(token)
    if holder is None:
        return _private(page(request, "account/link_dead.html", status=410))
    if request.user.is_authenticated and request.user.pk != holder.pk:
        return _private(page(request, "account/link_of_another.html", {"signed_in_as": request.user.email}, status=403))
    form = NewPasswordForm(request.POST or None, person=holder)
    if request.method == "POST" and form.is_valid():
        try:
            return _make(request, token, form.cleaned_data["password"])
        except RuleBroken as error:
            add_rule(form, error)
    context = {"form": form, "address": holder.email}
    return _private(page(request, "account/new_password.html", context))


def _make(request: HttpRequest, token: str, password: str) -> HttpResponse:
    browser = browser_cookie.read(request)
    _user, browser = actions.make_password(token, password, browser=browser)
    messages.success(request, "You have a new password. Sign in with it now.")
    response = redirect("account_login")
    browser_cookie.give(response, browser)
    return response


def _private(response: HttpResponse) -> HttpResponse:
    """The address holds the token: no other site and no cache may learn it."""
    add_never_cache_headers(response)
    # "no-referrer" would make browsers send "Origin: null" with the form, which the CSRF check refuses
    response["Referrer-Policy"] = "strict-origin"  # the token of the address stays out of every log
    return response
