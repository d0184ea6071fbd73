"""A sign-in in progress is valid only while the account stays as it was: if it is reset, closed or given another address in
between, the sign-in starts again. The session keeps a stamp of the account from the password to the last step."""

from portal.accounts.models import User
from portal.lib.secrets_at_rest import blurred

BEGUN_KEY = "sign_in_begun_with"


def stamp_of(user: User) -> str:
    return blurred("begun", f"{user.pk} {user.is_active} {user.email} {user.password}")
