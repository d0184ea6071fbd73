"""Kinds that are recognised by their first bytes: pictures, recordings, archives and programs."""

import re
import struct

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK\x03\x04")

_COMPRESSED_STARTS = (
    b"\x1f\x8b",  # gzip
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",  # zstandard
    b"\x04\x22\x4d\x18",  # lz4
    b"\x02\x21\x4c\x18",  # lz4, old
    b"MSCF\x00\x00\x00\x00",  # cabinet
    b"LZIP\x01",
    b"\x1f\x9d",  # compress
    b"\x1f\xa0",
    b"\x1f\x1e",  # pack
    b"\x89LZO\x00",
    b"\x5d\x00\x00",  # lzma
    b"\xff\x06\x00\x00sNaPpY",
    b"MSWIM\x00\x00\x00",
    b"xar!\x00",
    b"!<arch>\n",  # deb
    b"\xed\xab\xee\xdb",  # rpm
    b"LRZI\x00",
    b"7kSt\xa0",
    b"zPQ\x01",
    b"zPQ\x02",
    b"StuffIt (c)",
    b"EGGA\x00",
    b"ALZ\x01",
)
_COMPRESSED_LATER = ((7, b"**ACE**"), (20, b"\xdc\xa7\xc4\xfd"), (257, b"ustar"))
# Marks that could open a letter or a list of telephone numbers are followed a little further: bzip2, lzh, arj, cpio.
_COMPRESSED_SHAPES = tuple(
    re.compile(shape, re.DOTALL)
    for shape in (
        rb"BZh[1-9](1AY&SY|\x17rE8P\x90)",
        rb"..-(lh[0-9dx]|lz[45s]|pm[012])-",
        rb"\x60\xea.[\x00-\x0a]",
        rb"07070[12][0-9a-fA-F]{104}|070707[0-7]{70}",
    )
)

_PROGRAM_STARTS = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",  # Mach-O
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",  # Java, or Mach-O for several processors
    b"L\x00\x00\x00\x01\x14\x02\x00",  # Windows shortcut
    b"\x00asm",
    b"dex\n03",
    b"ITSF\x03\x00",  # compiled help
    b"#!/",
    b"#! /",
    b"\xef\xbb\xbf#!/",
    b"<?php",
    b"\xef\xbb\xbf<?php",
)

_KIND_STARTS = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"II+\x00\x08\x00\x00\x00", "tif"),
    (b"MM\x00+\x00\x08\x00\x00", "tif"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"OggS\x00", "ogg"),
    (b"fLaC\x00\x00\x00", "flac"),
    (b"%!PS", "postscript"),
    (b"SQLite format 3\x00", "database"),
    (b"\x00\x01\x00\x00Standard ", "database"),
    (b"8BPS\x00", "photoshop"),
)
_RIFF = {b"WAVE": "wav", b"WEBP": "webp", b"AVI ": "avi"}
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_PICTURE_BRANDS = frozenset({b"mif1", b"msf1", b"miaf"})  # says "a picture"; the brands that follow say which
_OLD_QUICKTIME_ATOMS = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_BITMAP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_FLASH = re.compile(rb"[FCZ]WS[\x01-\x30]")  # a version number and not a letter follows
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")


def is_program(head: bytes) -> bool:
    # Two letters alone are no proof: a letter about "MZ Builders" is text, and text holds no control bytes.
    is_dos = head[:2] in {b"MZ", b"ZM"} and bool(_CONTROL.search(head[:256]))
    return is_dos or bool(_FLASH.match(head)) or head.startswith(_PROGRAM_STARTS)


def is_compressed(head: bytes) -> bool:
    return (
        head.startswith(_COMPRESSED_STARTS)
        or any(head.startswith(mark, offset) for offset, mark in _COMPRESSED_LATER)
        or any(shape.match(head) for shape in _COMPRESSED_SHAPES)
        or _is_old_tar(head)
    )


def is_disc_image(at_sector_16: bytes, last_block: bytes) -> bool:
    return at_sector_16 == b"CD001" or last_block == b"koly"


def kind_of(head: bytes) -> str | None:
    for start, kind in _KIND_STARTS:
        if head.startswith(start):
            return kind
    if head[:4] in {b"RIFF", b"RF64"}:
        return _RIFF.get(head[8:12])
    return _kind_of_boxes(head) or _bitmap(head) or _mp3(head)


def _kind_of_boxes(head: bytes) -> str | None:
    """MP4 and its relatives: the first box says which of them by its brand."""
    if head[:1] not in {b"\x00", b"\x01"}:  # the box's length in four bytes, which is below 32 MB: text is not
        return None
    if head[4:8] in _OLD_QUICKTIME_ATOMS:
        return "mov"
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    length = min(int.from_bytes(head[:4]), 256)
    brands = {brand} | {head[at : at + 4] for at in range(16, length, 4)}
    if brand in _HEIC_BRANDS or (brand in _PICTURE_BRANDS and brands & _HEIC_BRANDS):
        return "heic"
    if brand in {b"avif", b"avis"} | _PICTURE_BRANDS:
        return "avif"
    if brand == b"qt  ":
        return "mov"
    return "m4a" if brand in {b"M4A ", b"M4B "} else "mp4"


def _bitmap(head: bytes) -> str | None:
    if head[:2] != b"BM" or len(head) < 26:
        return None
    pixels_at, header_size = struct.unpack_from("<II", head, 10)
    return "bmp" if header_size in _BITMAP_HEADERS and pixels_at >= 14 + header_size else None


def _mp3(head: bytes) -> str | None:
    if head[:3] == b"ID3" and len(head) > 10 and head[3] in {2, 3, 4}:
        return "mp3"
    length = _mp3_frame_length(head[:4])
    # A second frame where the first one ends: eleven set bits alone turn up in any random file.
    return "mp3" if length and (len(head) <= length or _mp3_frame_length(head[length : length + 4])) else None


_MP3_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_MP3_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)


def _mp3_frame_length(header: bytes) -> int:
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:  # sync, layer III
        return 0
    version = header[1] >> 3 & 3
    rate = (_MP3_RATES_1 if version == 3 else _MP3_RATES_2)[header[2] >> 4]
    sampling = (44100, 48000, 32000, 0)[header[2] >> 2 & 3]
    if version == 1 or not rate or not sampling:
        return 0
    halvings = {3: 1, 2: 2, 0: 4}[version]
    return (144 if version == 3 else 72) * rate * 1000 * halvings // sampling + (header[2] >> 1 & 1)


def _is_old_tar(head: bytes) -> bool:
    """A tar from before the "ustar" mark: its header's sum is written in the header."""
    block = head[:512]
    written = block[148:156].strip(b" \x00")
    if len(block) < 512 or not block[0] or not re.fullmatch(rb"[0-7]{1,7}", written):
        return False
    return sum(block) - sum(block[148:156]) + 8 * 32 == int(written, 8)
