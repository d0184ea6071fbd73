"""Reads one mail, trusting nothing in it: who it says it is from, whether a machine sent it, its text and files.

Python's parser raises many kinds of errors on forged mail, from LookupError to RecursionError: here a broken header
reads as none, and a broken mail as Unreadable, so that it never stops the next one.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import Any, TypeAlias

from portal.lib.typed import one_line, tidied
from portal.support.plain_words import LIMIT, own_words, words_of
from portal.support.writing import TEXT_LIMIT, Sent

Part: TypeAlias = "Message[Any, Any]"
HEADER_LIMIT = 64 * 1024  # bytes: real ones have a few thousand
MAIL_LIMIT = 30 * 1024 * 1024  # one document of 20 MB, as mail encodes it
PARTS_LIMIT = 60
FILES_LIMIT = 20
HOPS_LIMIT = 30
_AUTOMATIC_PRECEDENCE = {"auto_reply", "auto-reply"}
_AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond")
# Mail programs send more than the character set that they name: each is read as the larger one that browsers read it as.
_READ_AS = {
    **dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "ansi_x3.4-1968"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030"),
    **dict.fromkeys(("ks_c_5601-1987", "euc-kr"), "cp949"),
    **dict.fromkeys(("shift_jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("tis-620", "iso-8859-11"), "cp874"),
}


class Unreadable(Exception):
    """Refused before it was read: no mail that a person wrote looks like it. The words say why."""


@dataclass(frozen=True)
class Mail:
    """What is used of a mail. `machine` says why nobody wrote it, or ""."""

    key: str
    sender: str
    subject: str
    text: str
    files: tuple[Sent, ...]
    left_out: tuple[str, ...]  # names of files beyond the limit
    machine: str
    is_looping: bool


def check_size(raw: bytes) -> None:
    """Quickly, before anything is parsed: headers of ten megabytes are no mail (H50)."""
    if len(raw) > HEADER_LIMIT and not re.search(rb"\r?\n\r?\n", raw[:HEADER_LIMIT]):
        raise Unreadable(f"The headers are longer than {HEADER_LIMIT // 1024} kB.")
    if len(raw) > MAIL_LIMIT:
        raise Unreadable(f"The mail is larger than {MAIL_LIMIT // 1024 // 1024} MB.")


def read(raw: bytes) -> Mail:
    """The mail, or Unreadable."""
    check_size(raw)
    try:
        return _read(raw)
    except Exception as error:  # whatever the parser raises: see above
        raise Unreadable(f"The mail is not built as mails are ({type(error).__name__}).") from error


def _read(raw: bytes) -> Mail:
    message = message_from_bytes(raw)
    parts = list(_leaves(message))
    files = [part for part in parts if not (_is_body(part, "text/plain") or _is_body(part, "text/html"))]
    return Mail(
        key=_key(message, raw),
        sender=_sender(message),
        subject=_header(message, "Subject")[:200],
        text=own_words(_text(parts), is_forward=_is_forward(message))[:TEXT_LIMIT],
        files=tuple(Sent(_name(part), _content(part)) for part in files[:FILES_LIMIT]),
        left_out=tuple(_name(part) for part in files[FILES_LIMIT:]),
        machine=_machine(message),
        is_looping=len(message.get_all("Received", [])) > HOPS_LIMIT,
    )


def _header(message: Part, name: str) -> str:
    """One line of plain text; "" for a header that is not there or cannot be read."""
    return _line(message.get(name))


def _line(value: object) -> str:
    try:
        return one_line(str(make_header(decode_header(value or ""))))  # type: ignore[arg-type]
    except Exception:  # an unknown character set, a broken encoding
        return one_line(str(value or ""))


def _key(message: Part, raw: bytes) -> str:
    """One and the same for copies of a mail: its id with its sender, as ids can be made up. Without an id, its bytes."""
    own = _header(message, "Message-ID")
    known_by = f"id:{own}\nfrom:{_sender(message)}".encode() if own else b"raw:" + raw
    return hashlib.sha256(known_by).hexdigest()


def _sender(message: Part) -> str:
    """The one address that the mail says it is from; "" when it names none or several."""
    lines = [str(line) for line in message.get_all("From", [])]
    try:
        found = [address for _, address in getaddresses(lines) if address]
    except Exception:  # nested to do harm
        return ""
    only = found[0].lower() if len(lines) == 1 and len(found) == 1 else ""
    return only if only.isascii() and only.isprintable() and only.count("@") == 1 and len(only) <= 254 else ""


def _machine(message: Part) -> str:
    """Why no person wrote it (H50). Only a mail that says so itself: X-Auto-Response-Suppress asks others not to answer,
    and people write through lists and bulk mailers too."""
    submitted = _header(message, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return "Auto-Submitted"
    if _header(message, "Precedence").lower() in _AUTOMATIC_PRECEDENCE:
        return "Precedence"
    if "Return-Path" in message and _header(message, "Return-Path") in {"", "<>"}:
        return "empty Return-Path"
    if message.get_content_type() in {"multipart/report", "message/delivery-status"}:
        return "delivery report"
    return next((name for name in _AUTOMATIC_HEADERS if name in message), "")


def _leaves(message: Part) -> Iterator[Part]:
    """The parts that hold something, of a tree that is not too broad. A mail within a mail is one file."""
    waiting, seen = [message], 0
    while waiting:
        part, seen = waiting.pop(0), seen + 1
        if seen > PARTS_LIMIT:
            raise ValueError("too many parts")
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting = [one for one in inner if isinstance(one, Message)] + waiting
        else:
            yield part


def _is_forward(message: Part) -> bool:
    """Whether the writer passes another mail on, which is then what they want to say."""
    return bool(re.match(r"\s*(?:fwd?|wg|tr|rv|i)\s*:", _header(message, "Subject"), re.IGNORECASE))


def _text(parts: list[Part]) -> str:
    """The plain text; only where there is none, the words of the HTML."""
    for kind in ("text/plain", "text/html"):
        body = next((part for part in parts if _is_body(part, kind)), None)
        if body is not None:
            text = _decoded(body)[:LIMIT]
            return tidied(words_of(text) if kind == "text/html" else text)
    return ""


def _is_body(part: Part, kind: str) -> bool:
    is_file = part.get_filename() or part.get_content_disposition() == "attachment"
    return part.get_content_type() == kind and not is_file


def _decoded(part: Part) -> str:
    """In the character set that the mail names. Where that is none, or plainly wrong, as Windows would have written it."""
    raw, named = _bytes(part), (part.get_content_charset() or "utf-8").lower()
    for charset in (_READ_AS.get(named, named), "cp1252"):
        try:
            return raw.decode(charset)
        except (LookupError, ValueError):
            continue
    return raw.decode("utf-8" if named in {"utf-8", "utf8"} else "cp1252", "replace")


def _name(part: Part) -> str:
    ending = "eml" if part.get_content_maintype() == "message" else part.get_content_subtype()[:10]
    return _line(part.get_filename())[:255] or f"attachment.{ending}"


def _content(part: Part) -> bytes:
    inner = part.get_payload()
    if isinstance(inner, list):
        return inner[0].as_bytes() if inner and isinstance(inner[0], Message) else b""
    return _bytes(part)


def _bytes(part: Part) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
