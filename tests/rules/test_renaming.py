"""Another name for a file that was sent: any, cleaned, with the ending that it was sent with (S83)."""

import pytest

from portal.files.renaming import parts_of, renamed
from portal.lib.errors import RuleBroken

pytestmark = pytest.mark.row("S83")


@pytest.mark.parametrize(
    ("sent", "wanted", "name"),
    [
        ("IMG_0001.jpg", "Kitchen ceiling", "Kitchen ceiling.jpg"),
        ("IMG_0001.jpg", "Kitchen ceiling.jpg", "Kitchen ceiling.jpg"),
        ("SCAN.PDF", "Stage 1 response.pdf", "Stage 1 response.pdf"),
        ("scan.pdf", "Letter v1.2", "Letter v1.2.pdf"),
        ("scan.pdf", "Flat 3. Harbour Terrace", "Flat 3. Harbour Terrace.pdf"),
        ("scan.pdf", "../../etc/passwd", "passwd.pdf"),
        ("scan.pdf", "a\u202egpj", "agpj.pdf"),
        ("scan.pdf", "  much   room  ", "much room.pdf"),
        ("scan.pdf", "x" * 400, "x" * 251 + ".pdf"),
        ("scan.pdf", "🏠" * 100, "🏠" * 62 + ".pdf"),
    ],
)
def test_the_ending_stays_and_the_rest_is_cleaned(sent: str, wanted: str, name: str) -> None:
    assert renamed(sent, wanted) == name


@pytest.mark.parametrize("sent", ["report.docx.pdf", "a.pdf", "Stage 1. Response.pdf", "v1.2.txt"])
def test_what_was_not_changed_stays_as_it_was(sent: str) -> None:
    assert renamed(sent, parts_of(sent)[0]) == renamed(sent, sent) == sent


@pytest.mark.parametrize("wanted", ["log.exe", "log.docx", "log.zip", "page.HTML", "log.odt", "log.docm"])
def test_another_ending_is_refused_and_said(wanted: str) -> None:
    with pytest.raises(RuleBroken, match=r"The new name of scan\.pdf must end in \.pdf"):
        renamed("scan.pdf", wanted)


@pytest.mark.parametrize("wanted", ["", "   ", "...", "\u202e", "/", "\x00"])
def test_a_name_of_which_nothing_is_left_is_asked_for(wanted: str) -> None:
    with pytest.raises(RuleBroken, match=r"Enter a new name for scan\.pdf"):
        renamed("scan.pdf", wanted)
