"""Where in a text the words stand that were asked for: the text in pieces, found and between. Pure; pages escape and mark."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from portal.search.folding import APOSTROPHES, MOST_ADJOINING, words_in
from portal.search.holding import Form

BEFORE, AT_MOST = 60, 200  # characters before the first word found, and in all
_SPAN = re.compile(rf"[^\W_](?:[{APOSTROPHES}\u0300-\u036f]|[^\W_])*|[^\s\w]")


Span = tuple[int, int, set[str]]  # of a word: where it begins and ends, and what it counts as


@dataclass(frozen=True)
class Piece:
    text: str
    is_found: bool = False


@dataclass(frozen=True)
class Hit:
    start: int
    end: int


def pieces(text: str, forms: tuple[Form, ...]) -> list[Piece]:
    """The whole text, one line of it."""
    line = " ".join(text.split())
    return list(_cut(line, _hits(line, forms), 0, len(line)))


def snippet(text: str, forms: tuple[Form, ...]) -> list[Piece]:
    """The part of the text around the first word found; nothing when none is."""
    line = " ".join(text.split())
    hits = _hits(line, forms)
    if not hits:
        return []
    start = _after_space(line, max(0, hits[0].start - BEFORE), hits[0].start)
    end = _before_space(line, min(len(line), start + AT_MOST), min(hits[0].end, start + AT_MOST))
    cut = list(_cut(line, [hit for hit in hits if hit.end <= end], start, end))
    return [*([Piece("… ")] if start else []), *cut, *([Piece(" …")] if end < len(line) else [])]


def _hits(line: str, forms: tuple[Form, ...]) -> list[Hit]:
    spans = [(match.start(), match.end(), words_in(match.group())) for match in _SPAN.finditer(line)]
    found: list[Hit] = []
    for at, (start, end, words) in enumerate(spans):
        if any(_is_form(word, form) for word in words for form in forms):
            found.append(Hit(start, end))
        elif after := _end_of_run(spans[at : at + MOST_ADJOINING], forms):
            found.append(Hit(start, after))
    return found


def _end_of_run(spans: list[Span], forms: tuple[Form, ...]) -> int | None:
    """Where the words end that written as one are what was asked for: an address, the two halves of a postcode."""
    begun = spans[0][2]
    for (_, end, _), (start, after, words) in pairwise(spans):
        joined = {
            first + word
            for first in begun
            for word in words
            if any(len(form.word) > len(first) and form.word.startswith(first) for form in forms)
        }
        if start - end > 1 or not joined:
            return None
        if any(_is_form(word, form) for word in joined for form in forms):
            return after
        begun = joined
    return None


def _is_form(word: str, form: Form) -> bool:
    return word.startswith(form.word) if form.begins else word == form.word


def _cut(line: str, hits: list[Hit], start: int, end: int) -> Iterator[Piece]:
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
