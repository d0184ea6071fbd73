"""What people type, made fit to keep: one character for a new line, no control characters, and a limit said in words."""

import unicodedata

from portal.lib.errors import RuleBroken


def tidied(text: str) -> str:
    """The text as typed: browsers send two characters for a new line, and control characters are nobody's words."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs"}).strip()


def one_line(text: str) -> str:
    return " ".join(tidied(text).split())


def required(text: str, missing: str, *, field: str, limit: int) -> str:
    """The tidied text. RuleBroken, beside `field`, when nothing is left of it or it has more than `limit` characters."""
    text = tidied(text)
    if not text:
        raise RuleBroken(missing, field=field)
    return within(text, field=field, limit=limit)


def within(text: str, *, field: str, limit: int) -> str:
    """The text itself. RuleBroken, beside `field`, when it has more than `limit` characters."""
    if len(text) > limit:
        raise RuleBroken(f"Use {limit:,} characters or fewer. You used {len(text):,}.", field=field)
    return text
