"""What inspection answers, and the words of each refusal: the rule that was broken and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from .limit import LIMIT_WORDS


class Reason(StrEnum):
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    COMPRESSED = "compressed"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    NEEDS_PASSWORD = "needs_password"  # noqa: S105 - a reason, not a password
    OPEN_DOCUMENT = "open_document"
    PROGRAM = "program"
    WEB_PAGE = "web_page"
    KIND_NOT_ACCEPTED = "kind_not_accepted"
    DISAGREES = "disagrees"
    DAMAGED = "damaged"


@dataclass(frozen=True)
class Accepted:
    name: str
    kind: str
    media_type: str
    size: int
    sha256: str
    has_macros: bool


@dataclass(frozen=True)
class Refused:
    name: str
    reason: Reason
    rule: str
    remedy: str


@dataclass(frozen=True)
class Found:
    """Content that was recognised: a key of `kinds`, or None where it is none that this package knows."""

    kind: str | None
    has_macros: bool = False


@dataclass(frozen=True)
class Barred:
    """Content that is refused whatever its name. `rule` replaces the usual sentence where a closer one is known."""

    reason: Reason
    rule: str = ""


_WORDS: dict[Reason, tuple[str, str]] = {
    Reason.TOO_LARGE: (
        f"It is larger than {LIMIT_WORDS}.",
        "Make it smaller, for example by scanning at a lower quality or splitting it into parts.",
    ),
    Reason.EMPTY: (
        "It is empty.",
        "Check that it opens on your computer, then upload it again.",
    ),
    Reason.COMPRESSED: (
        "It is a compressed file.",
        "Unpack it on your computer and upload the documents inside it.",
    ),
    Reason.UNPACKS_TOO_LARGE: (
        "It unpacks to far more than a document holds.",
        "Open it in the program it was made with, save it as a PDF and upload that.",
    ),
    Reason.NEEDS_PASSWORD: (
        "It needs a password to open.",
        "Save a copy without the password and upload the copy.",
    ),
    Reason.OPEN_DOCUMENT: (
        "It is an OpenDocument file, which is not accepted.",
        "Save it as a Microsoft Office document or a PDF and upload that.",
    ),
    Reason.PROGRAM: (
        "It is a program or a script, which is not accepted.",
        "If it holds words that are evidence, save them as a PDF and upload that.",
    ),
    Reason.WEB_PAGE: (
        "It is a web page, which is not accepted.",
        "Open it, print or save it as a PDF and upload that.",
    ),
    Reason.KIND_NOT_ACCEPTED: (
        "It is not one of the accepted kinds of document.",
        "Save it as a PDF or another accepted kind and upload that.",
    ),
    Reason.DISAGREES: (
        "Its name and its content do not agree.",
        "Save it again in the kind that its name says, then upload it.",
    ),
    Reason.DAMAGED: (
        "It is damaged, so we cannot tell what it is.",
        "Open it on your computer, save a new copy and upload the copy.",
    ),
}


def refuse(name: str, reason: Reason, rule: str = "", remedy: str = "") -> Refused:
    usual_rule, usual_remedy = _WORDS[reason]
    return Refused(name, reason, rule or usual_rule, remedy or usual_remedy)
