"""Notices when a sent form did not arrive whole. Django's parser drops a file without a word when its name cannot be
read or when the connection broke off; a page must then say so, and never “uploaded”."""

import hashlib
from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

from portal.files.actions import Whole
from portal.files.inspection import Received
from portal.files.names import clean_name

_ARRIVAL, _RECEIVED = "portal_arrival", "portal_received"


class _Counted:
    """The body as it passes to the parser: how many parts it announces, and whether it came to its end."""

    def __init__(self, source: Any, boundary: bytes) -> None:
        self._source, self._mark, self._tail = source, b"--" + boundary, b""
        self.marks, self.is_ended = 0, False

    def read(self, size: int | None = None) -> bytes:
        data = cast(bytes, self._source.read(size))
        # The tail is shorter than a mark with its two dashes: what lies on the seam is looked for apart, and once.
        seam = self._tail + data[: len(self._mark) + 1]
        self._look(seam, counted_before=self._tail.count(self._mark) + data[: len(self._mark) + 1].count(self._mark))
        self._look(data, counted_before=0)
        self._tail = (self._tail + data[-(len(self._mark) + 1) :])[-(len(self._mark) + 1) :]
        return data

    def _look(self, seen: bytes, *, counted_before: int) -> None:
        marks = seen.count(self._mark)
        self.marks += marks - counted_before
        self.is_ended = self.is_ended or (marks > 0 and self._mark + b"--" in seen)

    @property
    def parts(self) -> int:
        return self.marks - 1 if self.is_ended else self.marks


class _Handler(TemporaryFileUploadHandler):
    """Django's own, save that a file is hashed as it is written, and in larger pieces, which cost a fifth less."""

    chunk_size = 256 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._digest.update(raw_data)
        super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        file = super().file_complete(file_size)
        setattr(file, _RECEIVED, Received(file_size, self._digest.hexdigest()))
        return file


class _Parser(MultiPartParser):
    """Django's own, save that no name is dropped: what is left of a bad one is refused in words by inspection."""

    def sanitize_file_name(self, file_name: str) -> str:
        return clean_name(file_name)


class NoticingUploadHandler(TemporaryFileUploadHandler):
    """The portal's only upload handler: files go to the disk as they come, and the request keeps how it arrived."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, Any]]:
        counted = _Counted(input_data, boundary)
        handlers = [_Handler(self.request)]
        post, files = _Parser(META, cast(Any, counted), handlers, encoding or settings.DEFAULT_CHARSET).parse()
        read = sum(len(values) for _, values in [*post.lists(), *files.lists()])
        setattr(self.request, _ARRIVAL, (counted.is_ended, max(0, counted.parts - read)))
        return post, cast(MultiValueDict[str, Any], files)


def whole(file: "UploadedFile[bytes]") -> Whole:
    """A file of the form, with its size and hash."""
    return Whole(file, getattr(file, _RECEIVED))


def problem_of(request: HttpRequest) -> str:
    """What to tell the person when something of the form is missing; "" when it arrived whole."""
    _ = request.POST  # parsed now, if it was not before
    is_ended, lost = getattr(request, _ARRIVAL, (True, 0))
    if not is_ended:
        return (
            "The connection broke: the last file did not arrive whole and was not kept. Choose the missing files again."
        )
    if lost:
        which = "One file was" if lost == 1 else f"{lost} files were"
        return (
            f"{which} not kept, because we could not read the name. Rename it with plain letters and choose it again."
        )
    return ""
