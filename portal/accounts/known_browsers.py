"""Browsers that have passed a person's second factor. They have their own rate limit counters and nothing else: every sign-in
needs a code, in a known browser too (S14)."""

import secrets

from portal.accounts.models import KnownBrowser, User
from portal.lib.secrets_at_rest import digest


def counter_of(address: str, token: str | None) -> str:
    """The name of this browser's own counter for the account with that address; "" for the strangers' one."""
    if not token:
        return ""
    own = digest(token)
    known = KnownBrowser.objects.filter(user__email__iexact=address.strip(), token_digest=own).exists()
    return own if known else ""


def remember(user: User, token: str | None) -> str:
    """Makes the browser known to the person's account. Gives the token that its cookie must hold."""
    token = token or secrets.token_urlsafe(32)
    KnownBrowser.objects.get_or_create(user=user, token_digest=digest(token))
    return token


def forget(user: User, *, but: str | None = None) -> None:
    """Makes the person's browsers strangers again, but the one with that token."""
    KnownBrowser.objects.filter(user=user).exclude(token_digest=digest(but or "")).delete()
