"""Runs the parsers that a crafted file could make slow or huge in a child process, with limits on memory, time and number.

Each server process keeps one parser process ready, because starting one takes longer than a check. That process opens no
document itself: it forks a child for each document, so that no state passes from one document to the next.
"""

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO, Literal

from .reading import copied
from .verdicts import Barred, Found, Reason

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 8
WALL_SECONDS = 20.0
START_SECONDS = 60.0
GRACE_SECONDS = 5.0  # after which the parser, which ends its child in time, must have failed itself
IDLE_SECONDS = 600  # after which a parser that nobody asked ends by itself
READY = b"ready\n"

Family = Literal["pdf", "compound"]
_ROOT = Path(__file__).resolve().parents[3]
_AT_ONCE = threading.BoundedSemaphore(2)  # for each server process: the memory limit holds for each child, not for all
_FAILED = Barred(Reason.DAMAGED, "We could not read it: it is damaged, or reading it takes too long.")


class ParserMissing(RuntimeError):
    """The child process did not start. The fault is in the installation, not in the document."""


def ask(family: Family, spool: BinaryIO) -> Found | Barred:
    with copied(spool) as document, _AT_ONCE:
        return _understood(_answer(family, document))


class Parser:
    """A parser process that waits for documents, and the pipe to it."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-B", "-m", "portal.files.inspection.parsers"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                env={"PYTHONPATH": str(_ROOT)},  # none of the server's settings or secrets
            )
        try:
            self._line.settimeout(START_SECONDS)
            is_ready = self._read() == READY
        except OSError:
            is_ready = False
        if not is_ready:
            self.end()
            raise ParserMissing(f"the document parser ended with {self._process.returncode}")

    def ask(self, family: Family, document: BinaryIO) -> dict[str, Any]:
        """Returns what it found. Raises OSError when the process has ended, TimeoutError when it does not answer."""
        self._line.settimeout(WALL_SECONDS + GRACE_SECONDS)
        asked = json.dumps({"family": family, "seconds": WALL_SECONDS}).encode()
        socket.send_fds(self._line, [asked], [document.fileno()])
        answer: dict[str, Any] = json.loads(self._read() or "null")
        if not answer:
            raise BrokenPipeError("the document parser ended")
        return answer

    def _read(self) -> bytes:
        """Reads one line; empty when the other side has ended."""
        text = b""
        while not text.endswith(b"\n"):
            piece = self._line.recv(4096)
            if not piece:
                return b""
            text += piece
        return text

    def end(self) -> None:
        self._line.close()
        self._process.kill()
        self._process.wait()


_ready: list[Parser] = []  # at most one
_lock = threading.Lock()


def end_all() -> None:
    """Ends every parser. The next document starts a new one."""
    while parser := _take():
        parser.end()


def _take() -> Parser | None:
    with _lock:
        return _ready.pop() if _ready else None


def _keep(parser: Parser) -> None:
    """Keeps the parser for the next document. A second one, which was needed at the same time, is ended."""
    with _lock:
        if not _ready:
            _ready.append(parser)
            return
    parser.end()


def _answer(family: Family, document: BinaryIO) -> dict[str, Any]:
    if (kept := _take()) and (answer := _asked(kept, family, document)):
        return answer
    if answer := _asked(Parser(), family, document):
        return answer
    raise ParserMissing("the document parser ended while it was asked")


def _asked(parser: Parser, family: Family, document: BinaryIO) -> dict[str, Any] | None:
    """Returns the answer of a parser, which is then kept; None when the parser had ended, so that the caller must ask another."""
    try:
        answer = parser.ask(family, document)
    except TimeoutError:
        parser.end()
        return {"failed": True}
    except (OSError, ValueError):
        parser.end()
        return None
    _keep(parser)
    return answer


def _understood(answer: dict[str, Any]) -> Found | Barred:
    if answer.get("failed"):
        return _FAILED
    if reason := answer.get("reason"):
        return Barred(Reason(str(reason)), str(answer["rule"]))
    kind = answer["kind"]
    return Found(None if kind is None else str(kind), bool(answer["has_macros"]))


os.register_at_fork(after_in_child=_ready.clear)  # what the parent asks is the parent's alone
