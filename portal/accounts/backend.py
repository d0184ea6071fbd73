"""Who a name and a password belong to. The address on the account is the only one that counts: the sign-in library's
own table of addresses is never asked (D10). A wrong password takes as long for somebody as for nobody (hashing.py, S9).
"""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from portal.accounts import hashing
from portal.accounts.models import User


class AddressBackend(BaseBackend):
    """Active people, by e-mail address in any case."""

    def authenticate(
        self, request: Any, email: str | None = None, password: str | None = None, **others: Any
    ) -> User | None:
        if not email or password is None:
            return None
        user = User.objects.with_address(email).filter(is_active=True).first()
        return user if hashing.is_right(password, user) else None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
