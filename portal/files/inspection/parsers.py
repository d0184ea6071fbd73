"""The parser process that `bounded` keeps. For each document it forks a child, which opens the document under limits.

It opens no document itself, and each child ends with its answer, so that no state passes from one document to the next.
"""

import dataclasses
import gc
import io
import json
import os
import resource
import select
import signal
import socket
import struct
from collections.abc import Callable
from typing import Any, BinaryIO

from . import bounded, packages
from .verdicts import Barred, Found, Reason

Verdict = Found | Barred

# Excel "protects" a workbook's structure with this password and opens it without asking anybody.
_OPENS_WITHOUT_ASKING = "VelvetSweatshop"
_INSTALLER = ("000C1082", "000C1084", "000C1086")
_KIND_OF_STREAM = (
    ("worddocument", "doc"),
    ("workbook", "xls"),
    ("book", "xls"),
    ("powerpoint document", "ppt"),
    ("pp40", "ppt"),
    ("__properties_version1.0", "msg"),
)
_MACRO_STORAGES = frozenset({"macros", "_vba_project_cur", "_vba_project", "vba"})


def look_into_pdf(document: BinaryIO) -> Verdict:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    reader = PdfReader(document)
    if not reader.is_encrypted:
        return Found("pdf")
    try:
        opens = bool(reader.decrypt(""))  # an owner password alone lets anybody read
    except (NotImplementedError, DependencyError):  # locked with a certificate or in a way of one program's own
        opens = False
    return Found("pdf") if opens else Barred(Reason.NEEDS_PASSWORD)


def look_into_compound(document: BinaryIO) -> Verdict:
    import olefile

    ole = olefile.OleFileIO(document)
    entries = ole.listdir(streams=True, storages=True)
    names = {entry[0].lower() for entry in entries}
    if "encryptedpackage" in names:
        return _locked_package(document)
    if any(str(ole.root.clsid).upper().startswith(start) for start in _INSTALLER):
        return Barred(Reason.PROGRAM)
    if not names:
        return Found(None)
    kind = next((kind for stream, kind in _KIND_OF_STREAM if stream in names), "compound")
    if _is_locked(ole, kind, names) and not (kind == "xls" and _opens_without_asking(document)):
        return Barred(Reason.NEEDS_PASSWORD)
    return Found(kind, has_macros=kind in {"doc", "xls"} and bool(names & _MACRO_STORAGES))


def _locked_package(document: BinaryIO) -> Verdict:
    """Checks a modern Office document that is encrypted as a whole. Where the known password opens it, the content decides."""
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

    opened = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(document)
        office.load_key(password=_OPENS_WITHOUT_ASKING, verify_password=True)
        office.decrypt(opened)
    except (InvalidKeyError, DecryptionError, FileFormatError):  # another password, or rights management
        return Barred(Reason.NEEDS_PASSWORD)
    return packages.look(opened)


def _opens_without_asking(document: BinaryIO) -> bool:
    import msoffcrypto

    try:
        msoffcrypto.OfficeFile(document).load_key(password=_OPENS_WITHOUT_ASKING)
    except Exception:  # it answers old files with assertion, struct and index errors; all mean "we cannot open it"
        return False
    return True


def _is_locked(ole: Any, kind: str, names: set[str]) -> bool:
    # Read here and not by msoffcrypto, which raises on Excel 5/95 and PowerPoint 95 files that are not locked at all.
    if kind == "doc":
        flags = ole.openstream("WordDocument").read(12)[10:12]
        return bool(int.from_bytes(flags, "little") & 0x0100)
    if kind == "xls":
        return _has_filepass(ole.openstream("Workbook" if "workbook" in names else "Book").read())
    if kind == "ppt" and "current user" in names:
        return (
            bool(ole.openstream("Current User").read(16)[12:16] == b"\xdf\xc4\xd1\xf3") or "encryptedsummary" in names
        )
    return False


def _has_filepass(workbook: bytes) -> bool:
    """Whether the workbook is locked. That record is in the first group, which ends at the first end record."""
    at = 0
    while at + 4 <= len(workbook):
        record, length = struct.unpack_from("<HH", workbook, at)
        if record in {0x002F, 0x000A}:
            return bool(record == 0x002F)
        at += 4 + length
    return False


_FAILED = json.dumps({"failed": True})
_VERDICTS = [{field.name for field in dataclasses.fields(kind)} for kind in (Found, Barred)]
_LOOKS: dict[str, Callable[[BinaryIO], Verdict]] = {"pdf": look_into_pdf, "compound": look_into_compound}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (bounded.MEMORY_BYTES, bounded.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (bounded.CPU_SECONDS, bounded.CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def look(family: str, document: BinaryIO) -> str:
    """Returns the verdict as one line of JSON."""
    _limit()
    try:
        verdict = _LOOKS[family](document)
    except Exception:  # whatever a parser throws at a crafted file, MemoryError and RecursionError included
        return _FAILED
    return json.dumps(dataclasses.asdict(verdict))


def serve(line: socket.socket) -> None:
    """Answers requests until the other side has ended or has sent none for a long time."""
    line.settimeout(bounded.IDLE_SECONDS)
    line.sendall(bounded.READY)
    while True:
        asked, documents, _, _ = socket.recv_fds(line, 4096, 1)
        if not asked:
            return
        question = json.loads(asked)
        with open(documents[0], "rb") as document:
            line.sendall(_in_a_child(line, question["family"], document, question["seconds"]).encode() + b"\n")


def _in_a_child(line: socket.socket, family: str, document: BinaryIO, seconds: float) -> str:
    answer, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            line.close()
            os.write(theirs, look(family, document).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    try:
        readable, _, _ = select.select([answer], [], [], seconds)
        said = os.read(answer, 65_536) if readable else b""  # nothing: it was ended by a limit
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(answer)
    return _checked(said)


def _checked(said: bytes) -> str:
    """Returns the answer if it is a verdict. Anything else, which a crafted document may have caused, is dropped."""
    try:
        verdict = json.loads(said)
    except ValueError:
        return _FAILED
    return json.dumps(verdict) if isinstance(verdict, dict) and set(verdict) in _VERDICTS else _FAILED


def main() -> None:
    import msoffcrypto  # noqa: F401  now: a module that is missing is no fault of a document
    import olefile  # noqa: F401
    import pypdf  # noqa: F401

    gc.freeze()  # the children share what is there now
    try:
        serve(socket.socket(fileno=0))
    except (TimeoutError, ConnectionError):
        return


if __name__ == "__main__":
    main()
