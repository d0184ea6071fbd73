"""Cleans typed text: one character for a line end, no invisible or direction-changing characters, and a length limit with its
message."""

import unicodedata

from portal.lib.errors import RuleBroken

# Drawn as nothing, or turning the direction of what follows. Joiners and tags stay: emoji and many scripts need them.
_MISLEADING = frozenset("\u200b\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


def tidied(text: str) -> str:
    """The text as typed: browsers send two characters for a new line, and what cannot be seen is nobody's words."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if _is_kept(one)).strip()


def _is_kept(one: str) -> bool:
    return one in "\n\t" or (one not in _MISLEADING and unicodedata.category(one) not in {"Cc", "Cs"})


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
