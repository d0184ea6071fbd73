"""The address in the portal at which the link of a mail makes a password."""

from django.conf import settings
from django.urls import reverse


def password_href(token: str) -> str:
    return f"{settings.PORTAL_URL}{reverse('account_reset_password_from_key', args=[token])}"
