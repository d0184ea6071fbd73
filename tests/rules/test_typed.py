"""What people type is kept as they meant it, without what cannot be seen or misleads the eye."""

import pytest

from portal.lib.typed import one_line, tidied


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\0b\x1b[31m", "ab[31m"),
        ("ok \u202e gpj.exe \u2066\u200b", "ok  gpj.exe"),
        ("\ufeff Siân Wŷn ", "Siân Wŷn"),
        ("👨\u200d👩\u200d👧 🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", None),
        ("نمی\u200cخواهم", None),
    ],
)
def test_what_was_typed_is_kept_without_what_misleads(typed: str, kept: str | None) -> None:
    assert tidied(typed) == (typed if kept is None else kept)


def test_one_line_holds_no_line_break() -> None:
    assert one_line("Evil Org\r\nBcc: x@evil.example") == "Evil Org Bcc: x@evil.example"
