"""The link that lets a person make a password: it lives one hour, works once, and only for that person."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings

from portal.accounts.models import PasswordLink, User
from portal.lib import clock
from portal.lib.secrets_at_rest import digest


def make(user: User) -> str:
    """A new link's token. It stands in the mail alone; the database holds its digest."""
    token = secrets.token_urlsafe(32)
    PasswordLink.objects.create(user=user, token_digest=digest(token), made_at=clock.now())
    return token


def holder(token: str) -> User | None:
    """Whose link it is; None for one unknown, used, too old, or of a closed account. Changes nothing."""
    link = _alive(token)
    return link.user if link else None


def spend(token: str) -> User | None:
    """As `holder`, and ends the link. Of two requests at the same moment one gets None."""
    link = _alive(token)
    if link is None or not PasswordLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=clock.now()):
        return None
    return link.user


def end_all(user: User) -> None:
    PasswordLink.objects.filter(user=user, ended_at=None).update(ended_at=clock.now())


def forget_old(now: datetime) -> bool:
    """Removes links that have been dead for a month. Says whether there were any."""
    return PasswordLink.objects.filter(made_at__lt=now - timedelta(days=30)).delete()[0] > 0


def _alive(token: str) -> PasswordLink | None:
    since = clock.now() - settings.PASSWORD_LINK_LIFE
    alive = PasswordLink.objects.filter(
        token_digest=digest(token), ended_at=None, made_at__gt=since, user__is_active=True
    )
    return alive.select_related("user").first()
