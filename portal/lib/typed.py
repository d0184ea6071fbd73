"""Cleans typed text: one character for a line end, no invisible or direction-changing characters, and a length limit with its
message."""

from portal.lib.errors import RuleBroken
from portal.lib.pasted import visible


def tidied(text: str) -> str:
    """The text as typed, without what nobody sees (pasted.py)."""
    return visible(text).strip()


def storable(text: str) -> str:
    """The text without what no database takes and no page can show: NUL, and halves of a character."""
    return text.replace("\0", "").encode(errors="ignore").decode()


def number_in(text: str) -> int:
    """The number of a record that an address or a button names; 0, which is nobody's, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


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
