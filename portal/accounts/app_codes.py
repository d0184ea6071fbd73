"""The six numbers of an authenticator app: which are right now, and that each counts once (RFC 6238).

The number of the half minute that was used last stands with the app's secret, under the row's lock: a code that was
used, or an older one, is refused in every process, whatever becomes of a cache.
"""

import hmac

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from portal.lib import clock
from portal.lib.secrets_at_rest import seal, unseal

PERIOD_SECONDS = 30
AROUND = (0, -1, 1)  # a phone's clock may be off by half a minute
_LABEL = "second factor"
_USED = "used_step"


def sealed(secret: str) -> str:
    return seal(_LABEL, secret)


def opened(text: str) -> str:
    """The secret; "" when the key that it was sealed with is gone, with which no code is right."""
    return unseal(_LABEL, text) or ""


def step_of(secret: str, code: str) -> int | None:
    """The number of the half minute whose code this is; None for a wrong or too old one."""
    now = int(clock.now().timestamp()) // PERIOD_SECONDS
    right = [
        now + near
        for near in AROUND
        if hmac.compare_digest(format_hotp_value(hotp_value(secret, now + near)).encode(), code.encode())
    ]
    return right[0] if right else None


def spend(row: Authenticator, code: str) -> bool:
    """Uses up the code and returns whether it was right and unused. The caller holds the row's lock."""
    secret = opened(row.data["secret"])
    step = step_of(secret, code) if secret else None
    if step is None or step <= row.data.get(_USED, 0):
        return False
    row.data[_USED] = step
    row.save(update_fields=["data"])
    return True
