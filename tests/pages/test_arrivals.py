"""How a form with files arrives: each byte is written and hashed once, its parts are counted wherever the reading is cut."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from portal.files import actions as files
from portal.files import storage
from portal.files.inspection import LIMIT_BYTES
from portal.files.models import StoredFile, Upload
from portal.pages.shared.writing.arrivals import _Counted
from tests.cast import Cast
from tests.conftest import Browser
from tests.rules import made_documents as made
from tests.sent_files import BOUNDARY, body, part, sent, text_of

TAB = "/cases/202601234/documents/"


@pytest.fixture
def amina(client_of: Browser) -> Client:
    return client_of("amina")


@contextmanager
def temporary_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Where the files lay while they came."""
    found: list[Path] = []
    begin = TemporaryUploadedFile.__init__

    def noted(self: Any, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        found.append(Path(self.temporary_file_path()))

    with monkeypatch.context() as patched:
        patched.setattr(TemporaryUploadedFile, "__init__", noted)
        yield found


@pytest.mark.parametrize("size", [1, 65_536, 262_143, 262_144, 262_145, 3_000_000, LIMIT_BYTES])
def test_what_is_stored_is_what_was_sent_and_no_copy_is_left(
    amina: Client, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    content = text_of(size)
    with temporary_files(monkeypatch) as came:
        amina.post(TAB, {"files": [sent("one.txt", content), sent("two.txt", content[::-1])]})
    stored = list(StoredFile.objects.order_by("pk"))
    for row, expected in zip(stored, (content, content[::-1]), strict=True):
        assert (row.size, row.sha256) == (size, hashlib.sha256(expected).hexdigest())
        with storage.documents().open(row.key) as file:
            assert file.read() == expected
        assert Path(storage.documents().path(row.key)).stat().st_mode & 0o777 == 0o600
    assert len(came) == 2
    assert not [path for path in came if path.exists()]


def test_each_accepted_kind_is_taken_as_a_form_brings_it_and_as_the_portal_hands_it_over(
    amina: Client, cast: Cast
) -> None:
    for name, (_, make) in made.ACCEPTED.items():
        amina.post(TAB, {"files": sent(name, make())})
        files.receive(name, [make()], target="documents:202601234", by=cast.amina)
    assert Upload.objects.count() == 2 * len(made.ACCEPTED)
    assert not [upload.name for upload in Upload.objects.all() if upload.is_refused]


def test_of_a_refused_file_nothing_is_left(amina: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [sent("big.txt", text_of(LIMIT_BYTES + 1)), sent("program.txt", b"MZ" + bytes(3000))]
    with temporary_files(monkeypatch) as came:
        amina.post(TAB, {"files": files[:1]})
        amina.post(TAB, {"files": files[1:]})
    assert [upload.is_refused for upload in Upload.objects.all()] == [True, True]
    assert not StoredFile.objects.exists()
    assert len(came) == 2
    assert not [path for path in came if path.exists()]


@given(st.integers(0, 4), st.booleans(), st.lists(st.integers(1, 90), min_size=1, max_size=400))
def test_parts_are_counted_wherever_the_reading_is_cut(parts: int, is_closed: bool, cuts: list[int]) -> None:
    near = f"--{BOUNDARY[:-1]}\r\n--".encode()  # almost a mark
    form = body(*[part(f'name="files"; filename="{number}.txt"', near) for number in range(parts)], closed=is_closed)
    counted, sizes = _Counted(io.BytesIO(form), BOUNDARY.encode()), iter(cuts)
    read = b""
    while piece := counted.read(next(sizes, 50)):
        read += piece
    assert read == form
    assert (counted.parts, counted.is_ended) == (parts, is_closed)
