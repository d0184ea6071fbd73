"""Where somebody is led after signing in: an address of this portal, and never the page of whoever was here before."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from portal.accounts.models import User
from portal.pages import drafting


def asked_for(request: HttpRequest) -> str:
    """The page that was asked for before signing in, if it is ours; else "" (S21)."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else ""


def safe_next(request: HttpRequest, user: User) -> str:
    """As `asked_for`, for this person: a session that timed out in this browser may have been another's."""
    return asked_for(request) if drafting.locked_user_id(request) in {None, user.pk} else ""
