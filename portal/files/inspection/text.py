"""Text in any common encoding, the kinds of document that are text inside, and the web pages that are refused."""

import codecs
import re
from typing import BinaryIO

from .reading import pieces
from .verdicts import Barred, Found, Reason

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the first half of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Tab, line ends, form feed, the old end-of-file mark and the escape of Japanese encodings are part of text.
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\x0c\r\x1a\x1b") + b"\x7f"
_CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x19\x1c-\x1f\x7f\ufffe\uffff]")

_PAGE_NAMES = "html|head|body|script|iframe|frameset|svg|style|title|meta|link|table|div|img|object|embed|form|base"
_WEB_PAGE = re.compile(rf"<(?:!doctype\s+(?:html|svg)|(?:svg:)?(?:{_PAGE_NAMES})[\s/>])", re.IGNORECASE)
PAGE_TAG = re.compile(rb"<(?:!doctype\s+html|(?:html|head|body|script|iframe|svg)[\s/>])", re.IGNORECASE)
_BEFORE_A_PAGE = re.compile(
    r"(?:\s+|<\?xml.*?\?>|<!--.*?-->|<!doctype(?!\s+(?:html|svg))[^>]*>)+", re.IGNORECASE | re.DOTALL
)
_FLAT_OPEN_DOCUMENT = re.compile(r"<office:document[\s>]|urn:oasis:names:tc:opendocument:xmlns:office", re.IGNORECASE)
_HEADER = re.compile(r"[\x21-\x39\x3b-\x7e]+[ \t]*:")
_MAIL_HEADER = re.compile(
    r"^(from|to|cc|date|subject|sender|received|message-id|mime-version|return-path|delivered-to|reply-to)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)


def look(spool: BinaryIO, head: bytes) -> Found | Barred:
    encoding = _marked_encoding(head)
    opening = head.decode(encoding or "latin-1", errors="replace").lstrip("\ufeff")
    if barred := _page_or_open_document(opening):
        return barred
    if opening.startswith("{\\rtf"):
        return Found("rtf")
    if not (_is_marked_text(spool, encoding) if encoding else _is_unmarked_text(spool)):
        return Found(None)
    return Found("eml" if _opens_as_mail(opening) else "txt")


def _marked_encoding(head: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def _page_or_open_document(opening: str) -> Barred | None:
    start = _BEFORE_A_PAGE.match(opening)
    body = opening[start.end() :] if start else opening
    if _WEB_PAGE.match(body) or body.startswith("<!--"):  # a comment with no end in sight is a page as well
        return Barred(Reason.WEB_PAGE)
    if body.startswith("<") and _FLAT_OPEN_DOCUMENT.search(body, 0, 4096):
        return Barred(Reason.OPEN_DOCUMENT)
    return None


def _is_unmarked_text(spool: BinaryIO) -> bool:
    """No NUL and hardly a control byte: spreadsheets really come in Shift-JIS and Windows-1252, which prove nothing."""
    size = controls = 0
    for piece in pieces(spool):
        if b"\x00" in piece:
            return False
        size += len(piece)
        controls += len(piece) - len(piece.translate(None, _CONTROLS))
    return _few(controls, size)


def _is_marked_text(spool: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    size = controls = 0
    try:
        for piece in pieces(spool):
            text = decoder.decode(piece)
            size += len(text)
            controls += len(_CONTROL_IN_TEXT.findall(text))
    except UnicodeDecodeError:
        return False
    return _few(controls, size)


def _few(controls: int, size: int) -> bool:
    return controls <= max(1, size // 50)


def _opens_as_mail(opening: str) -> bool:
    """Header lines up to the first empty line, one of them from a letter's head; mailboxes put a "From " line first."""
    block = re.split(r"\r?\n\r?\n", opening.lstrip("\r\n"), maxsplit=1)[0]
    first, _, rest = block.partition("\n")
    if re.match(r">?From ", first):
        block = rest
    return bool(_HEADER.match(block) and _MAIL_HEADER.search(block))
