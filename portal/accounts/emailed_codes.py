"""The code of the second step that is e-mailed at sign-in. `pages/account/adapter.py` draws the sequence in which it is used."""

import secrets

from django.conf import settings

SECOND_FACTOR_KEY = "second_factor_passed_at"  # in the session of whoever has passed the second step; guards ask for it


def make_code() -> str:
    """As many digits as the settings say."""
    length = int(settings.ACCOUNT_LOGIN_BY_CODE_FORMAT["length"])
    return f"{secrets.randbelow(10**length):0{length}d}"
