"""Documents that the inspection tests try, made afresh by the libraries that real ones come from.

Where no library of ours writes a kind, the smallest honest bytes of it are put together by hand.
"""

import bz2
import functools
import gzip
import io
import lzma
import re
import struct
import tarfile
import wave
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage

import docx
import msoffcrypto.format.ooxml
import openpyxl
from PIL import Image
from pypdf import PdfWriter

from tests.rules.made_compound_files import (
    compound,
    doc,
    installer,
    msg,
    ppt,
    ppt_95,
    xls,
    xls_95_locked,
    xls_locked,
    xls_locked_with_the_known_password,
)

__all__ = ["compound", "xls_95_locked", "xls_locked"]  # handed on to the tests with the documents made here

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE = "application/vnd.openxmlformats-officedocument."


def zipped(*members: tuple[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def package(main_type: str, main_part: str, *others: tuple[str, bytes | str]) -> bytes:
    override = f'<Override PartName="/{main_part}" ContentType="{main_type}"/>'
    types = f'<?xml version="1.0"?><Types xmlns="{_TYPES}">{override}</Types>'
    return zipped(("[Content_Types].xml", types), (main_part, "<x/>"), *others)


@functools.cache
def pdf() -> bytes:
    return _pdf()


@functools.cache
def locked_pdf() -> bytes:
    return _pdf(user_password="open sesame", owner_password="owner", algorithm="AES-256")


@functools.cache
def readable_locked_pdf() -> bytes:
    return _pdf(user_password="", owner_password="owner", algorithm="RC4-128")


def _pdf(**encryption: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.add_metadata({"/Title": "Damp survey"})
    if encryption:
        writer.encrypt(**encryption)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def with_reference_stream(plain: bytes) -> bytes:
    """The same PDF with its cross-references in a compressed stream, as newer programs write them."""
    body, _, rest = plain.partition(b"\nxref\n")
    trailer = re.search(rb"trailer\s*<<(.*)>>\s*startxref", rest, re.DOTALL)
    assert trailer
    offsets = [int(entry) for entry in re.findall(rb"(\d{10}) 00000 n", rest)]
    body += b"\n"
    rows = struct.pack(">BIB", 0, 0, 255) + b"".join(struct.pack(">BIB", 1, at, 0) for at in [*offsets, len(body)])
    entries = re.sub(rb"/Size \d+", b"", trailer[1])
    stream = zlib.compress(rows)
    number = len(offsets) + 1
    head = b"%d 0 obj\n<< /Type /XRef /Size %d /W [1 4 1] /Filter /FlateDecode /Length %d %s >>\nstream\n"
    made = body + head % (number, number + 1, len(stream), entries) + stream + b"\nendstream\nendobj\n"
    return made + b"startxref\n%d\n%%%%EOF\n" % len(body)


@functools.cache
def docx_() -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("We inspected the roof on Tuesday.")
    document.save(made)
    return made.getvalue()


@functools.cache
def xlsx() -> bytes:
    made = io.BytesIO()
    workbook = openpyxl.Workbook()
    workbook.active.append(["Date", "Repair"])
    workbook.save(made)
    return made.getvalue()


def pptx() -> bytes:
    return package(_OFFICE + "presentationml.presentation.main+xml", "ppt/presentation.xml")


def with_members(office: bytes, *members: tuple[str, bytes | str]) -> bytes:
    made = io.BytesIO(office)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def docm() -> bytes:
    main = "application/vnd.ms-word.document.macroEnabled.main+xml"
    return package(main, "word/document.xml", ("word/vbaProject.bin", b"macro"))


def xlsm() -> bytes:
    return package("application/vnd.ms-excel.sheet.macroEnabled.main+xml", "xl/workbook.xml")


@functools.cache
def locked(office: bytes, password: str = "open sesame") -> bytes:
    made = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(office)).encrypt(password, made)
    return made.getvalue()


def open_document() -> bytes:
    kind, content = "application/vnd.oasis.opendocument.text", "<office:document-content/>"
    return zipped(("mimetype", kind), ("content.xml", content), method=zipfile.ZIP_STORED)


def flat_open_document() -> bytes:
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document '
        b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"></office:document>'
    )


# --- pictures, recordings, mail and text ------------------------------------------------------------------------------


@functools.cache
def picture(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "brown").save(made, kind)
    return made.getvalue()


def heic() -> bytes:
    return _box(b"ftyp", b"heic" + bytes(4) + b"mif1heic") + _box(b"meta", bytes(40))


def wav() -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as recording:
        recording.setparams((1, 2, 8000, 0, "NONE", ""))
        recording.writeframes(bytes(8000))
    return made.getvalue()


def mp3() -> bytes:
    return (b"\xff\xfb\x90\x00" + bytes(413)) * 4


def tagged_mp3() -> bytes:
    return b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) + mp3()


def mp4(brand: bytes = b"isom") -> bytes:
    return _box(b"ftyp", brand + bytes(4) + b"isommp42") + _box(b"mdat", bytes(64)) + _box(b"moov", bytes(64))


def old_quicktime() -> bytes:
    return _box(b"moov", bytes(64)) + _box(b"mdat", bytes(64))


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def eml(attachment: bytes = b"") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "amina@alder.example", "office@ombudsman.example", "Repair"
    message.set_content("The roof was repaired on Tuesday.")
    if attachment:
        message.add_attachment(attachment, maintype="application", subtype="zip", filename="photographs.zip")
    return message.as_bytes()


RTF = rb"{\rtf1\ansi The roof was repaired on Tuesday.}"
TEXT = "The roof was repaired on Tuesday. It cost £1,200.\r\n".encode()
CSV = b"date,repair\r\n2026-11-03,roof\r\n"


def tar() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("letter.txt"), io.BytesIO())
    return made.getvalue()


def old_tar() -> bytes:
    """A tar from before 1988: the same header without the mark, its sum put right."""
    header = bytearray(tar()[:512])
    header[257:265] = bytes(8)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\x00 " % sum(header)
    return bytes(header) + bytes(1024)


COMPRESSED: dict[str, Callable[[], bytes]] = {
    "zip": lambda: zipped(("letter.txt", "words")),
    "empty zip": zipped,
    "zip of a folder with a docx in it": lambda: zipped(("letters/a.docx", docx_())),
    "zip with only the list of an Office document": lambda: zipped(("[Content_Types].xml", "<Types/>"), ("a.txt", "a")),
    "zip that claims a Word part it does not hold": lambda: zipped(
        (
            "[Content_Types].xml",
            f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}wordprocessingml.document.main+xml"/>',
        ),
        ("a.exe", "MZ"),
    ),
    "zip cut short": lambda: zipped(("letter.txt", "words"))[:40],
    "gz": lambda: gzip.compress(b"words"),
    "bz2": lambda: bz2.compress(b"words"),
    "empty bz2": lambda: bz2.compress(b""),
    "xz": lambda: lzma.compress(b"words"),
    "lzma": lambda: lzma.compress(b"words", lzma.FORMAT_ALONE),
    "tar": tar,
    "old tar": old_tar,
    "tar.gz": lambda: gzip.compress(tar()),
    "7z": lambda: b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(40),
    "rar 4": lambda: b"Rar!\x1a\x07\x00" + bytes(40),
    "rar 5": lambda: b"Rar!\x1a\x07\x01\x00" + bytes(40),
    "zst": lambda: bytes.fromhex("28b52ffd200021000061"),
    "lz4": lambda: bytes.fromhex("04224d186440a7"),
    "cab": lambda: b"MSCF" + bytes(40),
    "Z": lambda: b"\x1f\x9d\x90words",
    "lzh": lambda: b"\x24\x4b-lh5-" + bytes(20),
    "arj": lambda: b"\x60\xea\x2a\x00" + bytes(20),
    "ace": lambda: bytes(7) + b"**ACE**" + bytes(20),
    "cpio": lambda: b"070701" + b"0" * 104,
    "iso": lambda: bytes(0x8001) + b"CD001" + bytes(2048),
    "dmg": lambda: b"\x78\x01" + bytes(1000) + b"koly" + bytes(508),
}

PROGRAMS: dict[str, bytes] = {
    "Windows": b"MZ\x90\x00\x03\x00\x00\x00" + bytes(120) + b"PE\x00\x00",
    "Linux": b"\x7fELF\x02\x01\x01" + bytes(40),
    "Mac": b"\xcf\xfa\xed\xfe\x07\x00\x00\x01",
    "Java": b"\xca\xfe\xba\xbe\x00\x00\x00\x34",
    "shortcut": b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60),
    "script": b"#!/bin/sh\necho hello\n",
    "script of a spaced path": b"#! /usr/bin/env python3\n",
    "script behind a byte-order mark": b"\xef\xbb\xbf#!/bin/sh\n",
    "PHP": b"<?php echo 1;",
    "Flash": b"CWS\x0a" + bytes(20),
    "WebAssembly": b"\x00asm\x01\x00\x00\x00",
    "installer": installer(),
}

WEB_PAGES: dict[str, bytes] = {
    "doctype": b"<!DOCTYPE html><p>Hello",
    "doctype with spaces": b"\r\n <!doctype   HTML>\n<p>Hello",
    "html": b"<html><body>Hello</body></html>",
    "script": b"\n\t<script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "svg behind a declaration": b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="x"/>',
    "svg doctype": b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "x" "y"><svg/>',
    "UTF-16": "<html>Hello</html>".encode("utf-16"),
    "UTF-8 mark": b"\xef\xbb\xbf<html>",
    "comment without an end": b"<!-- " + b"x" * 70_000 + b" --><html>",
    "page with a NUL": b"<html>\x00\x00\x01\x02<script>",
    "Excel's own web page": b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table></table></html>',
}


ACCEPTED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "survey.pdf": ("pdf", pdf),
    "owner password only.pdf": ("pdf", readable_locked_pdf),
    "reference stream.pdf": ("pdf", lambda: with_reference_stream(pdf())),
    "letter.doc": ("doc", doc),
    "letter of 1995.doc": ("doc", lambda: doc(word_95=True)),
    "letter.docx": ("docx", docx_),
    "log.xls": ("xls", xls),
    "log of 1995.xls": ("xls", lambda: xls(excel_95=True)),
    "opens without asking.xls": ("xls", xls_locked_with_the_known_password),
    "log.xlsx": ("xlsx", xlsx),
    "opens without asking.xlsx": ("xlsx", lambda: locked(xlsx(), "VelvetSweatshop")),
    "slides.ppt": ("ppt", ppt),
    "slides of 1995.ppt": ("ppt", ppt_95),
    "slides.pptx": ("pptx", pptx),
    "letter.rtf": ("rtf", lambda: RTF),
    "note.txt": ("txt", lambda: TEXT),
    "one letter.txt": ("txt", lambda: b"a"),
    "Windows-1252.txt": ("txt", lambda: "Café £5 – “damp”".encode("cp1252")),
    "Japanese.csv": ("csv", lambda: "日付,修理\n".encode("shift_jis")),
    "UTF-16.csv": ("csv", lambda: "date,repair\n".encode("utf-16")),
    "UTF-32.txt": ("txt", lambda: "roof".encode("utf-32")),
    "log.csv": ("csv", lambda: CSV),
    "photo.jpg": ("jpg", lambda: picture("JPEG")),
    "photo.jpeg": ("jpg", lambda: picture("JPEG")),
    "plan.png": ("png", lambda: picture("PNG")),
    "plan.gif": ("gif", lambda: picture("GIF")),
    "scan.tif": ("tif", lambda: picture("TIFF")),
    "scan.tiff": ("tif", lambda: picture("TIFF")),
    "scan.bmp": ("bmp", lambda: picture("BMP")),
    "photo.heic": ("heic", heic),
    "mail.msg": ("msg", msg),
    "mail.eml": ("eml", eml),
    "mail with an archive.eml": ("eml", lambda: eml(zipped(("a.jpg", picture("JPEG"))))),
    "mail saved as text.txt": ("txt", eml),
    "call.mp3": ("mp3", mp3),
    "tagged call.mp3": ("mp3", tagged_mp3),
    "call.m4a": ("m4a", lambda: mp4(b"M4A ")),
    "recorder.m4a": ("m4a", lambda: mp4(b"mp42")),
    "call.wav": ("wav", wav),
    "visit.mp4": ("mp4", mp4),
    "visit.mov": ("mov", lambda: mp4(b"qt  ")),
    "old visit.mov": ("mov", old_quicktime),
}
