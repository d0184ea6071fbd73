"""Reads a file once, as it arrives: counts and hashes it on the way to its spool. It is never whole in memory."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

CHUNK = 65_536


class Received(NamedTuple):
    size: int
    sha256: str


def receive(chunks: Iterable[bytes], spool: BinaryIO, limit: int) -> Received:
    """Reads up to one byte past the limit: enough to refuse the file without storing an endless upload."""
    spool.seek(0)
    spool.truncate()
    digest = hashlib.sha256()
    size = 0
    for chunk in chunks:
        kept = chunk[: limit + 1 - size]
        digest.update(kept)
        spool.write(kept)
        size += len(kept)
        if size > limit:
            break
    spool.flush()
    return Received(size, digest.hexdigest())


def read_at(spool: BinaryIO, offset: int, count: int) -> bytes:
    spool.seek(max(0, offset))
    return spool.read(count)


def pieces(spool: BinaryIO) -> Iterator[bytes]:
    spool.seek(0)
    while piece := spool.read(CHUNK):
        yield piece


def windows(spool: BinaryIO, overlap: int = 64) -> Iterator[tuple[int, bytes]]:
    """Yields each piece with the end of the one before, so that a signature across the boundary is found."""
    offset, tail = 0, b""
    for piece in pieces(spool):
        yield offset - len(tail), tail + piece
        offset += len(piece)
        tail = (tail + piece)[-overlap:]


def copied(spool: BinaryIO) -> BinaryIO:
    """Copies the file for a child process: a shared descriptor would move the caller's position under its buffer."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    for piece in pieces(spool):
        copy.write(piece)
    copy.flush()
    copy.seek(0)
    return copy
