"""A sign-in that has begun is good only for the account as it was: reset, closed or moved to another address in between,
it begins again. A session keeps the stamp from the password to the last step.
"""

from portal.accounts.models import User
from portal.lib.secrets_at_rest import blurred

BEGUN_KEY = "sign_in_begun_with"


def stamp_of(user: User) -> str:
    return blurred("begun", f"{user.pk} {user.is_active} {user.email} {user.password}")
