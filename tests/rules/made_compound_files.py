"""Compound files, the Office of 1997 and before, for the inspection tests: no library of ours writes them."""

import struct

_FREE, _END_OF_CHAIN, _FAT_SECTOR, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def compound(streams: dict[str, bytes], storages: tuple[str, ...] = (), clsid: bytes = bytes(16)) -> bytes:
    """Sector 0 the table, then the directory, then each stream padded to 4096 bytes, which needs no short table."""
    padded = {
        name: content.ljust(max(4096, -(-len(content) // 512) * 512), b"\x00") for name, content in streams.items()
    }
    count = len(padded) + len(storages) + 1
    directory_sectors = -(-count // 4)
    table = [_FAT_SECTOR, *_chain(1, directory_sectors)]
    entries = [_entry("Root Entry", 5, child=1 if count > 1 else _NONE, clsid=clsid)]
    names = [*padded, *storages]
    for number, name in enumerate(names, start=1):
        after = number + 1 if number < len(names) else _NONE
        start, size = len(table), len(padded.get(name, b""))
        entries.append(_entry(name, 2 if name in padded else 1, after=after, start=start if size else 0, size=size))
        table += _chain(start, size // 512)
    directory = b"".join(entries).ljust(directory_sectors * 512, b"\x00")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, _END_OF_CHAIN, 0, _END_OF_CHAIN, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    assert len(table) <= 128
    fat = struct.pack("<128I", *table, *[_FREE] * (128 - len(table)))
    return header + fat + directory + b"".join(padded.values())


def _chain(start: int, length: int) -> list[int]:
    return [*range(start + 1, start + length), _END_OF_CHAIN] if length else []


def _entry(
    name: str,
    kind: int,
    *,
    after: int = _NONE,
    child: int = _NONE,
    start: int = 0,
    size: int = 0,
    clsid: bytes = bytes(16),
) -> bytes:
    encoded = name.encode("utf-16-le") + b"\x00\x00"
    links = struct.pack("<3I", _NONE, after, child)
    begin = _END_OF_CHAIN if kind == 5 else start
    return (
        encoded.ljust(64, b"\x00")
        + struct.pack("<HBB", len(encoded), kind, 1)
        + links
        + clsid
        + bytes(20)
        + struct.pack("<IQ", begin, size)
    )


def doc(*, is_locked: bool = False, word_95: bool = False, macros: bool = False) -> bytes:
    signature, version = (0xA5DC, 104) if word_95 else (0xA5EC, 193)
    fib = struct.pack("<HHHHHH", signature, version, 0, 0x0409, 0, 0x0100 if is_locked else 0)
    return compound({"WordDocument": fib}, ("Macros",) if macros else ())


def _record(number: int, content: bytes) -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def xls(*, filepass: bytes = b"", excel_95: bool = False, macros: bool = False) -> bytes:
    start = _record(0x0809, struct.pack("<HHHH", 0x0500 if excel_95 else 0x0600, 5, 0, 0) + bytes(8))
    locking = _record(0x002F, filepass) if filepass else b""
    stream = start + locking + _record(0x0042, b"\xe4\x04") + _record(0x000A, b"")
    return compound({"Book" if excel_95 else "Workbook": stream}, ("_VBA_PROJECT_CUR",) if macros else ())


def xls_95_locked() -> bytes:
    return xls(filepass=b"\x12\x34\x56\x78", excel_95=True)


def xls_locked() -> bytes:
    """RC4 with the salt, verifier and hash of the password "password1" from the documentation of the format."""
    salt = bytes.fromhex("e8772c1d91c56a37964761b280183217")
    verifier = bytes.fromhex("c9e997d454973d310bb1ba701426837e")
    verifier_hash = bytes.fromhex("b1de178f07e989c44dae5e4cf96ac407")
    return xls(filepass=struct.pack("<HHH", 1, 1, 1) + salt + verifier + verifier_hash)


def xls_locked_with_the_known_password() -> bytes:
    return xls(filepass=struct.pack("<HHH", 0, 0, 0x9A0A))  # the verifier of VelvetSweatshop


def ppt(*, is_locked: bool = False) -> bytes:
    token = 0xF3D1C4DF if is_locked else 0xE391C05F
    user = struct.pack("<HHIII", 0, 0x0FF6, 24, 20, token)
    return compound({"PowerPoint Document": b"\x0f\x00\xe8\x03", "Current User": user})


def ppt_95() -> bytes:
    return compound({"PP40": b"\x0f\x00\xe8\x03", "Current User": b"old"})


def msg() -> bytes:
    return compound({"__properties_version1.0": bytes(32)}, ("__nameid_version1.0", "__attach_version1.0_#00000000"))


def installer() -> bytes:
    return compound({"anything": b"x"}, clsid=bytes.fromhex("84100c0000000000c000000000000046"))
