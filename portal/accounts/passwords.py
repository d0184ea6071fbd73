"""What a new password must be, in words that say what to do. The rules are Django's, listed in the settings."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from portal.accounts.models import User
from portal.lib.errors import RuleBroken

LONGEST = 256
HINT = "At least 10 characters. Three random words are easy to remember and hard to guess."
_WORDS = {
    "password_too_short": "Your new password must have at least 10 characters",
    "password_too_similar": "Choose a password that is less like your name or e-mail address",
    "password_too_common": "Choose a password that is harder to guess: many people use this one",
    "password_entirely_numeric": "Your new password must not be made of numbers only",
}


def check_new(password: str, user: User) -> None:
    """Raises RuleBroken, beside the field `password`, when the password is too weak for this person."""
    if len(password) > LONGEST:
        raise RuleBroken(f"Your new password must have {LONGEST} characters or fewer", field="password")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleBroken(
            _WORDS.get(error.error_list[0].code or "", "Choose a stronger password"), field="password"
        ) from None
