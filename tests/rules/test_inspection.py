"""Which uploads are taken and which are refused, with which reason, over documents made by real libraries."""

import csv
import hashlib
import io
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.files.inspection import ACCEPTED_EXTENSIONS, ACCEPTED_KINDS, Accepted, Reason, Refused, inspect
from tests.rules import made_documents as made

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"
REASONS = {
    "compressed": Reason.COMPRESSED,
    "needs a password": Reason.NEEDS_PASSWORD,
    "OpenDocument Text": Reason.OPEN_DOCUMENT,
    "empty": Reason.EMPTY,
    "web page": Reason.WEB_PAGE,
    "program text": Reason.PROGRAM,
    "kind not accepted": Reason.KIND_NOT_ACCEPTED,
}


def verdict(name: str, content: bytes) -> Accepted | Refused:
    with tempfile.TemporaryFile() as spool:
        return inspect(name, [content], spool)


def reason(name: str, content: bytes) -> Reason | None:
    answer = verdict(name, content)
    return answer.reason if isinstance(answer, Refused) else None


def samples() -> list[dict[str, str]]:
    listed = SAMPLES / "samples.tsv"
    return list(csv.DictReader(listed.open(encoding="utf-8"), delimiter="\t")) if listed.exists() else []


@pytest.mark.row("S81")
@pytest.mark.row("S82")
@pytest.mark.row("H18")
@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample["file"])
def test_a_real_file_gets_the_verdict_written_beside_it(sample: dict[str, str]) -> None:
    content = (SAMPLES / sample["file"]).read_bytes()
    answer = verdict(sample["file"], content)
    if sample["verdict"] == "accept":
        assert isinstance(answer, Accepted)
        assert (answer.size, answer.sha256) == (int(sample["bytes"]), sample["sha256"])
    elif sample["verdict"] == "refuse":
        assert isinstance(answer, Refused)
        assert answer.reason == REASONS[sample["why"]]


@pytest.mark.row("S82")
@pytest.mark.parametrize("name", made.ACCEPTED)
def test_an_accepted_kind_is_taken_with_its_size_and_hash(name: str) -> None:
    kind, make = made.ACCEPTED[name]
    content = make()
    answer = verdict(name, content)
    assert isinstance(answer, Accepted), answer
    assert (answer.name, answer.kind) == (name, kind)
    assert (answer.size, answer.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert "/" in answer.media_type


def test_every_accepted_kind_and_ending_is_tried() -> None:
    assert {kind for kind, _ in made.ACCEPTED.values()} == set(ACCEPTED_KINDS)
    assert {name.rpartition(".")[2] for name in made.ACCEPTED} == set(ACCEPTED_EXTENSIONS)


@pytest.mark.row("S81")
@pytest.mark.row("H8")
@pytest.mark.parametrize("ending", ["zip", "pdf", "docx", "txt", "png", "7z"])
@pytest.mark.parametrize("packed", made.COMPRESSED)
def test_a_compressed_file_is_refused_whatever_its_name(packed: str, ending: str) -> None:
    assert reason(f"letters.{ending}", made.COMPRESSED[packed]()) == Reason.COMPRESSED


@pytest.mark.row("H8")
@pytest.mark.parametrize("ending", ["exe", "pdf", "doc", "txt"])
@pytest.mark.parametrize("program", made.PROGRAMS)
def test_a_program_is_refused_whatever_its_name(program: str, ending: str) -> None:
    assert reason(f"letter.{ending}", made.PROGRAMS[program]) == Reason.PROGRAM


@pytest.mark.row("H8")
@pytest.mark.row("H9")
@pytest.mark.parametrize("ending", ["html", "svg", "pdf", "txt", "xls", "eml", "jpg"])
@pytest.mark.parametrize("page", made.WEB_PAGES)
def test_a_web_page_is_refused_whatever_its_name(page: str, ending: str) -> None:
    assert reason(f"letter.{ending}", made.WEB_PAGES[page]) == Reason.WEB_PAGE


@pytest.mark.row("S81")
@pytest.mark.parametrize("name", ["letter.odt", "letter.docx", "letter.pdf", "letter.txt", "letter.zip", "letter"])
@pytest.mark.parametrize("make", [made.open_document, made.flat_open_document, lambda: made.open_document()[:90]])
def test_open_document_is_refused_whatever_its_name(name: str, make: Callable[[], bytes]) -> None:
    assert reason(name, make()) == Reason.OPEN_DOCUMENT


@pytest.mark.row("S81")
@pytest.mark.row("H10")
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("survey.pdf", made.locked_pdf),
        ("survey.txt", made.locked_pdf),
        ("reference stream.pdf", lambda: made.with_reference_stream(made.locked_pdf())),
        ("escaped.pdf", lambda: made.locked_pdf().replace(b"/Encrypt ", b"/#45ncrypt ")),
        ("letter.docx", lambda: made.locked(made.docx_())),
        ("log.xlsx", lambda: made.locked(made.xlsx())),
        ("renamed.pdf", lambda: made.locked(made.docx_())),
        ("letter.doc", lambda: made.doc(is_locked=True)),
        ("letter of 1995.doc", lambda: made.doc(is_locked=True, word_95=True)),
        ("log.xls", made.xls_locked),
        ("log of 1995.xls", made.xls_95_locked),
        ("slides.ppt", lambda: made.ppt(is_locked=True)),
    ],
)
def test_a_document_that_needs_a_password_is_refused(name: str, make: Callable[[], bytes]) -> None:
    assert reason(name, make()) == Reason.NEEDS_PASSWORD


def test_a_password_that_opens_without_asking_still_shows_what_is_inside() -> None:
    answer = verdict("log.docx", made.locked(made.xlsx(), "VelvetSweatshop"))
    assert isinstance(answer, Refused)
    assert answer.reason == Reason.DISAGREES
    assert "an Excel workbook" in answer.rule


@pytest.mark.row("H8")
@pytest.mark.parametrize(
    ("name", "content", "because"),
    [
        ("letter", made.TEXT, Reason.KIND_NOT_ACCEPTED),
        (".txt", made.TEXT, Reason.KIND_NOT_ACCEPTED),
        ("", made.TEXT, Reason.KIND_NOT_ACCEPTED),
        ("survey.pdf.exe", made.TEXT, Reason.PROGRAM),
        ("survey.pdf .EXE. ", made.TEXT, Reason.PROGRAM),
        ("survey.pdf\u202e.js", made.TEXT, Reason.PROGRAM),
        ("survey.exe.txt", made.TEXT, None),
        ("NOTE.TXT", made.TEXT, None),
        ("note.txt. .", made.TEXT, None),
        ("note.tXt\u200b", made.TEXT, None),
        ("note.bat", made.TEXT, Reason.PROGRAM),
        ("note.zip", made.TEXT, Reason.COMPRESSED),
        ("note.fodt", made.TEXT, Reason.OPEN_DOCUMENT),
        ("note.svg", made.TEXT, Reason.WEB_PAGE),
        ("page.mht", made.eml(), Reason.WEB_PAGE),
        ("letter.docm", made.docm(), Reason.KIND_NOT_ACCEPTED),
        ("log.xlsm", made.xlsm(), Reason.KIND_NOT_ACCEPTED),
        ("letter.docx", made.docm(), Reason.DISAGREES),
        ("log.xlsx", made.xlsm(), Reason.DISAGREES),
        ("source in words.txt", b"import os\nprint(1)\n", None),
        ("MZ Builders.txt", b"MZ Builders Ltd\nThe roof\n", None),
        ("telephones.csv", b"07070112345,Amina\n", None),
        ("tab.txt", b"\tis free on Tuesday", None),
        ("xml.txt", b'<?xml version="1.0"?><repairs/>', None),
        ("controls.txt", bytes(range(1, 32)) * 9, Reason.DAMAGED),
        ("nul.txt", b"The roof\x00", Reason.DAMAGED),
        ("not really UTF-16.txt", b"\xff\xfe\x00\xd8\x00\xd8", Reason.DAMAGED),
    ],
)
def test_the_last_ending_and_the_content_decide_together(name: str, content: bytes, because: Reason | None) -> None:
    assert reason(name, content) == because


@pytest.mark.row("S81")
@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("letter.pdf", made.docx_, ("a PDF (.pdf)", "a Word document")),
        ("letter.docx", made.pdf, ("a Word document (.docx)", "a PDF")),
        ("letter.docx", made.xlsx, ("a Word document (.docx)", "an Excel workbook")),
        ("log.xlsx", made.pptx, ("an Excel workbook (.xlsx)", "a PowerPoint presentation")),
        ("mail.msg", made.doc, ("an Outlook message (.msg)", "a Word 97-2003 document")),
        ("letter.doc", made.msg, ("a Word 97-2003 document (.doc)", "an Outlook message")),
        ("letter.doc", made.docx_, ("a Word 97-2003 document (.doc)", "a Word document")),
        ("letter.doc", lambda: made.RTF, ("a Word 97-2003 document (.doc)", "a rich text document")),
        ("photo.jpeg", lambda: made.picture("PNG"), ("a JPEG picture (.jpeg)", "a PNG picture")),
        ("photo.jpg", made.heic, ("a JPEG picture (.jpg)", "an HEIC picture")),
        ("photo.heic", lambda: made.picture("AVIF"), ("an HEIC picture", "an AVIF picture")),
        ("photo.png", lambda: made.picture("WEBP"), ("a PNG picture", "a WebP picture")),
        ("survey.pdf", lambda: made.TEXT, ("a PDF (.pdf)", "plain text")),
        ("mail.eml", lambda: made.TEXT, ("an e-mail (.eml)", "plain text")),
        ("call.mp3", made.wav, ("an MP3 recording (.mp3)", "a WAV recording")),
        ("visit.mp4", lambda: made.mp4(b"qt  "), ("an MP4 video (.mp4)", "a QuickTime video")),
        ("log.xls", lambda: made.compound({"Quill": b"x"}), ("an Excel 97-2003 workbook", "another Microsoft program")),
        ("book.docx", lambda: made.zipped(("mimetype", "application/epub+zip")), ("a Word", "an electronic book")),
        ("letter.docx", lambda: made.zipped(("Index/Document.iwa", "x")), ("a Word document", "an Apple Pages")),
    ],
)
def test_a_name_and_content_that_disagree_are_refused_with_both_in_words(
    name: str, make: Callable[[], bytes], words: tuple[str, str]
) -> None:
    answer = verdict(name, make())
    assert isinstance(answer, Refused)
    assert answer.reason == Reason.DISAGREES
    assert all(part in answer.rule for part in words)


def test_a_wrong_ending_alone_is_answered_with_the_right_one() -> None:
    answer = verdict("letter.pdf", made.docx_())
    assert isinstance(answer, Refused)
    assert answer.remedy == "If it is a Word document, rename it so that its name ends in .docx."
    assert ".jpg" in _remedy("photo.jfif", made.picture("JPEG"))
    assert ".pdf" in _remedy("survey", made.pdf())


def _remedy(name: str, content: bytes) -> str:
    answer = verdict(name, content)
    assert isinstance(answer, Refused)
    return answer.remedy


@pytest.mark.row("S81")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("survey.pdf", made.pdf()[:300]),
        ("survey.pdf", b"%PDF-1.7\n"),
        ("survey.pdf", b"\r\n" + made.picture("PNG")),
        (
            "locked.pdf",
            made.locked_pdf().replace(b"/Filter /Standard", b"/Filter /Nothing!")[:-400] + b"/Encrypt trailer",
        ),
        ("letter.docx", made.docx_()[:-500]),
        ("log.xlsx", made.xlsx()[:200]),
        ("letter.doc", made.doc()[:700]),
        ("letter.doc", made.doc()[:8]),
        ("letter.doc", made.doc()[:512] + bytes(9000)),
        ("photo.jpg", b"\x00" * 100),
        (
            "two kinds.docx",
            made.with_members(made.package("x.wordprocessingml.document.main+xml", "a"), ("b", "b"))[:-9],
        ),
    ],
)
def test_a_damaged_document_is_refused_in_words(name: str, content: bytes) -> None:
    assert reason(name, content) == Reason.DAMAGED


@pytest.mark.row("H10")
def test_a_file_hidden_in_a_pdf_is_named_in_the_refusal() -> None:
    archive = made.zipped(("a.txt", "a"))
    for content in (made.pdf() + archive, made.pdf() + archive + b"\n", made.pdf() + made.COMPRESSED["7z"]()):
        answer = verdict("survey.pdf", content)
        assert isinstance(answer, Refused)
        assert (answer.reason, answer.rule) == (Reason.COMPRESSED, "A compressed file is hidden in it.")
    assert reason("survey.pdf", made.pdf() + b"<script>alert(1)</script>") == Reason.WEB_PAGE
    assert reason("survey.pdf", b"%PDF-1.7\n<html>\n" + made.pdf()) == Reason.WEB_PAGE
    assert reason("survey.pdf", b"<html>" + made.pdf()) == Reason.WEB_PAGE
    assert reason("survey.pdf", b"\n" + made.pdf()) is not None


@pytest.mark.row("H10")
def test_an_archive_whose_comment_holds_the_rest_of_a_pdf_is_found() -> None:
    archive, plain = made.zipped(("a.txt", "a")), made.pdf()
    both = plain[:20] + archive[:-2] + struct.pack("<H", len(plain)) + plain
    assert reason("survey.pdf", both) == Reason.COMPRESSED


@pytest.mark.row("H10")
@pytest.mark.parametrize("name", ["photo.jpg", "call.wav", "letter.rtf", "visit.mp4"])
def test_an_archive_behind_a_picture_or_recording_is_found(name: str) -> None:
    _, make = made.ACCEPTED[name]
    assert reason(name, make() + made.zipped(("a.txt", "a"))) == Reason.COMPRESSED


@pytest.mark.row("H10")
@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF"])
@pytest.mark.parametrize(
    "hidden", [b"<script>alert(1)</script>", b"<?php system($_GET[0]); ?>", b"<!DOCTYPE html><p>", b"\n<IFRAME src=x>"]
)
def test_a_web_page_or_script_in_a_picture_is_named_in_the_refusal(form: str, hidden: bytes) -> None:
    name = {"JPEG": "photo.jpg", "PNG": "photo.png", "GIF": "photo.gif"}[form]
    for content in (made.picture(form) + hidden, made.picture(form) + bytes(65_530) + hidden):
        answer = verdict(name, content)
        assert isinstance(answer, Refused)
        assert (answer.reason, answer.rule) == (Reason.WEB_PAGE, "A web page or a script is hidden in the picture.")


def test_what_telephones_put_behind_a_picture_is_taken() -> None:
    photo, film = made.picture("JPEG"), made.ACCEPTED["visit.mp4"][1]()
    notes = b'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF/></x:xmpmeta><?xpacket end="w"?>'
    for behind in (
        film,
        photo,
        photo + notes + film,
        bytes(4096),
        b"SEFH" + bytes(40) + b"SEFT",
        bytes(range(256)) * 99,
    ):
        assert reason("photo.jpg", photo + behind) is None


@pytest.mark.row("H10")
def test_what_a_document_carries_inside_is_not_opened() -> None:
    """As with an archive attached to an e-mail: the virus scanner looks there, the rules for uploads do not."""
    inside = made.locked(made.docx_())
    assert reason("letter.docx", made.with_members(made.docx_(), ("word/embeddings/a.bin", inside))) is None
    packed = made.zipped(("a.txt", "a"))
    assert reason("letter.docx", made.with_members(made.docx_(), ("word/embeddings/a.zip", packed))) is None


@pytest.mark.row("H10")
def test_a_zip_bomb_in_an_office_document_is_refused_without_unpacking_it() -> None:
    bomb = made.with_members(made.docx_(), ("word/media/a.bin", bytes(60_000_000)))
    assert reason("letter.docx", bomb) == Reason.UNPACKS_TOO_LARGE
    repetitive = made.with_members(made.xlsx(), ("xl/worksheets/sheet9.xml", b"<c><v>0</v></c>" * 400_000))
    assert reason("log.xlsx", repetitive) is None


@pytest.mark.row("H10")
def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    honest = made.with_members(made.docx_(), ("word/a.bin", bytes(20_000_000)))
    lying = honest.replace(struct.pack("<I", 20_000_000), struct.pack("<I", 5))
    assert lying != honest
    assert reason("letter.docx", lying) == Reason.UNPACKS_TOO_LARGE


@pytest.mark.row("H10")
def test_the_list_of_an_office_document_is_never_read_past_its_cap() -> None:
    types = "[Content_Types].xml"
    huge = made.zipped((types, b" " * 9_000_000 + b"wordprocessingml.document.main+xml"), ("word/document.xml", "x"))
    assert reason("letter.docx", huge) == Reason.COMPRESSED


def test_a_directory_of_very_many_parts_is_refused() -> None:
    crowded = made.docx_() + b"PK\x01\x02" * 20_001
    assert reason("letter.docx", crowded) == Reason.UNPACKS_TOO_LARGE


@pytest.mark.row("S82")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.doc", made.doc(macros=True)),
        ("log.xls", made.xls(macros=True)),
        ("letter.docx", made.with_members(made.docx_(), ("word/vbaProject.bin", b"macro"))),
        ("log.xlsx", made.with_members(made.xlsx(), ("xl/macrosheets/sheet1.xml", b"<x/>"))),
    ],
)
def test_macros_inside_an_accepted_kind_are_taken_and_flagged(name: str, content: bytes) -> None:
    answer = verdict(name, content)
    assert isinstance(answer, Accepted)
    assert answer.has_macros


@pytest.mark.parametrize("name", ["letter.doc", "log.xls", "letter.docx", "survey.pdf"])
def test_a_document_without_macros_is_not_flagged(name: str) -> None:
    answer = verdict(name, made.ACCEPTED[name][1]())
    assert isinstance(answer, Accepted)
    assert not answer.has_macros


def test_an_empty_file_is_refused() -> None:
    assert reason("letter.pdf", b"") == Reason.EMPTY


def test_a_spool_without_a_descriptor_serves_as_well() -> None:
    for name in ("letter.doc", "owner password only.pdf", "letter.docx", "survey.pdf"):
        assert isinstance(inspect(name, [made.ACCEPTED[name][1]()], io.BytesIO()), Accepted)


def test_every_refusal_says_the_rule_and_the_remedy_in_one_sentence_each() -> None:
    refusals = [verdict("a.zip", b"a"), verdict("a", b"a"), verdict("a.exe", b"a"), verdict("a.pdf", made.docx_())]
    refusals += [verdict("a.docm", b"a"), verdict("a.pdf", b"\x00"), verdict("a.svg", b"a"), verdict("a.txt", b"")]
    refusals += [verdict("a.odt", b"a"), verdict("a.pdf", made.pdf()[:300]), verdict("a.pdf", made.locked_pdf())]
    for refusal in refusals:
        assert isinstance(refusal, Refused)
        for sentence in (refusal.rule, refusal.remedy):
            assert sentence[0].isupper()
            assert sentence.endswith(".")
            assert sentence.count(". ") == 0


def test_inspection_needs_no_django() -> None:
    """It runs in a child process for every old Office document: half a second of imports would be felt."""
    alone = "import sys, portal.files.inspection.parsers; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", alone], cwd=ROOT, check=False).returncode == 0
