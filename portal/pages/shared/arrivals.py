"""Notices when a sent form did not arrive whole. Django's parser drops a file without a word when its name cannot be
read or when the connection broke off; a page must then say so, and never “uploaded”."""

from typing import Any, cast

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

from portal.files.names import clean_name

_ARRIVAL = "portal_arrival"


class _Counted:
    """The body as it passes to the parser: how many parts it announces, and whether it came to its end."""

    def __init__(self, source: Any, boundary: bytes) -> None:
        self._source, self._mark, self._tail = source, b"--" + boundary, b""
        self.marks, self.is_ended = 0, False

    def read(self, size: int | None = None) -> bytes:
        data = cast(bytes, self._source.read(size))
        seen = self._tail + data
        # what is kept is shorter than a mark with its two dashes, so that a mark on the seam is counted once
        self.marks += seen.count(self._mark) - self._tail.count(self._mark)
        self.is_ended = self.is_ended or self._mark + b"--" in seen
        self._tail = seen[-(len(self._mark) + 1) :]
        return data

    @property
    def parts(self) -> int:
        return self.marks - 1 if self.is_ended else self.marks


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
        handlers = [TemporaryFileUploadHandler(self.request)]
        post, files = _Parser(META, cast(Any, counted), handlers, encoding or settings.DEFAULT_CHARSET).parse()
        read = sum(len(values) for _, values in [*post.lists(), *files.lists()])
        setattr(self.request, _ARRIVAL, (counted.is_ended, max(0, counted.parts - read)))
        return post, cast(MultiValueDict[str, Any], files)


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
