"""A file is read once as it arrives, counted and hashed on the way to its spool, and never held whole in memory."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

CHUNK = 65_536


class Received(NamedTuple):
    size: int
    sha256: str


def receive(chunks: Iterable[bytes], spool: BinaryIO, limit: int) -> Received:
    """Stops one byte past the limit: enough to know, and the rest of an endless upload is never stored."""
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
    """Each piece with the end of the one before it, so that a short mark on the seam is not missed."""
    offset, tail = 0, b""
    for piece in pieces(spool):
        yield offset - len(tail), tail + piece
        offset += len(piece)
        tail = (tail + piece)[-overlap:]


def copied(spool: BinaryIO) -> BinaryIO:
    """A file of its own for a child process: a shared descriptor would move the caller's position under its buffer."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    for piece in pieces(spool):
        copy.write(piece)
    copy.flush()
    copy.seek(0)
    return copy
