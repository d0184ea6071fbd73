"""A request is read as UTF-8 or not at all: Django would obey any character set, before the first middleware."""

import io
from typing import Any

import pytest

from portal.config.wsgi import utf8_only


def _answer(content_type: str | None) -> tuple[str, list[str]]:
    """The status of the answer, and the content types that the portal got to see."""
    seen: list[str] = []
    statuses: list[str] = []

    def portal(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ.get("CONTENT_TYPE", ""))
        start_response("200 OK", [])
        return [b""]

    environ = {"wsgi.input": io.BytesIO()} | ({} if content_type is None else {"CONTENT_TYPE": content_type})
    list(utf8_only(portal)(environ, lambda status, headers: statuses.append(status)))
    return statuses[0], seen


@pytest.mark.parametrize(
    "claim",
    [
        "text/plain; charset=rot13",
        "multipart/form-data; boundary=x; charset=utf-7",
        'multipart/form-data; charset="base64"; boundary=x',
        "text/plain; CHARSET=zlib",
        "text/plain; charset*=utf-8''utf-7",
        "text/plain; charset=undefined",
        "text/plain; charset*=no-such''x",
    ],
)
def test_another_character_set_is_refused_before_anything_is_read(claim: str) -> None:
    assert _answer(claim) == ("400 Bad Request", [])


@pytest.mark.parametrize(
    "claim",
    [
        None,
        "",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
        "text/plain; charset=utf-8",
        'text/plain; charset="UTF-8"',
    ],
)
def test_what_browsers_send_is_read(claim: str | None) -> None:
    assert _answer(claim) == ("200 OK", [claim or ""])
