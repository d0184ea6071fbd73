"""Files of the zip family. Office documents are recognised by their content types; any other zip is a compressed file.

Reads only the directory and two short members, each up to a limit, so that a zip bomb is never unpacked.
"""

import re
import struct
import zipfile
import zlib
from typing import BinaryIO

from .reading import read_at, windows
from .verdicts import Barred, Found, Reason

# A large real document has some thousand parts; the directory of a 20 MB file could name 400,000 and fill the memory.
_MOST_PARTS = 20_000
_MOST_UNPACKED = 300_000_000
_MOST_RATIO = 200
_SMALL_UNPACKED = 10_000_000  # below this a high ratio is only a spreadsheet of the same figure many times
_MOST_READ = 1_000_000
_END = b"PK\x05\x06"

_MAIN_PARTS = (
    ("wordprocessingml.document.main+xml", "docx"),
    ("spreadsheetml.sheet.main+xml", "xlsx"),
    ("presentationml.presentation.main+xml", "pptx"),
    ("ms-word.document.macroenabled.main+xml", "docm"),
    ("ms-excel.sheet.macroenabled.main+xml", "xlsm"),
    ("ms-powerpoint.presentation.macroenabled.main+xml", "pptm"),
    ("ms-excel.sheet.binary.macroenabled.main", "xlsb"),
    ("presentationml.slideshow.main+xml", "slideshow"),
    ("ms-powerpoint.slideshow.macroenabled.main+xml", "slideshow"),
    ("template.main+xml", "template"),
    ("template.macroenabled.main+xml", "template"),
    ("template.macroenabledtemplate.main+xml", "template"),
    ("addin.macroenabled.main+xml", "template"),
    ("ms-visio.drawing.main+xml", "compound"),
    ("ms-package.xps-fixeddocumentsequence+xml", "compound"),
)
_OPEN_DOCUMENT_TYPES = (b"application/vnd.oasis.opendocument", b"application/vnd.sun.xml")
_ENTRY = re.compile(b"PK\x01\x02")
_BROKEN_OFFICE = re.compile(rb"PK\x03\x04.{26}(\[Content_Types\]\.xml|_rels/|docProps/|word/|xl/|ppt/)", re.DOTALL)
_BROKEN_OPEN_DOCUMENT = re.compile(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.(oasis|sun\.xml)", re.DOTALL)


def look(spool: BinaryIO) -> Found | Barred:
    if _parts_at_most(spool) > _MOST_PARTS:
        return Barred(Reason.UNPACKS_TOO_LARGE)
    try:
        with zipfile.ZipFile(spool) as package:
            return _look_into(package)
    except Exception:  # zipfile answers crafted bytes with a dozen kinds of exception; all mean "this is no sound zip"
        return _look_at_broken(read_at(spool, 0, 65_536))


def closes_as_zip(spool: BinaryIO, size: int) -> bool:
    """Whether a zip's end record ends exactly where the file ends: then an archive was appended to another file.

    Attachments inside a document do not count: they end before the document does.
    """
    tail_at = max(0, size - 65_557)
    tail = read_at(spool, tail_at, 65_557)
    at = tail.find(_END)
    while at >= 0:
        if at + 22 <= len(tail) and at + 22 + struct.unpack_from("<H", tail, at + 20)[0] == len(tail):
            return True
        at = tail.find(_END, at + 1)
    return False


def _parts_at_most(spool: BinaryIO) -> int:
    """Counts the signatures in the directory. Each entry starts with one, so zipfile cannot make more entries than that."""
    seen = 0
    for _, window in windows(spool, overlap=3):
        seen += len(_ENTRY.findall(window))  # twice as fast as bytes.count
    return seen


def _look_into(package: zipfile.ZipFile) -> Found | Barred:
    parts = {part.filename.replace("\\", "/").lower(): part for part in package.infolist()}
    if barred := _open_document_or_book(package, parts):
        return barred
    if "[content_types].xml" not in parts:
        return Barred(Reason.COMPRESSED)
    if any(part.flag_bits & 1 for part in parts.values()):
        return Barred(Reason.NEEDS_PASSWORD)
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts.values()):
        return Barred(Reason.DAMAGED)  # no Office program writes or reads another method
    if _is_bomb(package.infolist()):
        return Barred(Reason.UNPACKS_TOO_LARGE)
    return _office_kind(_decoded(_read(package, parts["[content_types].xml"])), set(parts))


def _open_document_or_book(package: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> Found | Barred | None:
    said = _read(package, parts["mimetype"])[:200].strip() if "mimetype" in parts else b""
    if said.startswith(_OPEN_DOCUMENT_TYPES) or {"meta-inf/manifest.xml", "content.xml"} <= parts.keys():
        return Barred(Reason.OPEN_DOCUMENT)
    if any(name.endswith(".iwa") for name in parts) or {"index.zip", "metadata/properties.plist"} <= parts.keys():
        return Found("iwork")
    return Found("epub") if said == b"application/epub+zip" else None


def _office_kind(content_types: str, names: set[str]) -> Found | Barred:
    lowered = content_types.lower()
    found = {kind for main, kind in _MAIN_PARTS if main in lowered}
    main_names = re.findall(r'partname\s*=\s*["\']/?([^"\']{1,300})["\'][^>]{0,300}\.main(?:\+xml)?["\']', lowered)
    if not found or not any(name in names for name in main_names or names - {"[content_types].xml"}):
        return Barred(Reason.COMPRESSED)  # a plain zip, or one that only carries the list of an Office document
    if len(found) > 1:
        return Barred(Reason.DAMAGED)
    return Found(found.pop(), has_macros=any(_is_macro(name) for name in names))


def _is_macro(name: str) -> bool:
    return name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/")


def _is_bomb(parts: list[zipfile.ZipInfo]) -> bool:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    # Packing never makes a part much longer, so a part that says it is shorter unpacked lies about its size.
    lies = any(part.file_size * 1.01 + 1000 < part.compress_size for part in parts)
    return lies or unpacked > _MOST_UNPACKED or (unpacked > _SMALL_UNPACKED and unpacked > packed * _MOST_RATIO)


def _read(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Reads at most a megabyte, whatever size the directory states."""
    try:
        with package.open(part) as member:
            return member.read(_MOST_READ)
    except (RuntimeError, NotImplementedError, zlib.error, EOFError):  # encrypted, or packed in an unknown way
        return b""


def _decoded(xml: bytes) -> str:
    encoding = "utf-16" if xml.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return xml.decode(encoding, errors="replace")


def _look_at_broken(head: bytes) -> Barred:
    if _BROKEN_OPEN_DOCUMENT.match(head):
        return Barred(Reason.OPEN_DOCUMENT)
    if _BROKEN_OFFICE.search(head):
        return Barred(Reason.DAMAGED, "It is an Office document that is damaged or cut short.")
    return Barred(Reason.COMPRESSED)
