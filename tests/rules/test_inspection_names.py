"""The name a document is shown under: nothing in it may mislead, hide its ending or lead out of a folder."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files.names import LIMIT_NAME_BYTES, clean_name, extension_of


@pytest.mark.row("H7")
@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Damp survey.pdf", "Damp survey.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\survey.pdf", "survey.pdf"),
        ("/etc/survey.pdf", "survey.pdf"),
        ("C:\\Users\\Amina\\survey.pdf", "survey.pdf"),
        ("folder/", "folder"),
        ("survey.pdf\x00.exe", "survey.pdf.exe"),
        ("sur\x00vey.pdf", "survey.pdf"),
        ("survey\r\nX-Header: 1.pdf", "survey X-Header: 1.pdf"),
        ("survey\u202efdp.exe", "surveyfdp.exe"),
        ("\u2066survey\u2069.pdf", "survey.pdf"),
        ("sur\u200bvey\ufeff.pdf", "survey.pdf"),
        ("survey.p\u200bdf", "survey.pdf"),
        ("survey.pdf\u3164\u2800", "survey.pdf"),
        (".htaccess", "htaccess"),
        ("...hidden.pdf", "hidden.pdf"),
        ("survey.pdf.", "survey.pdf"),
        ("survey.pdf . .", "survey.pdf"),
        ("survey.pdf\u00a0", "survey.pdf"),
        ("survey      .exe", "survey .exe"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("cafe\u200d\u0301.pdf", "café.pdf"),
        ("bad \udce9 bytes.pdf", "bad bytes.pdf"),
        ("", "document"),
        ("..", "document"),
        ("../", "document"),
        ("\u200b \u202e.", "document"),
        ("报告 🏠.pdf", "报告 🏠.pdf"),
    ],
)
def test_a_name_is_shown_without_what_misleads(raw: str, clean: str) -> None:
    assert clean_name(raw) == clean


@pytest.mark.row("H7")
@pytest.mark.parametrize("character", ["a", "é", "报", "🏠"])
def test_a_long_name_keeps_its_ending_and_whole_characters(character: str) -> None:
    name = clean_name(character * 300 + ".docx")
    assert name.endswith(character + ".docx")
    assert LIMIT_NAME_BYTES - 4 < len(name.encode()) <= LIMIT_NAME_BYTES
    assert set(name.removesuffix(".docx")) == {character}


def test_a_long_name_without_a_real_ending_is_cut_all_the_same() -> None:
    assert clean_name("b." + "a" * 400) == "b." + "a" * 253
    assert clean_name("a" * 254 + " " + "b" * 9) == "a" * 254


@given(st.text() | st.text(alphabet="a./\\ \u202e\u0301\u00a0é🏠"))
@pytest.mark.row("H7")
def test_every_name_comes_out_safe_and_cleaning_it_again_changes_nothing(raw: str) -> None:
    name = clean_name(raw)
    assert name
    assert name == clean_name(name)
    assert len(name.encode()) <= LIMIT_NAME_BYTES
    assert not set("/\\\x00\r\n\u202e") & set(name)
    assert name == name.strip(". ")
    assert unicodedata.is_normalized("NFC", name)


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("a.pdf", "pdf"),
        ("a.PDF", "pdf"),
        ("a.pdf.exe", "exe"),
        ("a", ""),
        ("pdf", ""),
        (".pdf", ""),
        ("a. pdf", " pdf"),
    ],
)
def test_the_ending_is_what_follows_the_last_dot(name: str, extension: str) -> None:
    assert extension_of(name) == extension
