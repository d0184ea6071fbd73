"""The name a document is shown and downloaded under, cleaned of everything that can mislead or escape.

It never names a stored object: storage makes names of its own.
"""

import re
import unicodedata

LIMIT_NAME_BYTES = 255  # what common file systems allow; counted in UTF-8, where one emoji is four bytes
NAME_OF_THE_NAMELESS = "document"

# Drawn as nothing, yet not in Unicode's "format" category: fillers, joiners and the empty Braille cell.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
# Cc controls and NUL, Cf zero-width characters and bidirectional overrides, Cs halves of characters (invalid UTF-8).
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
_LONGEST_EXTENSION_BYTES = 20


def clean_name(raw: str) -> str:
    """The last part of the path, safe to show. A name of which nothing is left becomes "document".

    Not a refusal here: the document may be sound, and "document" has no ending, so inspection refuses it with words
    about the ending, which the person can act on.
    """
    return _shortened(_last_part(raw)) or NAME_OF_THE_NAMELESS


def is_nameless(raw: str) -> bool:
    """Whether nothing is left of it that people can read."""
    return not _last_part(raw)


def extension_of(name: str) -> str:
    """What follows the last dot, in lower case; nothing when there is no dot."""
    stem, _, extension = name.rpartition(".")
    return extension.lower() if stem else ""


def _last_part(raw: str) -> str:
    visible = "".join(_kept(character) for character in raw)
    parts = [_trimmed(part) for part in re.split(r"[/\\]", visible)]
    return next((part for part in reversed(parts) if part), "")


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace() or category in {"Zs", "Zl", "Zp"}:
        return " "
    return "" if category in _DROPPED_CATEGORIES or character in _UNSEEN else character


def _trimmed(part: str) -> str:
    """One form for each letter, single spaces, and none of the dots and spaces that hide a file or its ending."""
    composed = unicodedata.normalize("NFC", re.sub(" +", " ", part))
    return composed.lstrip(". ").rstrip(". ")


def _shortened(name: str) -> str:
    if len(name.encode()) <= LIMIT_NAME_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    ending = dot + extension
    if not stem or len(ending.encode()) > _LONGEST_EXTENSION_BYTES:
        return _first_bytes(name, LIMIT_NAME_BYTES).rstrip(". ")
    return _first_bytes(stem, LIMIT_NAME_BYTES - len(ending.encode())).rstrip(". ") + ending


def _first_bytes(text: str, count: int) -> str:
    return text.encode()[:count].decode(errors="ignore")
