"""What the guide's text is made of. The web page and the PDF are both drawn from these, so that they say the same.

In words, **two stars** mark a label of the screen and [words](target) a link;
a target is #section, route:name, mailto: or https:.
"""

import re
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from portal.lib.routes import address

_MARKS = re.compile(r"\*\*(?P<label>[^*]+)\*\*|\[(?P<words>[^\]]+)\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True)
class Run:
    """A stretch of words: plain, a label of the screen, or a link with an address on this site or outside."""

    words: str
    label: bool = False
    href: str = ""


@dataclass(frozen=True)
class Text:
    kind: ClassVar[str] = "text"
    words: str


@dataclass(frozen=True)
class Points:
    """A list; `numbered` where the order matters."""

    kind: ClassVar[str] = "points"
    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Terms:
    """Names with their explanations, such as the statuses. Names are labels already, so they are not marked."""

    kind: ClassVar[str] = "terms"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Note:
    """Something to heed."""

    kind: ClassVar[str] = "note"
    words: str


@dataclass(frozen=True)
class Shown:
    """The place of a picture; nothing stands there while the picture has not been taken."""

    kind: ClassVar[str] = "picture"
    slug: str


Block: TypeAlias = Text | Points | Terms | Note | Shown


@dataclass(frozen=True)
class Section:
    """A part of the guide that a link can lead to. The seven sections hold the smaller ones."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()


def points(*items: str) -> Points:
    return Points(items)


def steps(*items: str) -> Points:
    return Points(items, numbered=True)


def runs(words: str) -> list[Run]:
    """The words taken apart at their marks. Words that the portal team wrote pass through it too and cannot do harm."""
    found: list[Run] = []
    end = 0
    for mark in _MARKS.finditer(words):
        found.append(Run(words[end : mark.start()]))
        label = mark["label"]
        found.append(Run(label, label=True) if label else Run(mark["words"], href=_href(mark["target"])))
        end = mark.end()
    found.append(Run(words[end:]))
    return [run for run in found if run.words]


def plain(words: str) -> str:
    """The words without their marks."""
    return "".join(run.words for run in runs(words))


def _href(target: str) -> str:
    if target.startswith("route:"):
        return address(target.removeprefix("route:"))
    return target if target.startswith(("#", "mailto:", "https://", "http://")) else ""
