"""Parsers that a crafted file could make slow or huge run in a child, under limits of memory, time and number."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO, Literal

from .reading import copied
from .verdicts import Barred, Found, Reason

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 8
WALL_SECONDS = 20

_ROOT = Path(__file__).resolve().parents[3]
_AT_ONCE = threading.BoundedSemaphore(2)  # for each server process: the memory limit holds for each child, not for all
_FAILED = Barred(Reason.DAMAGED, "We could not read it: it is damaged, or reading it takes too long.")


class ParserMissing(RuntimeError):
    """The child could not even start: the installation is at fault, so the document must not be blamed for it."""


def ask(family: Literal["pdf", "compound"], spool: BinaryIO) -> Found | Barred:
    with copied(spool) as document, _AT_ONCE:
        child = subprocess.Popen(
            [sys.executable, "-B", "-m", "portal.files.inspection.parsers", family],
            stdin=document,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT)},  # none of the server's settings or secrets
        )
        return _answer_of(child)


def _answer_of(child: subprocess.Popen[bytes]) -> Found | Barred:
    try:
        output, _ = child.communicate(timeout=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return _FAILED
    if child.returncode < 0:  # ended by a limit
        return _FAILED
    if child.returncode:
        raise ParserMissing(f"the document parser ended with {child.returncode}")
    return _understood(json.loads(output))


def _understood(answer: dict[str, str | bool | None]) -> Found | Barred:
    if answer.get("failed"):
        return _FAILED
    if reason := answer.get("reason"):
        return Barred(Reason(str(reason)), str(answer["rule"]))
    kind = answer["kind"]
    return Found(None if kind is None else str(kind), bool(answer["has_macros"]))
