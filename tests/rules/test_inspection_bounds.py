"""Inspection reads once, in bounded memory and time, and answers whatever it is given: any size, any bytes, any cut."""

import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.files.inspection import ACCEPTED_EXTENSIONS, LIMIT_BYTES, Accepted, Reason, Refused, bounded, inspect, pdf
from portal.files.inspection.reading import CHUNK
from tests.rules import made_documents as made


def in_chunks(content: bytes, size: int = CHUNK) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


@pytest.mark.row("H1")
@pytest.mark.row("S80")
@pytest.mark.row("D9")
@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, LIMIT_BYTES - 1, LIMIT_BYTES])
def test_every_byte_up_to_the_limit_is_stored_counted_and_hashed(size: int) -> None:
    content = random.Random(size).randbytes(size // 2).hex().encode().ljust(size, b"a")
    with tempfile.TemporaryFile() as spool:
        answer = inspect("log.txt", in_chunks(content), spool)
        stored = spool.read()
    assert isinstance(answer, Accepted)
    assert answer.size == size == len(stored)
    assert answer.sha256 == hashlib.sha256(content).hexdigest() == hashlib.sha256(stored).hexdigest()


@pytest.mark.row("S80")
@pytest.mark.row("D9")
def test_one_byte_more_than_the_limit_is_refused() -> None:
    with tempfile.TemporaryFile() as spool:
        answer = inspect("log.txt", in_chunks(b"a" * (LIMIT_BYTES + 1)), spool)
    assert isinstance(answer, Refused)
    assert answer.reason == Reason.TOO_LARGE
    assert "20 MB" in answer.rule


@pytest.mark.row("H6")
def test_an_endless_upload_is_read_no_further_than_the_limit() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += CHUNK
            yield b"a" * CHUNK

    with tempfile.TemporaryFile() as spool:
        answer = inspect("log.txt", endless(), spool)
        assert spool.seek(0, 2) == LIMIT_BYTES + 1
    assert isinstance(answer, Refused)
    assert taken <= LIMIT_BYTES + CHUNK


@pytest.mark.row("H1")
@pytest.mark.parametrize("size", [1, 7, 511, 512, 4096])
@pytest.mark.parametrize("name", ["survey.pdf", "letter.docx", "mail.eml", "UTF-16.csv"])
def test_where_the_chunks_end_changes_nothing(name: str, size: int) -> None:
    content = made.ACCEPTED[name][1]()
    with tempfile.TemporaryFile() as spool, tempfile.TemporaryFile() as other:
        assert inspect(name, in_chunks(content, size), spool) == inspect(name, [content], other)


def test_marks_on_the_seam_between_two_reads_are_found() -> None:
    """The words that betray a lock or an end are found wherever the reading happens to be cut."""
    locked = made.locked_pdf()
    table, word = locked.index(b"\nxref\n") + 1, locked.index(b"/Encrypt")
    for shift in (1, 4, 7):
        comment = b"%" + b"x" * (CHUNK - word - shift - 2) + b"\n"
        moved = locked[:table] + comment + locked[table:]
        moved = moved.replace(b"startxref\n%d\n" % table, b"startxref\n%d\n" % (table + len(comment)))
        assert moved.index(b"/Encrypt") == CHUNK - shift
        with tempfile.TemporaryFile() as spool:
            answer = inspect("survey.pdf", [moved], spool)
        assert isinstance(answer, Refused)
        assert answer.reason == Reason.NEEDS_PASSWORD


@pytest.mark.parametrize("behind", [0, 1, CHUNK - 5, CHUNK - 4, CHUNK - 3, CHUNK - 1, CHUNK, 3 * CHUNK])
def test_the_last_end_mark_is_found_wherever_the_reading_from_behind_is_cut(behind: int) -> None:
    content = b"%PDF-1.7 %%EOF" + b"x" * 1000 + b"%%EOF" + b"y" * behind
    with tempfile.TemporaryFile() as spool:
        spool.write(content)
        assert pdf._last_end(spool) == len(content) - behind


def largest(name: str) -> bytes:
    """A document of about 20 MB of the kind that the name says."""
    filling = random.Random(1).randbytes(LIMIT_BYTES - 200_000)
    if name.endswith("docx"):
        return made.with_members(made.docx_(), ("word/media/a.bin", filling))
    if name.endswith("pdf"):
        return b"%PDF-1.7\n1 0 obj\n" + filling.replace(b"/", b"_") + made.pdf()
    return made.TEXT * (LIMIT_BYTES // len(made.TEXT))


@pytest.mark.row("H6")
@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.txt"])
def test_a_20_mb_file_is_never_held_in_memory(name: str) -> None:
    content = largest(name)
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as spool:
        source.write(content)
        del content
        source.seek(0)
        tracemalloc.start()
        answer = inspect(name, iter(lambda: source.read(CHUNK), b""), spool)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert isinstance(answer, Accepted)
    assert peak < 1_500_000


@pytest.mark.row("H6")
def test_a_parser_that_takes_too_long_is_ended_and_the_document_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "WALL_SECONDS", 0)
    for name in ("letter.doc", "owner password only.pdf"):
        with tempfile.TemporaryFile() as spool:
            answer = inspect(name, [made.ACCEPTED[name][1]()], spool)
        assert isinstance(answer, Refused)
        assert answer.reason == Reason.DAMAGED
        assert "takes too long" in answer.rule


@pytest.mark.row("H6")
def test_a_parser_cannot_take_more_memory_or_time_than_it_is_given() -> None:
    greedy = (
        "import resource; from portal.files.inspection import bounded, parsers; parsers._limit();"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_FSIZE)[1]);"
        "bytearray(bounded.MEMORY_BYTES)"
    )
    child = subprocess.run(
        [sys.executable, "-c", greedy], cwd=bounded._ROOT, capture_output=True, text=True, check=False
    )
    assert child.stdout.split() == [str(bounded.CPU_SECONDS), "0"]
    assert child.returncode == 1
    assert "MemoryError" in child.stderr
    assert resource.getrlimit(resource.RLIMIT_AS) != (bounded.MEMORY_BYTES, bounded.MEMORY_BYTES)


def test_a_parser_that_cannot_start_is_not_blamed_on_the_document(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    bounded.end_all()
    monkeypatch.setattr(bounded, "_ROOT", tmp_path)
    with tempfile.TemporaryFile() as spool, pytest.raises(bounded.ParserMissing):
        inspect("letter.doc", [made.doc()], spool)


STARTS = [
    b"",
    b"%PDF-1.7\n1 0 obj\n%%EOF",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xff\xd8\xff",
    b"II*\x00",
    b"RIFF0000WAVE",
    b"ID3\x04",
    b"\xff\xfb\x90\x00",
    b"\x00\x00\x00\x18ftyp",
    b"BM",
    b"\xff\xfe",
    b"\xff\xfe\x00\x00",
    b"\xef\xbb\xbf",
    b"{\\rtf",
    b"<",
    b"<!--",
    b"<?xml",
    b"<!doctype",
    b"From: a\n",
    b"MZ",
    b"\x1f\x8b",
    b"BZh9",
    made.docx_()[:-40],
    made.zipped()[:-3],
]
names = st.text() | st.builds(lambda stem, ending: f"{stem}.{ending}", st.text(), st.sampled_from(ACCEPTED_EXTENSIONS))


@pytest.mark.row("H10")
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names, st.sampled_from(STARTS), st.binary(max_size=600))
def test_any_bytes_under_any_name_get_a_verdict(name: str, start: bytes, rest: bytes) -> None:
    with tempfile.TemporaryFile() as spool:
        answer = inspect(name, [start, rest], spool)
        assert spool.read() == start + rest
    assert isinstance(answer, Accepted | Refused)
    assert answer.name


@pytest.mark.row("H10")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["letter.docx", "log.xlsx", "survey.pdf", "photo.jpg", "visit.mp4", "mail.eml", "UTF-16.csv"]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=12),
)
def test_a_document_with_spoiled_bytes_gets_a_verdict(name: str, spoilings: list[tuple[float, bytes]]) -> None:
    content = bytearray(made.ACCEPTED[name][1]())
    for where, noise in spoilings:
        at = int(where * (len(content) - 1))
        content[at : at + len(noise)] = noise
    with tempfile.TemporaryFile() as spool:
        assert isinstance(inspect(name, [bytes(content)], spool), Accepted | Refused)


@settings(max_examples=10, deadline=None)
@given(st.binary(max_size=2000), st.integers(8, 4000), st.sampled_from([made.doc, made.xls, made.ppt, made.msg]))
def test_any_bytes_in_a_compound_file_get_a_verdict(noise: bytes, at: int, make: Any) -> None:
    content = make()
    spoiled = content[:at] + noise + content[at + len(noise) :]
    with tempfile.TemporaryFile() as spool:
        assert isinstance(inspect("letter.doc", [spoiled], spool), Accepted | Refused)


@pytest.mark.parametrize("name", made.ACCEPTED)
def test_a_document_cut_short_anywhere_gets_a_verdict(name: str) -> None:
    content = made.ACCEPTED[name][1]()
    slow = content.startswith(b"\xd0\xcf\x11\xe0") or b"/Encrypt" in content
    for at in range(1, len(content), max(1, len(content) // (3 if slow else 60))):
        with tempfile.TemporaryFile() as spool:
            assert isinstance(inspect(name, [content[:at]], spool), Accepted | Refused)


def asked(name: str, content: bytes) -> Accepted | Refused:
    with tempfile.TemporaryFile() as spool:
        return inspect(name, [content], spool)


@pytest.fixture
def fresh_parser() -> Iterator[None]:
    bounded.end_all()
    yield
    bounded.end_all()


def kept() -> list[int]:
    """The processes of the parsers that are kept ready."""
    return [parser._process.pid for parser in bounded._ready]


@pytest.mark.usefixtures("fresh_parser")
def test_one_parser_is_kept_and_answers_every_document() -> None:
    first = asked("letter.doc", made.doc())
    parser = kept()
    answers = [asked("letter.doc", made.doc()), asked("survey.pdf", made.locked_pdf()), asked("letter.doc", made.doc())]
    assert answers[0] == answers[2] == first
    assert isinstance(answers[1], Refused)
    assert answers[1].reason == Reason.NEEDS_PASSWORD
    assert kept() == parser
    assert len(parser) == 1


HOSTILE = {
    "takes all memory": "bytearray(10**12); ole = [bytearray(2**27) for _ in range(100)]",
    "never ends": "while True: pass",
    "crashes": "import ctypes; ctypes.string_at(0)",
    "leaves": "import os; os._exit(3)",
    "spoils what is shared": "import olefile; olefile.OleFileIO = None; raise SystemExit",
    "says what it likes": """import os, contextlib
        for number in range(3, 20):
            with contextlib.suppress(OSError):
                os.write(number, b'{}\\n[')""",
}


@pytest.mark.row("H6")
@pytest.mark.parametrize("deed", HOSTILE)
@pytest.mark.usefixtures("fresh_parser")
def test_a_hostile_document_is_refused_and_the_next_one_is_read_as_ever(
    deed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A parser with a hole, through which a document does as it likes."""
    monkeypatch.setattr(bounded, "_ROOT", with_a_hole(tmp_path, HOSTILE[deed]))
    monkeypatch.setattr(bounded, "WALL_SECONDS", 1.0)
    before = asked("letter.doc", made.doc())
    parser = kept()
    hostile = asked("letter.doc", made.doc() + b"hostile")
    assert isinstance(hostile, Refused)
    assert hostile.reason == Reason.DAMAGED
    monkeypatch.setattr(bounded, "WALL_SECONDS", 20.0)
    assert asked("letter.doc", made.doc()) == before
    assert isinstance(before, Accepted)
    assert kept() == parser
    assert children_of(parser[0]) == []


def with_a_hole(folder: Path, deed: str) -> Path:
    """A copy of the package whose parser does the deed when a document ends with a word."""
    shutil.copytree(bounded._ROOT / "portal" / "files", folder / "portal" / "files")
    shutil.copytree(bounded._ROOT / "portal" / "lib", folder / "portal" / "lib")
    (folder / "portal" / "__init__.py").touch()
    parsers = folder / "portal" / "files" / "inspection" / "parsers.py"
    opening = "    import olefile\n\n    ole = "
    hole = f"    if document.read().endswith(b'hostile'):\n        {deed}\n    document.seek(0)\n{opening}"
    text = parsers.read_text()
    assert text.count(opening) == 1
    parsers.write_text(text.replace(opening, hole))
    return folder


def children_of(parser: int) -> list[str]:
    return (Path(f"/proc/{parser}/task/{parser}/children")).read_text().split()


@pytest.mark.usefixtures("fresh_parser")
def test_a_parser_that_died_between_two_documents_is_replaced() -> None:
    before = asked("letter.doc", made.doc())
    (parser,) = kept()
    os.kill(parser, signal.SIGKILL)
    assert asked("letter.doc", made.doc()) == before
    assert kept() != [parser]


@pytest.mark.usefixtures("fresh_parser")
def test_several_threads_ask_at_once_and_one_parser_is_left() -> None:
    wanted = {"letter.doc": made.doc(), "log.xls": made.xls(), "mail.msg": made.msg(), "locked.pdf": made.locked_pdf()}
    alone = {name: asked(name, content) for name, content in wanted.items()}
    with ThreadPoolExecutor(8) as pool:
        names = [*wanted] * 8
        answers = list(pool.map(lambda name: asked(name, wanted[name]), names))
    assert answers == [alone[name] for name in names]
    assert len(kept()) == 1


@pytest.mark.usefixtures("fresh_parser")
def test_a_parser_ends_with_the_process_that_asked_it() -> None:
    ask = (
        "from tests.rules.test_inspection_bounds import asked, kept, made;"
        "asked('letter.doc', made.doc()); print(*kept())"
    )
    said = subprocess.check_output([sys.executable, "-c", ask], cwd=bounded._ROOT, text=True)
    parser = Path(f"/proc/{int(said)}")
    limit = time.monotonic() + 20
    while parser.exists() and time.monotonic() < limit:
        time.sleep(0.02)
    assert not parser.exists()
