"""Reads the mails that the demo's mail server kept: one .eml file each, whose name begins with the time of arrival."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_ARRIVED = "%Y%m%dT%H%M%S.%fZ"
_LINK = re.compile(r"https?://[^\s<>\"]+")
_NOT_OF_THE_LINK = ".,;:!?)"


@dataclass(frozen=True)
class Mail:
    """A mail as a person reads it."""

    name: str
    to: str
    subject: str
    at: datetime
    text: str


class Mailbox:
    """The folder of mails. A file that is not there yet, or has another ending, is no mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """The newest first."""
        if not self.folder.is_dir():
            return []
        files = [path for path in self.folder.glob("*.eml") if path.is_file() and not path.is_symlink()]
        return sorted((path.name for path in files if not path.name.startswith(".")), reverse=True)

    def mails(self, names: Iterable[str]) -> list[Mail]:
        return [_read(self.folder / name) for name in names]

    def names_to(self, address: str) -> list[str]:
        """The names of the mails whose recipient has `address` in it; all of them for an empty one."""
        wanted = address.strip().lower()
        names = self.names()
        return [mail.name for mail in self.mails(names) if wanted in mail.to.lower()] if wanted else names

    def mail(self, name: str) -> Mail | None:
        """The mail of that name. Only names that are listed are ever opened, so no name leads out of the folder."""
        return _read(self.folder / name) if name in self.names() else None


@lru_cache(maxsize=2000)
def _read(path: Path) -> Mail:
    """A mail never changes once it is there, so it is read once."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101  the default policy makes no other
    return Mail(path.name, _header(message, "To"), _header(message, "Subject"), _arrived(path), _text(message))


def _header(message: EmailMessage, name: str) -> str:
    return _readable(" ".join(str(message.get(name, "")).split()))


def _arrived(path: Path) -> datetime:
    try:
        return datetime.strptime(path.name.split("-")[0], _ARRIVED).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html")) or message
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    return _readable(_decoded(content, part.get_content_charset("utf-8")).replace("\r\n", "\n"))


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace")
    except LookupError:  # a character set that nobody knows
        return content.decode("utf-8", "replace")


def _readable(text: str) -> str:
    """Control characters and halves of characters may not stand in a page."""
    bad = ("Cc", "Cs", "Cn")
    return "".join("\ufffd" if unicodedata.category(one) in bad and one not in "\n\t" else one for one in text)


def with_links(text: str, portal_url: str) -> SafeString:
    """The text as paragraphs. Only addresses of this portal can be followed; any other stays text."""
    paragraphs = [part.strip("\n") for part in re.split(r"\n\s*\n", text) if part.strip()]
    return format_html_join(
        "\n", '<p class="govuk-body">{}</p>', ((_lines(paragraph, portal_url),) for paragraph in paragraphs)
    )


def _lines(paragraph: str, portal_url: str) -> SafeString:
    lines = ((_linked(line, portal_url),) for line in paragraph.split("\n"))
    return format_html_join(mark_safe("<br>"), "{}", lines)


def _linked(line: str, portal_url: str) -> SafeString:
    pieces, end = [], 0
    for found in _LINK.finditer(line):
        address = found.group().rstrip(_NOT_OF_THE_LINK)
        if address == portal_url or address.startswith(f"{portal_url}/"):
            pieces += [format_html("{}", line[end : found.start()])]
            pieces += [format_html('<a class="govuk-link" href="{}">{}</a>', address, address)]
            end = found.start() + len(address)
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, line[end:]]))
