"""How secrets rest in the database: tokens as digests; what must be read again, sealed with a key from SECRET_KEY."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def digest(token: str) -> str:
    """For tokens of our own making, which are too random to be guessed from their digest."""
    return hashlib.sha256(token.encode()).hexdigest()


def blurred(label: str, text: str) -> str:
    """For what a person typed: the same text gives the same digest, which tells nothing to a reader without the key."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{label}:{text}".encode(), hashlib.sha256).hexdigest()


def seal(label: str, text: str) -> str:
    return _sealer(label).encrypt(text.encode()).decode()


def unseal(label: str, sealed: str) -> str | None:
    """The text; None when it was sealed with another key or changed since."""
    try:
        return _sealer(label).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _sealer(label: str) -> MultiFernet:
    return MultiFernet([_fernet(label, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(label: str, key: str | bytes) -> Fernet:
    raw = key if isinstance(key, bytes) else key.encode()
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(label.encode() + b":" + raw).digest()))
