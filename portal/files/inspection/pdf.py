"""Checks a PDF: it starts with its signature, has nothing behind its end and opens without a password."""

import os
import re
from dataclasses import dataclass
from typing import BinaryIO

from . import bounded
from .reading import CHUNK, read_at, windows
from .text import PAGE_TAG
from .verdicts import Barred, Found, Reason

START = b"%PDF-"

# The word may be written with escapes (/#45ncrypt). A search of the plain bytes is enough to find it: it stands in the
# trailer or in the dictionary of a cross-reference stream, and neither may be compressed or lie in an object stream
# (ISO 32000-2, 7.5.7 and 7.5.8). It may find too much, such as the word in a text: then the parser says no.
_ENCRYPT = re.compile(b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (letter, letter, letter) for letter in b"Encrypt"))
_END = b"%%EOF"
_OTHER_ENDINGS = (b"startxref", b"trailer")  # of a document that lacks the last line
_OTHERS_BEHIND = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08\x08", b"MSCF\x00\x00\x00\x00")


@dataclass
class _Marks:
    has_object: bool = False
    names_encryption: bool = False


def look(spool: BinaryIO) -> Found | Barred:
    marks = _marks(spool)
    if not marks.has_object:
        return Barred(Reason.DAMAGED, "It begins as a PDF but holds no page: it is damaged.")
    end = _last_end(spool)
    if end < 0 and not _has_other_ending(spool):
        return Barred(Reason.DAMAGED, "It is a PDF whose end is missing: it is damaged or was cut short.")
    if barred := _something_else(spool, end):
        return barred
    return bounded.ask("pdf", spool) if marks.names_encryption else Found("pdf")


def _marks(spool: BinaryIO) -> _Marks:
    marks = _Marks()
    for _, window in windows(spool):
        marks.has_object = marks.has_object or b"obj" in window
        marks.names_encryption = marks.names_encryption or bool(_ENCRYPT.search(window))
    return marks


def _last_end(spool: BinaryIO) -> int:
    """Returns the offset after the last end marker, searched from the end; -1 when there is none."""
    at = spool.seek(0, os.SEEK_END)
    while at > 0:
        begin = max(0, at - CHUNK)
        found = read_at(spool, begin, at - begin + len(_END) - 1).rfind(_END)
        if found >= 0:
            return begin + found + len(_END)
        at = begin
    return -1


def _has_other_ending(spool: BinaryIO) -> bool:
    return any(ending in window for _, window in windows(spool) for ending in _OTHER_ENDINGS)


def _something_else(spool: BinaryIO, end: int) -> Barred | None:
    """Finds a second file before the first object or behind the last end marker: some programs would open that one instead."""
    before = read_at(spool, 0, 4096).split(b"obj", 1)[0]
    behind = read_at(spool, end, 65_536) if end >= 0 else b""
    if PAGE_TAG.search(before) or PAGE_TAG.search(behind):
        return Barred(Reason.WEB_PAGE, "A web page is hidden in it.")
    if any(mark in behind for mark in _OTHERS_BEHIND):
        return Barred(Reason.COMPRESSED, "A compressed file is hidden in it.")
    return None
