"""Which words a text holds, and which words somebody asks for. Pure.

A word of the index holds letters, digits, marks and pictures alone, so that it can stand in any database's query.
"""

import re

from portal.lib.folding import fold, plain_words, split

LONGEST = 60  # characters of a word; what is longer counts by its beginning
ADJOINING = "\ue002"  # before words written as one; for private use: no folded text holds it
MOST_ADJOINING = 4
MOST_ASKED = 12  # words of one question
_PARTING = re.compile("[,;\n]")
_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b")
# Words that nearly every text holds: they are left out of a question that has others.
_COMMON = frozenset(
    re.findall(
        "[a-z]+",
        "a an and are as at be been but by for from had has have he her his i in is it its my no not of on or our she "
        "so that the their there they this to was we were what when which with would you your",
    )
)


def words_in(text: str) -> set[str]:
    """Every word under which the text is found. O’Neil is found as oneil and as neil, LS1 4AB also as ls14ab."""
    folded = fold(text)
    found: set[str] = set()
    for chunk in folded.split():
        parts = split(chunk)
        found.update(part[:LONGEST] for part in (*parts, *plain_words(chunk)))
        if len(parts) > 1:
            found.add("".join(parts)[:LONGEST])
    for outward, inward in _POSTCODE.findall(folded):
        found |= {outward, inward, outward + inward}
    return found


def words_adjoining(text: str) -> set[str]:
    """Up to four words beside each other, written as one and marked so that they are found whole: 23 Canal Walk is also
    23canal, 23canalwalk and canalwalk. A comma or the end of a line parts them."""
    found: set[str] = set()
    for part in _PARTING.split(fold(text)):
        words = plain_words(part)
        for first in range(len(words)):
            for after in range(first + 2, min(first + MOST_ADJOINING, len(words)) + 1):
                found.add(f"{ADJOINING}{''.join(words[first:after])[:LONGEST]}")
    return found


def words_of_reference(reference: str) -> set[str]:
    """People quote the whole reference, or its number without the year, with or without the zeros before it."""
    number = reference[4:]
    return {reference, number, number.lstrip("0") or number}


def words_asked(text: str) -> tuple[str, ...]:
    """The words of a question, in order. Digits that together are a reference are one word (2026 01234)."""
    parts = _with_references([part[:LONGEST] for part in plain_words(fold(text))])
    uncommon = [part for part in parts if part not in _COMMON]
    return tuple(dict.fromkeys(uncommon or parts))[:MOST_ASKED]


def begins(word: str) -> bool:
    """Whether a word that was asked for may be the beginning of one. A house number 14 is not 140."""
    return len(word) >= (4 if word.isdigit() else 2)


def _with_references(parts: list[str]) -> list[str]:
    """Numbers beside each other, joined where they make the nine digits of a reference."""
    kept: list[str] = []
    at = 0
    while at < len(parts):
        length = next((n for n in range(2, 10) if _is_reference(parts[at : at + n])), 1)
        kept.append("".join(parts[at : at + length]))
        at += length
    return kept


def _is_reference(parts: list[str]) -> bool:
    joined = "".join(parts)
    return len(joined) == 9 and joined.isascii() and joined.isdigit() and joined[:2] in {"19", "20"}
