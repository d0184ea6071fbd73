"""The Documents tab as a browser sees it: sending, refusals, categories, the receipt, with and without a script."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.cases import actions as cases
from portal.cases.statuses import Status
from portal.documents import actions as documents
from portal.documents.models import Document, Submission, Visibility
from portal.files.inspection import LIMIT_BYTES
from portal.files.models import Upload
from tests.cast import Cast
from tests.conftest import Browser
from tests.rules import made_documents as made
from tests.sent_files import MULTIPART, body, part, sent, text_of
from tests.well_formed import check, check_html

TAB = "/cases/202601234/documents/"
REVIEW = TAB + "review/"
ZIP = made.zipped(("a.txt", "a"))


@pytest.fixture
def amina(client_of: Browser) -> Client:
    return client_of("amina")


def _send(client: Client, *files: tuple[str, bytes], **options: Any) -> Any:
    return client.post(TAB, {"files": [sent(name, content) for name, content in files]}, **options)


def _by_script(client: Client, name: str, content: bytes) -> dict[str, Any]:
    response = _send(client, (name, content), headers={"Accept": "application/json"})
    assert response.status_code == 200
    return response.json()


def _rows(page: BeautifulSoup) -> dict[str, str]:
    """What the lists say of each file that waits, the accepted ones first."""
    found = page.select("[data-upload-list] > li, [data-upload-refused] > li")
    return {row.select_one(".portal-upload-row__name").text: " ".join(row.get_text(" ").split()) for row in found}


def _heading_over(row: Any) -> str:
    return row.find_previous(["h2", "h3"]).get_text(strip=True)


def _submit(client: Client, category: str = "repairs", **more: str) -> Any:
    chosen = {f"category-{upload.pk}": category for upload in Upload.objects.exclude(stored=None).order_by("id")}
    return client.post(REVIEW, {**chosen, **more})


def _names() -> list[str]:
    return list(Document.objects.order_by("id").values_list("name", flat=True))


@pytest.mark.row("S72")
@pytest.mark.row("S83")
@pytest.mark.row("S84")
def test_an_empty_tab_says_what_to_send_and_where_the_guidance_is(amina: Client) -> None:
    page = check(amina.get(TAB))
    assert page.select_one("input[type=file][multiple][name=files]")
    assert page.select_one("form[data-module=portal-upload]")["data-max-bytes"] == "20971520"
    assert "clear name" in page.text
    assert "each up to 20 MB" in page.text
    assert page.find("a", href="https://www.ombudsman.example/landlords/responding-to-information-requests")
    assert "No documents yet" in page.text


@pytest.mark.row("S73")
@pytest.mark.row("S80")
@pytest.mark.row("S81")
@pytest.mark.row("B2")
def test_a_form_with_good_and_bad_files_lists_all_with_rule_and_remedy(amina: Client) -> None:
    response = _send(
        amina,
        ("Repair log.pdf", made.pdf()),
        ("log.zip", ZIP),
        ("locked.pdf", made.locked_pdf()),
        ("letter.odt", made.open_document()),
        ("big.txt", text_of(LIMIT_BYTES + 1)),
        ("empty.txt", b""),
        ("letter.docx", made.docx_()),
    )
    assert response.status_code == 302
    assert response.url == REVIEW
    page = check(amina.get(REVIEW))
    rows = _rows(page)
    accepted, refused = (
        ["Repair log.pdf", "letter.docx"],
        ["log.zip", "locked.pdf", "letter.odt", "big.txt", "empty.txt"],
    )
    assert [
        row.select_one(".portal-upload-row__name").text for row in page.select("[data-upload-list] > li")
    ] == accepted
    assert [
        row.select_one(".portal-upload-row__name").text for row in page.select("[data-upload-refused] > li")
    ] == refused
    assert set(rows) == {*accepted, *refused}
    assert _heading_over(page.select_one("[data-upload-list] > li")) == "Ready to upload (2)"
    assert _heading_over(page.select_one("[data-upload-refused] > li")) == "Not uploaded (5)"
    assert "Ready to upload" in rows["Repair log.pdf"]
    assert "It is a compressed file. Unpack it" in rows["log.zip"]
    assert "It needs a password to open. Save a copy without" in rows["locked.pdf"]
    assert "OpenDocument" in rows["letter.odt"]
    assert "It is larger than 20 MB. Make it smaller" in rows["big.txt"]
    assert "It is empty. Check" in rows["empty.txt"]
    assert "5 files were refused" in page.text
    assert len(page.select("select[data-upload-category]")) == 2


@pytest.mark.row("B2")
def test_a_refused_file_stays_apart_on_every_page_of_the_upload_and_the_receipt_names_it(amina: Client) -> None:
    _send(amina, ("Repair log.pdf", made.pdf()), ("log.zip", ZIP))
    tab = check(amina.get(TAB))
    missing = check(amina.post(REVIEW, {f"category-{Upload.objects.exclude(stored=None).get().pk}": ""}))
    assert "Choose a category for Repair log.pdf" in missing.select_one(".govuk-error-summary").text
    for page in (tab, check(amina.get(REVIEW)), missing):
        (row,) = page.select("[data-upload-refused] > li")
        assert "log.zip" in row.text
        assert "It is a compressed file. Unpack it" in row.text
        assert _heading_over(row) == "Not uploaded (1)"
        (ready,) = page.select("[data-upload-list] > li")
        assert _heading_over(ready) == "Ready to upload (1)"
    response = _submit(amina)
    receipt = check(amina.get(response.url))
    assert receipt.h1.text == "Receipt for 1 document"
    assert "1 document uploaded to case 202601234. 1 file was not uploaded: this receipt says why." in receipt.text
    assert receipt.find("a", href="#not-uploaded").text == "1 file was not uploaded"
    told = receipt.find("h2", string="Not uploaded").find_next("li").get_text(" ", strip=True)
    assert told.startswith("log.zip Why It is a compressed file. What to do Unpack it")
    assert not _rows(check(amina.get(TAB)))


def test_a_receipt_without_refusals_speaks_of_none_and_a_removed_refusal_is_forgotten(amina: Client) -> None:
    _send(amina, ("a.txt", b"About a"), ("log.zip", ZIP))
    page = check(amina.post(REVIEW, {"remove": Upload.objects.get(stored=None).pk}))
    assert "“log.zip” removed." in page.text
    receipt = check(amina.get(_submit(amina).url))
    assert "Not uploaded" not in receipt.text
    assert "log.zip" not in receipt.text


def test_where_everything_was_refused_there_is_nothing_to_upload(amina: Client) -> None:
    _send(amina, ("log.zip", ZIP))
    for address in (TAB, REVIEW):
        page = check(amina.get(address))
        shown = [button for button in page.find_all("button", string="Upload documents") if not _is_hidden(button)]
        assert not shown
        assert _heading_over(page.select_one("[data-upload-refused] > li")) == "Not uploaded (1)"
    assert "Ready to upload" not in page.text


def _is_hidden(element: Any) -> bool:
    return any(parent.has_attr("hidden") for parent in element.parents)


@pytest.mark.row("S80")
def test_a_script_names_a_file_over_the_limit_and_the_page_and_the_receipt_know_of_it(amina: Client) -> None:
    answer = amina.post(TAB, {"too-large": "Site/survey.pdf"}, headers={"Accept": "application/json"}).json()
    assert answer["ok"] is False
    assert "It is larger than 20 MB" in answer["html"]
    _send(amina, ("a.txt", b"About a"))
    assert "larger than 20 MB" in _rows(check(amina.get(REVIEW)))["survey.pdf"]
    assert "survey.pdf" in check(amina.get(_submit(amina).url)).text


@pytest.mark.row("S77")
@pytest.mark.row("B3")
def test_uploading_leads_to_the_receipt_and_the_list(amina: Client) -> None:
    _send(amina, ("Repair log.pdf", made.pdf()), ("log.zip", ZIP), ("letter.docx", made.docx_()))
    response = _submit(amina)
    submission = Submission.objects.get()
    assert response.url == f"/cases/202601234/receipts/{submission.pk}/"
    page = check(amina.get(response.url))
    assert page.h1.text == "Receipt for 2 documents"
    assert "2 documents uploaded to case 202601234." in page.text
    stored = [document.stored for document in submission.documents.select_related("stored").order_by("id")]
    for document, file in zip(("Repair log.pdf", "letter.docx"), stored, strict=True):
        assert document in page.text
        assert file.sha256 in page.text
        assert f"{file.size:,} bytes" in page.text
    pdf = amina.get(response.url + "receipt.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"] == f'attachment; filename="receipt-202601234-{submission.pk}.pdf"'
    assert pdf.content.startswith(b"%PDF")
    listed = check(amina.get(TAB))
    assert [link.text for link in listed.select("tbody th a")] == ["letter.docx", "Repair log.pdf"]
    assert "Not scanned for viruses" in listed.text
    assert not _rows(listed)


@pytest.mark.row("S75")
def test_a_missing_category_is_asked_for_beside_its_row_and_nothing_is_lost(amina: Client) -> None:
    _send(amina, ("a.txt", b"About a"), ("b.txt", b"About b"))
    first, second = Upload.objects.order_by("id")
    response = amina.post(REVIEW, {f"category-{first.pk}": "rent", f"category-{second.pk}": ""})
    page = check(response)
    (link,) = page.select(".govuk-error-summary a")
    assert (link.text, link["href"]) == ("Choose a category for b.txt", f"#category-{second.pk}")
    assert page.select_one(f"#category-{first.pk} option[selected]")["value"] == "rent"
    assert _names() == []
    amina.post(REVIEW, {f"category-{first.pk}": "rent", f"category-{second.pk}": "nonsense"})
    assert _names() == []
    amina.post(REVIEW, {f"category-{first.pk}": "rent", f"category-{second.pk}": "policy"})
    assert list(Document.objects.order_by("id").values_list("category", flat=True)) == ["rent", "policy"]


@pytest.mark.row("S76")
def test_the_same_category_for_all_is_the_first_rows(amina: Client) -> None:
    _send(amina, ("a.txt", b"About a"), ("b.txt", b"About b"), ("c.txt", b"About c"))
    ids = list(Upload.objects.order_by("id").values_list("pk", flat=True))
    chosen = {f"category-{ids[0]}": "media", f"category-{ids[1]}": "", f"category-{ids[2]}": "rent"}
    amina.post(REVIEW, {**chosen, "same-category": "on"})
    assert set(Document.objects.values_list("category", flat=True)) == {"media"}
    assert Document.objects.count() == 3


def test_pressing_upload_documents_twice_makes_one_submission_and_leads_to_its_receipt(amina: Client) -> None:
    _send(amina, ("a.txt", b"About a"))
    chosen = {f"category-{Upload.objects.get().pk}": "rent"}
    first, second = amina.post(REVIEW, chosen), amina.post(REVIEW, chosen)
    assert first.url == second.url
    assert Submission.objects.count() == 1
    assert amina.get(second.url).status_code == 200


def test_pressing_upload_documents_with_nothing_says_so(amina: Client) -> None:
    page = check(amina.post(REVIEW, {}))
    assert "Choose at least one file" in page.select_one(".govuk-error-summary").text
    assert "No documents are waiting" in page.text


def test_a_file_taken_back_elsewhere_is_told_and_the_rest_stays(amina: Client) -> None:
    _send(amina, ("a.txt", b"About a"), ("b.txt", b"About b"))
    first, second = Upload.objects.order_by("id")
    amina.post(f"{TAB}uploads/{first.pk}/remove/")
    page = check(amina.post(REVIEW, {f"category-{first.pk}": "rent", f"category-{second.pk}": "rent"}))
    assert "no longer waiting" in page.select_one(".govuk-error-summary").text
    assert list(_rows(page)) == ["b.txt"]
    assert page.select_one(f"#category-{second.pk} option[selected]")["value"] == "rent"


def test_remove_takes_one_row_and_keeps_the_categories_of_the_others(amina: Client) -> None:
    _send(amina, ("a.txt", b"About a"), ("b.txt", b"About b"), ("c.zip", ZIP), ("d.txt", b"About d"))
    ids = {upload.name: upload.pk for upload in Upload.objects.all()}
    chosen = {f"category-{ids['a.txt']}": "", f"category-{ids['b.txt']}": "policy", f"category-{ids['d.txt']}": ""}
    page = check(amina.post(REVIEW, {**chosen, "remove": ids["a.txt"]}))
    assert "“a.txt” removed." in page.text
    assert list(_rows(page)) == ["b.txt", "d.txt", "c.zip"]
    assert page.select_one(f"#category-{ids['b.txt']} option[selected]")["value"] == "policy"
    assert not page.select(".govuk-error-summary")
    answer = amina.post(REVIEW, {"remove": ids["c.zip"]}, headers={"Accept": "application/json"})
    assert answer.json()["ok"] is True
    assert list(_rows(check(amina.get(TAB)))) == ["b.txt", "d.txt"]
    assert amina.post(REVIEW, {"remove": "lost-12ab"}).status_code == 200


@pytest.mark.row("S74")
def test_a_script_gets_the_row_that_the_page_would_draw(amina: Client) -> None:
    good = _by_script(amina, "Repair log.pdf", made.pdf())
    bad = _by_script(amina, "log.zip", ZIP)
    assert (good["ok"], bad["ok"]) == (True, False)
    page = check(amina.get(TAB))
    drawn = page.select("[data-upload-list] > li, [data-upload-refused] > li")
    for answer, row in zip((good, bad), drawn, strict=True):
        sent_row = BeautifulSoup(answer["html"], "lxml").select_one("li[data-upload-row]")
        assert " ".join(str(sent_row).split()) == " ".join(str(row).split())


@pytest.mark.row("H11")
@pytest.mark.row("H8")
@pytest.mark.row("H10")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("good.pdf", made.pdf()),
        ("archive.zip", ZIP),
        ("renamed.pdf", ZIP),
        ("plain-zip.docx", ZIP),
        ("page.html", b"<html><script>alert(1)</script></html>"),
        ("page.pdf", b"<html><script>alert(1)</script></html>"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("macros.docm", made.docm()),
        ("program.lnk", b"L\0\0\0" + b"\0" * 60),
        ("locked.docx", made.locked(made.docx_())),
        ("no-ending", b"Some words"),
        ("double.pdf.exe", made.pdf()),
        ("UPPER.PDF", made.pdf()),
        ("dotted.pdf. ", made.pdf()),
        (".htaccess", b"Deny from all"),
        ("empty.txt", b""),
    ],
)
def test_a_replay_without_the_page_gets_the_same_answer_as_the_form(amina: Client, name: str, content: bytes) -> None:
    _send(amina, (name, content))
    by_script = _by_script(amina, name, content)
    by_hand = amina.post(
        TAB, body(part(f'name="files"; filename="{name}"', content)), MULTIPART, headers={"Accept": "application/json"}
    ).json()
    words = {(upload.name, upload.refused_rule, upload.refused_remedy) for upload in Upload.objects.all()}
    assert len(words) == 1
    assert Upload.objects.count() == 3
    assert by_script["ok"] == by_hand["ok"] == (not Upload.objects.all()[0].is_refused)


def _by_hand(client: Client, *parts: bytes, closed: bool = True) -> Any:
    return client.post(TAB, body(*parts, closed=closed), MULTIPART)


@pytest.mark.row("H7")
@pytest.mark.parametrize("name", ["..", ".", "/", "..\\..", "\u202e", "\x01"])
def test_a_name_of_which_nothing_is_left_is_refused_in_words(amina: Client, name: str) -> None:
    _by_hand(amina, part(f'name="files"; filename="{name}"', b"Some words"))
    assert "has no ending" in _rows(check(amina.get(REVIEW)))["document"]


@pytest.mark.row("H7")
def test_a_file_whose_name_cannot_be_read_is_never_called_uploaded(amina: Client) -> None:
    good = part('name="files"; filename="good.txt"', b"Some words")
    bad = part(b'name="files"; filename="R\xe9ponse.pdf"', made.pdf())
    page = check(_by_hand(amina, good, bad))
    assert "One file was not kept" in page.select_one(".govuk-error-summary").text
    assert list(_rows(page)) == ["good.txt"]
    answer = amina.post(TAB, body(bad), MULTIPART, headers={"Accept": "application/json"}).json()
    assert answer["ok"] is False
    assert "could not read the name" in answer["html"]


def test_a_body_that_breaks_off_is_never_called_uploaded(amina: Client) -> None:
    good = part('name="files"; filename="good.txt"', b"Some words")
    page = check(_by_hand(amina, good, part('name="files"; filename="half.txt"', b"Half of"), closed=False))
    assert "The connection broke" in page.select_one(".govuk-error-summary").text
    assert list(_rows(page)) == ["good.txt"]
    answer = amina.post(TAB, body(good, closed=False), MULTIPART, headers={"Accept": "application/json"}).json()
    assert answer["ok"] is False
    assert Upload.objects.count() == 1


def test_bad_base64_is_an_error_and_not_an_empty_file(amina: Client) -> None:
    coded = part('name="files"; filename="a.txt"', b"!!!not base64!", "Content-Transfer-Encoding: base64")
    response = _by_hand(amina, coded)
    assert response.status_code == 400
    assert not Upload.objects.exists()


def test_a_form_without_a_file_says_that_none_arrived(amina: Client) -> None:
    for response in (amina.post(TAB, {}), _by_hand(amina, part('name="files"; filename=""', b""))):
        page = check(response)
        (link,) = page.select(".govuk-error-summary a")
        assert link.text.startswith("No file arrived")
    answer = amina.post(TAB, {}, headers={"Accept": "application/json"}).json()
    assert (answer["ok"], "No file arrived" in answer["html"]) == (False, True)


def test_twenty_files_go_through_and_twenty_one_are_refused_whole(amina: Client) -> None:
    assert _send(amina, *((f"{number}.txt", b"Some words") for number in range(21))).status_code == 400
    assert not Upload.objects.exists()
    assert _send(amina, *((f"{number}.txt", b"Some words") for number in range(20))).status_code == 302
    assert Upload.objects.count() == 20


@pytest.mark.row("H4")
def test_a_body_over_the_limit_is_refused_in_words_before_it_is_read(amina: Client) -> None:
    for accept in ("text/html", "application/json"):
        response = amina.post(
            TAB, b"x", MULTIPART, headers={"Accept": accept, "Content-Length": str(500 * 1024 * 1024)}
        )
        assert response.status_code == 413
        assert "20 MB" in check(response).text


def test_a_form_without_its_token_is_refused(cast: Cast) -> None:
    from tests.signing_in import sign_in

    client = Client(enforce_csrf_checks=True)
    sign_in(client, cast.users["amina"])
    assert _send(client, ("a.txt", b"Some words")).status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.row("H19")
def test_waiting_files_come_back_to_their_person_and_to_nobody_else(cast: Cast, client_of: Browser) -> None:
    amina = client_of("amina")
    _send(amina, ("a.txt", b"About a"))
    assert list(_rows(check(amina.get(TAB)))) == ["a.txt"]
    ben, upload = client_of("ben"), Upload.objects.get()
    assert not _rows(check(ben.get(TAB)))
    ben.post(f"{TAB}uploads/{upload.pk}/remove/")
    ben.post(REVIEW, {f"category-{upload.pk}": "rent"})
    assert list(Upload.objects.all()) == [upload]
    assert _names() == []


def test_a_closed_case_shows_no_form_and_refuses_what_is_sent(cast: Cast, amina: Client) -> None:
    _send(amina, ("a.txt", b"About a"))
    chosen = {f"category-{Upload.objects.get().pk}": "rent"}
    cases.move_case(cast.case, to=Status.CLOSED, reason="Ended.", by=cast.dev)
    assert not check(amina.get(TAB)).select("input[type=file]")
    assert "This case is closed" in check(_send(amina, ("b.txt", b"About b"))).select_one(".govuk-error-summary").text
    assert "This case is closed" in _by_script(amina, "b.txt", b"About b")["html"]
    assert "This case is closed" in check(amina.post(REVIEW, chosen)).select_one(".govuk-error-summary").text
    assert _names() == []


@pytest.mark.row("H44")
@pytest.mark.row("H45")
def test_every_address_of_anothers_case_answers_404(cast: Cast, amina: Client, client_of: Browser) -> None:
    _send(amina, ("a.txt", b"About a"))
    receipt = _submit(amina).url
    carys, document = client_of("carys"), Document.objects.get()
    for address in (TAB, REVIEW, f"{TAB}{document.pk}/", receipt, receipt + "receipt.pdf"):
        assert carys.get(address).status_code == 404, address
        assert carys.get(address.replace("202601234", "202609999")).status_code in {200, 404}
    for address in (f"{TAB}{document.pk}/", receipt, receipt + "receipt.pdf"):
        assert carys.get(address.replace("202601234", "202609999")).status_code == 404, address
    for address in (TAB, REVIEW, f"{TAB}uploads/1/remove/"):
        assert carys.post(address, {"category-1": "rent"}).status_code == 404, address


@pytest.mark.row("S79")
def test_the_tab_takes_few_statements_however_many_files(cast: Cast, amina: Client) -> None:
    amina.get(TAB)
    counts = []
    for number in (3, 60):
        uploads = [
            documents.receive_document(cast.case, f"{n}.txt", [b"Some words"], by=cast.amina) for n in range(number)
        ]
        documents.submit_documents(cast.case, categories={upload.pk: "rent" for upload in uploads}, by=cast.amina)
        for n in range(number // 3):
            documents.receive_document(cast.case, f"w{n}.txt", [b"Some words"], by=cast.amina)
        with CaptureQueriesContext(connection) as asked:
            amina.get(TAB)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 12, counts


@pytest.mark.row("S79")
@pytest.mark.row("H2")
def test_five_hundred_files_are_listed_fifty_a_page_in_every_order_and_one_more_is_sent(
    cast: Cast, amina: Client
) -> None:
    for batch in (range(170), range(170, 340), range(340, 500)):  # fewer than 200 may wait at a time
        uploads = [documents.receive_document(cast.case, f"File {n:03}.txt", [b"Words"], by=cast.amina) for n in batch]
        documents.submit_documents(cast.case, categories={upload.pk: "rent" for upload in uploads}, by=cast.amina)
    page = check(amina.get(TAB + "?sort=name&page=2"))
    names = [link.text for link in page.select("tbody th a")]
    assert names == [f"File {n:03}.txt" for n in range(50, 100)]
    assert "Showing 51 to 100 of 500 documents" in page.text
    assert page.select_one("th[aria-sort=ascending]").get_text(strip=True).startswith("Name")
    for sort in ("received", "-received", "category", "-name", "nonsense"):
        with CaptureQueriesContext(connection) as listed:
            assert len(check(amina.get(f"{TAB}?sort={sort}")).select("tbody tr")) == 50
        assert len(listed) <= 12
    with CaptureQueriesContext(connection) as sending:
        _send(amina, ("One more.txt", b"Words"))
    with CaptureQueriesContext(connection) as submitting:
        response = _submit(amina)
    assert (len(sending) <= 20, len(submitting) <= 30) == (True, True), (len(sending), len(submitting))
    assert check(amina.get(response.url)).h1.text == "Receipt for 1 document"
    assert "Showing 1 to 50 of 501 documents" in check(amina.get(TAB)).text


def test_a_name_full_of_markup_is_text_everywhere(amina: Client) -> None:
    name = "<img src=x onerror=alert(1)>&quot; O'Neil.txt"
    answer = _by_script(amina, name, b"Some words")
    check_html(f"<!DOCTYPE html><html lang='en'><title>x</title><h1>x</h1><ul>{answer['html']}</ul></html>")
    pages = [
        check(amina.get(TAB)),
        check(amina.get(REVIEW)),
        check(amina.get(_submit(amina).url)),
        check(amina.get(TAB)),
    ]
    for page in pages:
        assert not page.select("img[src=x]")
        assert name in page.text


def test_files_that_staff_keep_to_themselves_are_not_listed(cast: Cast, amina: Client) -> None:
    for visibility in Visibility:
        documents.share_document(
            cast.case, name=f"{visibility}.txt", content=b"Words", category="other", visibility=visibility, by=cast.dev
        )
    assert [link.text for link in check(amina.get(TAB)).select("tbody th a")] == ["both.txt"]


@pytest.mark.row("S82")
def test_each_usual_kind_is_taken_by_the_page(amina: Client) -> None:
    usual = {"doc", "docx", "xls", "xlsx", "ppt", "pptx", "pdf", "jpg", "png", "txt", "csv"}
    chosen = {name: make() for name, (kind, make) in made.ACCEPTED.items() if kind in usual}
    assert {made.ACCEPTED[name][0] for name in chosen} == usual
    assert [name for name, content in chosen.items() if not _by_script(amina, name, content)["ok"]] == []
    rows = _rows(check(amina.get(REVIEW)))
    assert [name for name, words in rows.items() if "Ready to upload" not in words] == []
    assert set(rows) == set(chosen)


@pytest.mark.row("S80")
@pytest.mark.row("D9")
def test_20971520_bytes_are_taken_and_one_more_is_refused_beside_it(amina: Client) -> None:
    """The number of the rule, not of the code: 20 MB."""
    _send(amina, ("exact.txt", text_of(20_971_520)), ("larger.txt", text_of(20_971_521)))
    rows = _rows(check(amina.get(REVIEW)))
    assert "Ready to upload" in rows["exact.txt"]
    assert "It is larger than 20 MB" in rows["larger.txt"]
