"""Recognises the kind of a file from its bytes alone. Tries each family in turn, the certain signatures first."""

from typing import BinaryIO

from . import bounded, kinds, packages, pdf, pictures, signatures, text
from .reading import read_at
from .verdicts import Barred, Found, Reason

HEAD_BYTES = 65_536


def look(spool: BinaryIO, size: int) -> Found | Barred:
    head = read_at(spool, 0, HEAD_BYTES)
    if head.startswith(signatures.COMPOUND):
        return bounded.ask("compound", spool)
    if head.startswith(signatures.ZIP_STARTS):
        return packages.look(spool)
    if packages.closes_as_zip(spool, size):
        return Barred(Reason.COMPRESSED, "A compressed file is hidden in it.")
    if head.startswith(pdf.START):
        return pdf.look(spool)
    return _by_signature(spool, head, size) or text.look(spool, head)


def _by_signature(spool: BinaryIO, head: bytes, size: int) -> Found | Barred | None:
    if signatures.is_program(head):
        return Barred(Reason.PROGRAM)
    if signatures.is_compressed(head) or signatures.is_disc_image(
        read_at(spool, 0x8001, 5), read_at(spool, size - 512, 4)
    ):
        return Barred(Reason.COMPRESSED)
    kind = signatures.kind_of(head)
    if kind in kinds.PICTURES and (barred := pictures.something_else(spool)):
        return barred
    return Found(kind) if kind else None
