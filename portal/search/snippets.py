"""Where in a text the words stand that were asked for: the text in pieces, found and between. Pure; pages escape and mark."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache
from itertools import chain, islice, pairwise, takewhile
from typing import NamedTuple

from portal.lib.folding import APOSTROPHES
from portal.search.folding import LONGEST, MOST_ADJOINING, words_in
from portal.search.holding import Form

BEFORE, AT_MOST = 60, 200  # characters before the first word found, and in all
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_SPAN = re.compile(rf"[^\W_](?:[{APOSTROPHES}\u0300-\u036f]|[^\W_])*|[^\s\w]")


class Piece(NamedTuple):
    text: str
    is_found: bool = False


class Hit(NamedTuple):
    start: int
    end: int


class Match(Enum):
    """How a word of a text matches the question: not, as part of a word written apart, or whole."""

    NONE, PART, FOUND = range(3)


class Sought:
    """What was asked for, made ready to be looked for in many texts. Each word is judged once."""

    def __init__(self, forms: Iterable[Form]) -> None:
        forms = tuple(forms)
        self.whole = {form.word for form in forms}
        self.beginnings = tuple(form.word for form in forms if form.begins)
        self.parts = {word[:end] for word in self.whole for end in range(1, len(word))}  # of words written as one
        self.match = cache(self._match)
        first = sorted({letter for word in self.whole for letter in (word[0], word[0].upper())})
        self._alike = re.compile(rf"[{re.escape(''.join(first))}](?<![^\W_].)[^\W_]*" if first else r"(?!)")

    def spans(self, line: str) -> Iterator[re.Match[str]]:
        """The words of the line that may match. In plain ASCII only those that begin with the letter of a sought word."""
        is_plain = line.isascii() and not _APOSTROPHE.search(line)
        return (self._alike if is_plain else _SPAN).finditer(line)

    def has(self, word: str) -> bool:
        return word in self.whole or word.startswith(self.beginnings)

    def _match(self, span: str) -> Match:
        words = _words(span)
        for word in words:
            if self.has(word):
                return Match.FOUND
        return Match.NONE if self.parts.isdisjoint(words) else Match.PART


def pieces(text: str, sought: Sought) -> list[Piece]:
    """The whole text, one line of it."""
    line = " ".join(text.split())
    return list(_cut(line, _hits(line, sought), 0, len(line)))


def snippet(text: str, sought: Sought) -> list[Piece]:
    """The part of the text around the first word found; nothing when none is."""
    line = " ".join(text.split())
    hits = _hits(line, sought)
    first = next(hits, None)
    if first is None:
        return []
    start = _after_space(line, max(0, first.start - BEFORE), first.start)
    end = _before_space(line, min(len(line), start + AT_MOST), min(first.end, start + AT_MOST))
    within = takewhile(lambda hit: hit.end <= end, chain([first], hits))
    cut = list(_cut(line, within, start, end))
    return [*([Piece("… ")] if start else []), *cut, *([Piece(" …")] if end < len(line) else [])]


def _hits(line: str, sought: Sought) -> Iterator[Hit]:
    """Read on only as far as they are asked for."""
    for match in sought.spans(line):
        kind = sought.match(match.group())
        if kind is Match.FOUND:
            yield Hit(match.start(), match.end())
        elif kind is Match.PART and (end := _end_of_run(line, match.start(), sought)):
            yield Hit(match.start(), end)


def _words(text: str) -> set[str]:
    """What a word of the text counts as."""
    return {text.lower()[:LONGEST]} if text.isascii() and (text.isalpha() or text.isdigit()) else words_in(text)


def _end_of_run(line: str, start: int, sought: Sought) -> int | None:
    """Where the words end that written as one are what was asked for: an address, the two halves of a postcode."""
    run = islice(_SPAN.finditer(line, start), MOST_ADJOINING)
    spans = [(match.start(), match.end(), _words(match.group())) for match in run]
    begun = spans[0][2]
    for (_, end, _), (after, until, words) in pairwise(spans):
        joined = {first + word for first in begun & sought.parts for word in words}
        if after - end > 1 or not joined:
            return None
        if any(sought.has(word) for word in joined):
            return until
        begun = joined
    return None


def _cut(line: str, hits: Iterable[Hit], start: int, end: int) -> Iterator[Piece]:
    for hit in hits:
        if hit.start < start:
            continue
        if hit.start > start:
            yield Piece(line[start : hit.start])
        yield Piece(line[hit.start : hit.end], is_found=True)
        start = hit.end
    if start < end:
        yield Piece(line[start:end])


def _after_space(line: str, wished: int, latest: int) -> int:
    space = line.find(" ", wished, latest) if wished else -1
    return space + 1 if space >= 0 else wished


def _before_space(line: str, wished: int, earliest: int) -> int:
    space = line.rfind(" ", earliest, wished) if wished < len(line) else -1
    return space if space > 0 else wished
