"""Documents on a case: submitted once, opened through the case by who may see them, listed on the receipt."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pypdf
import pytest
import typst
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.audit.models import AuditRow
from portal.cases import actions as cases
from portal.cases.models import Case, DiaryEntry
from portal.cases.statuses import Status
from portal.content import words as content
from portal.documents import actions as documents
from portal.documents.models import Document, Submission, Visibility
from portal.documents.receipt import Receipt, ReceiptFile, receipt_of
from portal.documents.receipt_pdf import receipt_pdf
from portal.files import actions as files
from portal.files import storage
from portal.files.models import ScanState, StoredFile, Upload
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.pages.shared.lists.documents import document_sorting, labels_now
from tests import cast as the_cast
from tests.cast import Cast
from tests.rules import made_documents as made


def _send(cast: Cast, *names: str, by: str = "amina", case: Case | None = None) -> list[Upload]:
    """Text files that wait on the case; each holds its own name."""
    actor, case = cast.actors[by], case or cast.case
    return [documents.receive_document(case, name, [f"About {name}".encode()], by=actor) for name in names]


def _submit(cast: Cast, *names: str) -> Submission:
    uploads = _send(cast, *names)
    return documents.submit_documents(cast.case, categories={upload.pk: "repairs" for upload in uploads}, by=cast.amina)


@pytest.mark.row("S77")
@pytest.mark.row("S78")
def test_submitting_makes_documents_with_one_diary_entry_for_the_batch(cast: Cast) -> None:
    uploads = _send(cast, "log.txt", "letter.txt")
    submission = documents.submit_documents(
        cast.case, categories={uploads[0].pk: "repairs", uploads[1].pk: "stage-1"}, by=cast.amina
    )
    made_ones = list(Document.objects.filter(submission=submission).order_by("id"))
    assert [(document.name, document.category) for document in made_ones] == [
        ("log.txt", "repairs"),
        ("letter.txt", "stage-1"),
    ]
    assert [document.received_at for document in made_ones] == [upload.received_at for upload in uploads]
    assert {document.person_name for document in made_ones} == {"Amina Yusuf"}
    (entry,) = DiaryEntry.objects.filter(kind="documents uploaded")
    assert entry.details == {"submission": submission.pk, "count": 2}
    assert not Upload.objects.exists()


@pytest.mark.row("S75")
def test_submitting_without_a_category_is_refused_and_nothing_is_lost(cast: Cast) -> None:
    (upload,) = _send(cast, "log.txt")
    for category in ("", "nonsense"):
        with pytest.raises(RuleBroken, match=r"Choose a category for log\.txt") as refusal:
            documents.submit_documents(cast.case, categories={upload.pk: category}, by=cast.amina)
        assert refusal.value.field == f"category-{upload.pk}"
    assert list(documents.waiting_documents(cast.case, by=cast.amina)) == [upload]
    assert not Document.objects.exists()


def test_submitting_the_same_files_twice_makes_one_submission(cast: Cast) -> None:
    categories = {upload.pk: "repairs" for upload in _send(cast, "a.txt", "b.txt")}
    first = documents.submit_documents(cast.case, categories=categories, by=cast.amina)
    assert documents.submit_documents(cast.case, categories=categories, by=cast.amina) == first
    assert Submission.objects.count() == 1
    assert DiaryEntry.objects.filter(kind="documents uploaded").count() == 1
    with pytest.raises(RuleBroken, match="no longer waiting"):
        documents.submit_documents(cast.case, categories=categories, by=cast.ben)


@pytest.mark.django_db(transaction=True)
def test_upload_documents_pressed_four_times_at_once_makes_one_submission() -> None:
    cast = the_cast.build()
    categories = {upload.pk: "repairs" for upload in _send(cast, "a.txt", "b.txt")}

    def press(_: int) -> int:
        try:
            return documents.submit_documents(cast.case, categories=categories, by=cast.amina).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(press, range(4)))
    assert answers == {Submission.objects.get().pk}
    assert Document.objects.count() == 2


def test_a_part_of_a_batch_that_was_taken_is_not_taken_for_the_whole(cast: Cast) -> None:
    first, second = _send(cast, "a.txt", "b.txt")
    documents.submit_documents(cast.case, categories={first.pk: "repairs"}, by=cast.amina)
    with pytest.raises(RuleBroken, match="no longer waiting"):
        documents.submit_documents(cast.case, categories={first.pk: "repairs", second.pk: "rent"}, by=cast.amina)
    assert list(documents.waiting_documents(cast.case, by=cast.amina)) == [second]


def test_submitting_nothing_asks_for_a_file(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Choose at least one file"):
        documents.submit_documents(cast.case, categories={}, by=cast.amina)


def test_refusals_are_forgotten_once_what_stood_beside_them_is_submitted(cast: Cast) -> None:
    (kept,) = _send(cast, "a.txt")
    documents.receive_document(cast.case, "b.zip", [made.zipped(("a", "a"))], by=cast.amina)
    documents.submit_documents(cast.case, categories={kept.pk: "repairs"}, by=cast.amina)
    assert not documents.waiting_documents(cast.case, by=cast.amina).exists()


@pytest.mark.row("H19")
@pytest.mark.row("H44")
def test_nobody_submits_an_upload_of_somebody_else_or_of_another_case(cast: Cast) -> None:
    (amina,) = _send(cast, "a.txt")
    (carys,) = _send(cast, "c.txt", by="carys", case=cast.birch_case)
    for upload, who in ((amina, cast.ben), (carys, cast.amina)):
        with pytest.raises(RuleBroken, match="no longer waiting"):
            documents.submit_documents(cast.case, categories={upload.pk: "repairs"}, by=who)
    with pytest.raises(NotAllowed):
        documents.submit_documents(cast.case, categories={carys.pk: "repairs"}, by=cast.carys)
    assert not Document.objects.exists()


def test_a_closed_case_takes_no_files(cast: Cast) -> None:
    (upload,) = _send(cast, "a.txt")
    cases.move_case(cast.case, to=Status.CLOSED, reason="Ended.", by=cast.dev)
    closed = documents.find_case(cast.case.reference, by=cast.amina)
    with pytest.raises(RuleBroken, match="This case is closed"):
        documents.receive_document(closed, "b.txt", [b"Too late"], by=cast.amina)
    with pytest.raises(RuleBroken, match="This case is closed"):
        documents.submit_documents(cast.case, categories={upload.pk: "repairs"}, by=cast.amina)


def test_a_batch_that_was_submitted_before_the_case_closed_keeps_its_answer(cast: Cast) -> None:
    categories = {upload.pk: "repairs" for upload in _send(cast, "a.txt")}
    first = documents.submit_documents(cast.case, categories=categories, by=cast.amina)
    cases.move_case(cast.case, to=Status.CLOSED, reason="Ended.", by=cast.dev)
    assert documents.submit_documents(cast.case, categories=categories, by=cast.amina) == first


def test_staff_do_not_use_the_landlords_upload(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        documents.receive_document(cast.case, "a.txt", [b"Words"], by=cast.dev)


@pytest.mark.row("S79")
def test_submitting_many_files_takes_as_many_statements_as_a_few(cast: Cast) -> None:
    content.categories()  # editable words are read once in half a minute
    counts = []
    for number in (2, 60):
        uploads = _send(cast, *(f"{number}-{place}.txt" for place in range(number)))
        categories = {upload.pk: "repairs" for upload in uploads}
        with CaptureQueriesContext(connection) as asked:
            documents.submit_documents(cast.case, categories=categories, by=cast.amina)
        counts.append(len(asked))
    assert counts[1] - counts[0] <= 1  # SQLite takes some fifty rows in one INSERT


@pytest.mark.row("H40")
@pytest.mark.row("H45")
def test_a_document_opens_only_through_its_own_case_for_who_may_see_it(cast: Cast) -> None:
    both = documents.share_document(
        cast.case, name="a.txt", content=b"For both", category="other", visibility=Visibility.BOTH, by=cast.dev
    )
    internal = documents.share_document(
        cast.case, name="i.txt", content=b"Internal", category="other", visibility=Visibility.STAFF, by=cast.dev
    )
    unreleased = documents.share_document(
        cast.hidden, name="h.txt", content=b"Hidden", category="other", visibility=Visibility.BOTH, by=cast.dev
    )
    places = {both: cast.case, internal: cast.case, unreleased: cast.hidden}
    opened = {"amina": {both}, "ben": {both}, "carys": set(), "dev": set(places), "hana": set(places), "gwen": set()}
    for name, allowed in opened.items():
        for document, case in places.items():
            assert _opens(document, case.reference, cast, name) is (document in allowed), (name, document)
        for other in (cast.birch_case, cast.hidden):
            assert not _opens(both, other.reference, cast, name)


def _opens(document: Document, reference: str, cast: Cast, name: str) -> bool:
    try:
        found, content = documents.open_document(reference, document.pk, by=cast.actors[name])
    except Document.DoesNotExist:
        return False
    with content:
        return found == document


def test_each_opening_is_in_the_audit_trail_with_who_and_which(cast: Cast) -> None:
    document = _submit(cast, "a.txt").documents.get()
    for actor in (cast.amina, cast.dev, cast.dev):
        documents.open_document(cast.case.reference, document.pk, by=actor)[1].close()
    rows = AuditRow.objects.filter(verb="document opened", record_id=str(document.pk)).order_by("id")
    assert [(row.actor_name, row.case_reference) for row in rows] == [
        ("Amina Yusuf", "202601234"),
        ("Dev Patel", "202601234"),
        ("Dev Patel", "202601234"),
    ]
    document.refresh_from_db()
    assert document.opened_by_service_at is not None


@pytest.mark.row("B12")
def test_an_auditors_look_takes_nobodys_right_to_correct_away(cast: Cast) -> None:
    document = _submit(cast, "a.txt").documents.get()
    documents.open_document(cast.case.reference, document.pk, by=cast.hana)[1].close()
    document.refresh_from_db()
    assert document.opened_by_service_at is None
    assert AuditRow.objects.filter(verb="document opened", record_id=str(document.pk)).count() == 1


def test_an_infected_or_unreadable_file_is_refused_in_words_and_not_recorded_as_opened(cast: Cast) -> None:
    document = _submit(cast, "a.txt").documents.get()
    StoredFile.objects.filter(pk=document.stored_id).update(scan_state=ScanState.INFECTED)
    with pytest.raises(RuleBroken, match="viruses"):
        documents.open_document(cast.case.reference, document.pk, by=cast.amina)
    StoredFile.objects.filter(pk=document.stored_id).update(scan_state=ScanState.NOT_SCANNED)
    storage.documents().delete(document.stored.key)
    with pytest.raises(RuleBroken, match="cannot reach this file"):
        documents.open_document(cast.case.reference, document.pk, by=cast.amina)
    assert not AuditRow.objects.filter(verb="document opened").exists()


def test_documents_sort_by_date_by_name_without_case_and_by_category_as_read(cast: Cast) -> None:
    start = datetime(2026, 11, 2, 9, tzinfo=UTC)
    for place, (name, category) in enumerate([("b.txt", "rent"), ("A.txt", "compliance"), ("c.txt", "correspondence")]):
        with clock.moved_to(start + timedelta(hours=place)):
            (upload,) = _send(cast, name)
            documents.submit_documents(cast.case, categories={upload.pk: category}, by=cast.amina)
    found = Document.objects.visible_to(cast.amina).on_case(cast.case.pk)
    sorting = document_sorting(labels_now())
    names = {
        sort: [document.name for document in sorting.applied(found, sort)]
        for sort in ("", "received", "name", "-name", "category")
    }
    assert names[""] == [document.name for document in found.newest_first()] == ["c.txt", "A.txt", "b.txt"]
    assert names["received"] == ["b.txt", "A.txt", "c.txt"]
    assert names["-name"] == ["c.txt", "b.txt", "A.txt"]
    assert names["name"] == ["A.txt", "b.txt", "c.txt"]
    assert names["category"] == [
        "c.txt",
        "A.txt",
        "b.txt",
    ]  # Complaint correspondence, Proof of compliance, Rent account


@pytest.mark.row("B3")
@pytest.mark.row("D16")
def test_the_receipt_tells_every_file_to_the_second_and_the_byte(cast: Cast) -> None:
    with clock.moved_to(datetime(2026, 7, 1, 22, 59, 7, tzinfo=UTC)):
        uploads = _send(cast, "b.txt", "a.txt")
    with clock.moved_to(datetime(2026, 7, 1, 23, 0, 1, tzinfo=UTC)):
        submission = documents.submit_documents(
            cast.case, categories={upload.pk: "rent" for upload in uploads}, by=cast.amina
        )
    receipt = receipt_of(documents.open_receipt(cast.case, submission.pk, by=cast.amina))
    assert (receipt.reference, receipt.person, receipt.organisation) == ("202601234", "Amina Yusuf", "Alder Homes")
    assert receipt.submitted == "2 July 2026 at 00:00:01"
    assert [file.name for file in receipt.files] == ["b.txt", "a.txt"]
    assert receipt.files[0].received == "1 July 2026 at 23:59:07"
    assert receipt.files[0].size_bytes == len("About b.txt")
    assert receipt.files[0].category == "Rent account"
    assert len(receipt.files[0].sha256) == 64


@pytest.mark.row("H45")
def test_a_receipt_is_read_through_its_case_by_both_sides_of_it(cast: Cast) -> None:
    submission = _submit(cast, "a.txt")
    assert documents.open_receipt(cast.case, submission.pk, by=cast.ben) == submission
    assert documents.open_receipt(cast.case, submission.pk, by=cast.dev) == submission
    for case, actor in (
        (cast.case, cast.carys),
        (cast.birch_case, cast.carys),
        (cast.birch_case, cast.dev),
        (cast.case, cast.gwen),
    ):
        with pytest.raises(Submission.DoesNotExist):
            documents.open_receipt(case, submission.pk, by=actor)


def _receipt(*names: str) -> Receipt:
    moment = "23 November 2026 at 16:21:07"
    listed = tuple(ReceiptFile(name, "Repair log", 20_971_520, "ab" * 32, moment) for name in names)
    return Receipt("202601234", 7, "Amina Yusuf", "Alder Homes", moment, listed)


def _text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


@pytest.mark.row("B3")
def test_the_pdf_of_a_receipt_is_tagged_and_says_the_same(cast: Cast) -> None:
    made_pdf = receipt_pdf(_receipt("Stage 1 response.pdf"))
    reader = pypdf.PdfReader(BytesIO(made_pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == "Receipt for 1 document, case 202601234"
    assert b"pdfuaid" in made_pdf
    shown = _text(made_pdf)
    for words in (
        "Stage 1 response.pdf",
        "20,971,520 bytes",
        "ab" * 32,
        "23 November 2026 at 16:21:07",
        "Amina Yusuf, Alder Homes",
        settings.ORGANISATION_NAME,
    ):
        assert words in shown


@pytest.mark.row("B3")
@pytest.mark.row("D16")
def test_the_receipt_names_what_was_refused_and_when(cast: Cast) -> None:
    with clock.moved_to(datetime(2026, 7, 1, 22, 59, 7, tzinfo=UTC)):
        documents.receive_document(cast.case, "log.zip", [made.zipped(("a.txt", "a"))], by=cast.amina)
        documents.receive_document(cast.case, "survey.pdf", None, by=cast.amina)
        (upload,) = _send(cast, "a.txt")
        submission = documents.submit_documents(cast.case, categories={upload.pk: "rent"}, by=cast.amina)
    receipt = receipt_of(documents.open_receipt(cast.case, submission.pk, by=cast.dev))
    assert [file.name for file in receipt.files] == ["a.txt"]
    assert [(file.name, file.why, file.received) for file in receipt.refused] == [
        ("log.zip", "It is a compressed file.", "1 July 2026 at 23:59:07"),
        ("survey.pdf", "It is larger than 20 MB.", "1 July 2026 at 23:59:07"),
    ]
    made_pdf = receipt_pdf(receipt)
    assert b"pdfuaid" in made_pdf
    shown = _text(made_pdf)
    assert "Receipt for 1 document" in shown
    assert "Not uploaded: 2 files, named at the end" in shown
    assert shown.rindex("Not uploaded") < shown.index("log.zip") < shown.index("It is a compressed file.")
    assert "survey.pdf" in shown
    assert "Not uploaded" not in _text(receipt_pdf(_receipt("a.txt")))


@pytest.mark.parametrize(
    "name",
    [
        "维修记录.pdf",
        "🏠🔥.jpg",
        "سجل الإصلاح.pdf",
        "a\x00b\x1b\x7f.pdf",
        "\ud800.pdf",
        "x" * 250 + ".pdf",
        "\u202efdp.exe",
        "",
    ],
)
def test_no_name_makes_a_receipt_fail(name: str) -> None:
    assert receipt_pdf(_receipt(name, "sound.pdf")).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["🏠🔥 Kitchen 👩‍🔧.jpg", "Adroddiad Tŷ Gwyn – ŵŷâêîôû.pdf", "⚠️ urgent ✅.pdf"])
def test_emoji_and_welsh_letters_are_drawn_on_the_receipt_and_can_be_copied_from_it(name: str) -> None:
    made_pdf = receipt_pdf(_receipt(name))
    assert b"pdfuaid" in made_pdf
    assert name.replace("\u200d", "").replace("\ufe0f", "") in _text(made_pdf)


def test_a_letter_that_no_font_draws_stands_as_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.documents.typeset._fonts", lambda: typst.Fonts(include_system_fonts=False))
    made_pdf = receipt_pdf(_receipt("维🔥1️⃣.pdf"))
    assert b"pdfuaid" in made_pdf
    shown = " ".join(_text(made_pdf).split())
    assert "[CJK UNIFIED IDEOGRAPH-7EF4][FIRE]1[COMBINING ENCLOSING KEYCAP].pdf" in shown


def test_a_name_on_the_receipt_is_never_markup() -> None:
    name = '#read("/etc/passwd") $x$ *b* _i_ `c` @ref <label> // = .pdf'
    assert '#read("/etc/passwd") $x$ *b* _i_ `c` @ref <label> // = .pdf' in _text(receipt_pdf(_receipt(name))).replace(
        "\n", " "
    )


def test_a_receipt_for_three_hundred_files_is_made_too() -> None:
    made_pdf = receipt_pdf(_receipt(*(f"File {number}.pdf" for number in range(300))))
    assert "File 299.pdf" in _text(made_pdf)


def test_staff_files_are_held_to_the_same_rules(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match=r"a\.zip: It is a compressed file"):
        documents.share_document(
            cast.case,
            name="a.zip",
            content=made.zipped(("a", "a")),
            category="other",
            visibility=Visibility.BOTH,
            by=cast.dev,
        )
    assert not files.waiting(target=documents.target_of(cast.case), by=cast.dev).exists()
