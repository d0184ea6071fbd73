"""Files as tests send them: small sound ones, ones of an exact size, and a form's body written by hand."""

from io import BytesIO

BOUNDARY = "----portal-test-boundary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def text_of(size: int) -> bytes:
    """A plain text of exactly `size` bytes that is not the same throughout."""
    line = b"%09d The boiler was mended and the tenant was told of it.\n"
    count = size // 60 + 1
    return b"".join(line % number for number in range(count))[:size]


def sent(name: str, content: bytes) -> BytesIO:
    """What Django's test client sends as a file of that name."""
    file = BytesIO(content)
    file.name = name
    return file


def part(disposition: str | bytes, content: bytes, *headers: str) -> bytes:
    """One part of a form's body; the disposition may be any bytes."""
    raw = disposition.encode() if isinstance(disposition, str) else disposition
    lines = [b"--" + BOUNDARY.encode(), b"Content-Disposition: form-data; " + raw, *(line.encode() for line in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + content + b"\r\n"


def body(*parts: bytes, closed: bool = True) -> bytes:
    return b"".join(parts) + (f"--{BOUNDARY}--\r\n".encode() if closed else b"")
