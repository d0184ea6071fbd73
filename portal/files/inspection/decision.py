"""Decides an upload in this order: size, content, name, whether content and name agree."""

from collections.abc import Iterable
from typing import BinaryIO

from portal.files.names import clean_name, extension_of

from . import kinds
from .content import look
from .limit import LIMIT_BYTES
from .reading import Received, receive
from .verdicts import Accepted, Barred, Found, Reason, Refused, refuse

_REASON_OF_EXTENSIONS = (
    (kinds.COMPRESSED_EXTENSIONS, Reason.COMPRESSED),
    (kinds.OPEN_DOCUMENT_EXTENSIONS, Reason.OPEN_DOCUMENT),
    (kinds.PROGRAM_EXTENSIONS, Reason.PROGRAM),
    (kinds.WEB_PAGE_EXTENSIONS, Reason.WEB_PAGE),
)


def inspect(name: str, chunks: Iterable[bytes], spool: BinaryIO) -> Accepted | Refused:
    """Reads the upload into `spool` and returns whether the portal accepts it. No content makes this raise."""
    return judge(name, read_into(spool, chunks), spool)


def read_into(spool: BinaryIO, chunks: Iterable[bytes]) -> Received:
    """Reads the upload into `spool`, up to one byte past the limit."""
    return receive(chunks, spool, LIMIT_BYTES)


def judge(name: str, received: Received, spool: BinaryIO) -> Accepted | Refused:
    """Returns whether the portal accepts what was read into `spool`. No content makes this raise."""
    name = clean_name(name)
    if received.size > LIMIT_BYTES:
        return refuse(name, Reason.TOO_LARGE)
    if not received.size:
        return refuse(name, Reason.EMPTY)
    content = look(spool, received.size)
    spool.seek(0)
    if isinstance(content, Barred):
        return refuse(name, content.reason, content.rule)
    kind = kinds.kind_of_extension(extension_of(name))
    if kind is None:
        return _refused_by_name(name, content)
    if content.kind is None or not kinds.agrees(content.kind, kind):
        return _refused_as_disagreeing(name, kind, content)
    return Accepted(name, kind, kinds.media_type(kind), received.size, received.sha256, content.has_macros)


def _refused_by_name(name: str, content: Found) -> Refused:
    extension = extension_of(name)
    for extensions, reason in _REASON_OF_EXTENSIONS:
        if extension in extensions:
            return refuse(name, reason)
    if extension in kinds.MACRO_EXTENSIONS:
        return refuse(
            name,
            Reason.KIND_NOT_ACCEPTED,
            f"It is an Office document of the kind .{extension}, which is not accepted.",
            "Save it as a Word, Excel or PowerPoint document without macros and upload that.",
        )
    if not extension:
        rule = "Its name has no ending, such as .pdf, that says what kind of document it is."
    else:
        rule = f"Its name ends in .{extension}, which is not one of the accepted kinds of document."
    return refuse(name, Reason.KIND_NOT_ACCEPTED, rule, _renaming(content))


def _refused_as_disagreeing(name: str, kind: str, content: Found) -> Refused:
    says = f"Its name says {kinds.in_words(kind)} (.{extension_of(name)})"
    if content.kind is None:
        return refuse(name, Reason.DAMAGED, f"{says}, but it is damaged or something else: we cannot tell what it is.")
    rule = f"{says}, but its content is {kinds.in_words(content.kind)}."
    return refuse(name, Reason.DISAGREES, rule, _renaming(content))


def _renaming(content: Found) -> str:
    """Suggests the right extension, where only the extension is wrong."""
    if content.kind not in kinds.ACCEPTED_KINDS:
        return ""
    return f"If it is {kinds.in_words(content.kind)}, rename it so that its name ends in .{content.kind}."
