"""What the sign-in library asks of us about second factors: how secrets rest, and what passkeys call us and people."""

import secrets
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from portal.accounts import app_codes
from portal.accounts.models import User


class FactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return app_codes.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What cannot be opened any more becomes something that nobody can guess: no code made from it is right."""
        return app_codes.opened(encrypted_text) or secrets.token_hex(40)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SERVICE_NAME}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """The id in the library's own spelling, base 36: in that it reads what a passkey hands back at sign-in."""
        return {"id": user_pk_to_url_str(user).encode(), "display_name": user.name, "name": user.email}

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """E-mails are written in portal/accounts/emails.py and queued by the actions."""
