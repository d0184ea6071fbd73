"""Withdrawing, replacing and renaming uploads as a browser sees it: on the landlord's pages and on the service's."""

from io import BytesIO

import pypdf
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.cases import actions as cases
from portal.cases.statuses import Status
from portal.documents import actions as documents
from portal.documents import withdrawing
from portal.documents.models import Document
from portal.files.models import Upload
from portal.messaging import actions as messaging
from portal.messaging.models import Thread
from portal.tasks import actions as tasks
from portal.tasks.models import TaskKind
from tests.cast import Cast, in_days
from tests.conftest import Browser
from tests.rules import made_documents as made
from tests.sent_files import sent
from tests.well_formed import check

TAB = "/cases/202601234/documents/"
REVIEW = TAB + "review/"
SERVICE = "/casework" + TAB
JSON = {"Accept": "application/json"}


@pytest.fixture
def amina(client_of: Browser) -> Client:
    return client_of("amina")


@pytest.fixture
def document(cast: Cast) -> Document:
    return _upload(cast, "wrong.txt")[0]


def _upload(cast: Cast, *names: str) -> list[Document]:
    uploads = [documents.receive_document(cast.case, name, [b"Words"], by=cast.amina) for name in names]
    submission = documents.submit_documents(cast.case, categories={one.pk: "rent" for one in uploads}, by=cast.amina)
    return list(submission.documents.order_by("id"))


def _withdrawn(cast: Cast, document: Document) -> Document:
    return withdrawing.withdraw_document(document, reason="It is about somebody else.", by=cast.ben)


def _replaced(cast: Cast, document: Document, name: str = "right.txt") -> Document:
    withdrawing.receive_replacement(document, name, [b"Right"], by=cast.amina)
    return withdrawing.replace_document(document, reason="The wrong year.", by=cast.amina).documents.get()


def _opened(cast: Cast, document: Document) -> None:
    documents.open_document(cast.case.reference, document.pk, by=cast.dev)[1].close()


def _address(document: Document, what: str) -> str:
    return f"{TAB}{document.pk}/{what}/"


@pytest.mark.row("B12")
def test_the_list_leads_to_withdrawing_which_asks_why_and_leaves_the_row(amina: Client, document: Document) -> None:
    link = next(a for a in check(amina.get(TAB)).select("tbody a") if a.text == "Withdraw wrong.txt")
    page = check(amina.get(link["href"]))
    assert "we keep the file locked with the records of the case" in " ".join(page.text.split())
    page = check(amina.post(link["href"], {"reason": " "}))
    (summary,) = page.select(".govuk-error-summary a")
    assert (summary.text, summary["href"]) == ("Enter why you are withdrawing the document", "#id_reason")
    response = amina.post(link["href"], {"reason": "<b>Another</b> resident"})
    assert response.url == TAB
    page = check(amina.get(TAB))
    assert "“wrong.txt” withdrawn." in page.text
    row = page.select_one("tbody tr")
    assert "Withdrawn" in row.select_one(".govuk-tag").text
    assert "by Amina Yusuf: <b>Another</b> resident" in " ".join(row.text.split())
    assert [a.get_text() for a in row.select("a")] == ["Receipt for wrong.txt"]


@pytest.mark.row("B12")
@pytest.mark.row("H40")
@pytest.mark.parametrize("is_replaced", [False, True])
def test_no_address_gives_the_content_to_anybody(
    cast: Cast, client_of: Browser, document: Document, is_replaced: bool
) -> None:
    if is_replaced:
        _replaced(cast, document)
    else:
        _withdrawn(cast, document)
    for who, address in (("amina", TAB), ("ben", TAB), ("ike", TAB), ("dev", SERVICE), ("hana", SERVICE)):
        client = client_of(who)
        answer = client.get(f"{address}{document.pk}/")
        assert answer.status_code == 409
        assert "nobody can open it any more" in check(answer).text
        page = check(client.get(address))
        assert not page.select(f"a[href='{address}{document.pk}/']")
        assert "wrong.txt" in page.text
    receipt = f"/cases/202601234/receipts/{document.submission_id}/"
    assert not check(client_of("amina").get(receipt)).select(f"a[href='{TAB}{document.pk}/']")


@pytest.mark.row("B12")
@pytest.mark.row("B3")
def test_the_receipt_page_says_what_became_of_it_and_the_pdf_stays_the_record(
    cast: Cast, amina: Client, document: Document
) -> None:
    address = f"/cases/202601234/receipts/{document.submission_id}/"
    before = _text(amina.get(address + "receipt.pdf").content)
    _withdrawn(cast, document)
    assert "Withdrawn, " in check(amina.get(address)).text
    assert _text(amina.get(address + "receipt.pdf").content) == before
    assert document.name in before


@pytest.mark.row("B12")
@pytest.mark.row("S75")
def test_the_list_leads_to_another_category_until_the_service_has_opened_it(
    cast: Cast, amina: Client, client_of: Browser, document: Document
) -> None:
    link = next(a for a in check(amina.get(TAB)).select("tbody a") if a.text == "Change the category of wrong.txt")
    page = check(amina.get(link["href"]))
    assert page.select_one("#id_category option[selected]")["value"] == "rent"
    page = check(amina.post(link["href"], {"category": ""}))
    (summary,) = page.select(".govuk-error-summary a")
    assert (summary.text, summary["href"]) == ("Choose a category", "#id_category")
    page = check(amina.post(link["href"], {"category": "repairs"}, follow=True))
    assert "“wrong.txt” is now under Repair log." in page.text
    assert "Uploaded as Rent account" in page.select_one("tbody tr").text
    assert "Category of wrong.txt changed from Rent account to Repair log" in check(amina.get("/cases/202601234/")).text
    service = check(client_of("dev").get(SERVICE)).select_one("tbody tr").text
    assert "Repair log" in service
    assert "Uploaded as Rent account" in service
    _opened(cast, document)
    assert "Change the category" not in check(amina.get(TAB)).text
    late = check(amina.post(link["href"], {"category": "rent"}))
    assert "We have opened this document, so it can no longer be changed" in late.text
    assert Document.objects.get().category == "repairs"


@pytest.mark.row("B12")
def test_once_opened_the_page_says_so_and_what_to_do_instead(cast: Cast, amina: Client, document: Document) -> None:
    _opened(cast, document)
    listed = check(amina.get(TAB))
    assert "Opened by us on" in listed.text
    assert not [a for a in listed.select("tbody a") if a.text.startswith(("Withdraw", "replace"))]
    for what in ("withdraw", "replace"):
        for answer in (
            amina.get(_address(document, what)),
            amina.post(_address(document, what), {"reason": "Too late", "do": "replace"}),
        ):
            page = check(answer)
            assert "We have opened this document" in page.text
            assert page.find("a", string="Send us a message")["href"] == "/cases/202601234/messages/new/"
            assert not page.select("main textarea, main input[type=file]")
        assert "What you wrote: “Too late”" in page.text
    sent_late = amina.post(_address(document, "replace"), {"files": sent("a.txt", b"Words")})
    assert "We have opened this document" in check(sent_late).text
    assert not Upload.objects.exists()


@pytest.mark.row("B12")
def test_a_replacement_is_sent_listed_and_takes_the_place_with_a_receipt(amina: Client, document: Document) -> None:
    address = _address(document, "replace")
    page = check(amina.get(address))
    assert page.select_one("input[type=file]:not([multiple])")
    assert page.select_one("[data-upload-when-listed][hidden] textarea")  # first the document, then the reason
    assert amina.post(address, {"files": sent("right.pdf", made.pdf())}).url == address
    page = check(amina.get(address))
    assert not page.select("[hidden] textarea")
    assert not page.select("select")
    new = Upload.objects.get()
    page = check(amina.post(address, {"do": "replace", "reason": "", f"name-{new.pk}": "Rent account 2026"}))
    assert page.select_one(".govuk-error-summary").text.split("problem")[1].strip().startswith("Enter why")
    assert page.select_one(f"#name-{new.pk}")["value"] == "Rent account 2026"
    given = {"do": "replace", "reason": "It was last year’s.", f"name-{new.pk}": "Rent account 2026"}
    answers = [amina.post(address, given), amina.post(address, given)]
    assert answers[0].url == answers[1].url
    receipt = " ".join(check(amina.get(answers[0].url)).text.split())
    for words in ("Rent account 2026.pdf", "Sent as right.pdf", "Replaces wrong.txt", "Rent account"):
        assert words in receipt
    rows = [" ".join(row.text.split()) for row in check(amina.get(TAB)).select("tbody tr")]
    assert "Replaces wrong.txt" in rows[0]
    assert "Replaced by Rent account 2026.pdf on" in rows[1]


@pytest.mark.row("B12")
@pytest.mark.row("B2")
def test_a_file_refused_on_the_way_is_named_by_the_receipt_of_the_replacement(
    amina: Client, document: Document
) -> None:
    address = _address(document, "replace")
    for file in (sent("a.zip", made.zipped(("a", "a"))), sent("right.txt", b"Words")):
        amina.post(address, {"files": file})
    page = check(amina.get(address))
    assert "a.zip" in page.select_one("[data-upload-refused]").text
    assert [row.select_one(".portal-upload-row__name").text for row in page.select("[data-upload-list] > li")] == [
        "right.txt"
    ]
    receipt = check(amina.post(address, {"reason": "Wrong case", "do": "replace"}, follow=True))
    assert receipt.h1.text == "Receipt for 1 document"
    assert "a.zip" in receipt.find("h2", string="Not uploaded").find_next("li").text


@pytest.mark.row("B12")
@pytest.mark.row("H11")
def test_a_script_gets_the_row_that_the_page_of_the_replacement_would_draw(amina: Client, document: Document) -> None:
    address = _address(document, "replace")
    good = amina.post(address, {"files": sent("right.txt", b"Words")}, headers=JSON).json()
    bad = amina.post(address, {"files": sent("a.zip", made.zipped(("a", "a")))}, headers=JSON).json()
    assert (good["ok"], bad["ok"]) == (True, False)
    drawn = check(amina.get(address)).select("[data-upload-list] > li, [data-upload-refused] > li")
    for answer, row in zip((good, bad), drawn, strict=True):
        sent_row = BeautifulSoup(answer["html"], "lxml").select_one("li[data-upload-row]")
        assert " ".join(str(sent_row).split()) == " ".join(str(row).split())
    for upload in Upload.objects.all():
        assert amina.post(address, {"remove": upload.pk}, headers=JSON).json()["ok"] is True
    assert not Upload.objects.exists()


@pytest.mark.row("B12")
def test_removing_without_a_script_keeps_the_reason(amina: Client, document: Document) -> None:
    address = _address(document, "replace")
    for name in ("a.txt", "b.txt"):
        amina.post(address, {"files": sent(name, b"Words")})
    page = check(amina.post(address, {"do": "replace", "reason": "The wrong one"}))
    assert "Remove those that you do not want" in page.select_one(".govuk-error-summary").text
    assert page.select_one("textarea").text.strip() == "The wrong one"
    first = Upload.objects.earliest("id")
    page = check(amina.post(address, {"remove": first.pk, "reason": "The wrong one"}))
    assert page.select_one("textarea").text.strip() == "The wrong one"
    assert len(page.select("[data-upload-list] > li")) == 1


@pytest.mark.row("B12")
@pytest.mark.parametrize("what", ["withdraw", "replace", "category"])
def test_a_page_that_comes_back_after_a_colleague_was_quicker_says_so(
    cast: Cast, amina: Client, document: Document, what: str
) -> None:
    _withdrawn(cast, document)
    page = check(amina.get(_address(document, what)))
    assert "has been withdrawn or replaced already" in page.text
    cases.move_case(cast.case, to=Status.CLOSED, reason="Ended.", by=cast.dev)
    assert not [a for a in check(amina.get(TAB)).select("tbody a") if a.text.startswith("Withdraw")]


@pytest.mark.row("B12")
def test_on_a_closed_case_the_page_offers_nothing(cast: Cast, amina: Client, document: Document) -> None:
    cases.move_case(cast.case, to=Status.CLOSED, reason="Ended.", by=cast.dev)
    assert not [a for a in check(amina.get(TAB)).select("tbody a") if a.text.startswith("Withdraw")]
    page = check(amina.post(_address(document, "withdraw"), {"reason": "Wrong"}))
    assert "This case is closed" in page.text
    assert not page.find("a", string="Send us a message")


@pytest.mark.row("H44")
@pytest.mark.row("H40")
@pytest.mark.parametrize("what", ["withdraw", "replace", "category"])
def test_what_is_not_theirs_does_not_exist(
    cast: Cast, amina: Client, client_of: Browser, document: Document, what: str
) -> None:
    hidden = documents.share_document(
        cast.case, name="i.txt", content=b"Internal", category="other", visibility="staff", by=cast.dev
    )
    assert client_of("carys").post(_address(document, what), {"reason": "Mine"}).status_code == 404
    elsewhere = _address(document, what).replace("202601234", "202609999")
    assert client_of("carys").post(elsewhere, {"reason": "Mine"}).status_code == 404
    assert client_of("ike").post(_address(document, what), {"reason": "Mine"}).status_code == 403
    assert client_of("dev").post(_address(document, what), {"reason": "Mine"}).status_code == 403
    assert amina.get(_address(hidden, what)).status_code == 404
    document.refresh_from_db()
    assert not document.is_withdrawn


@pytest.mark.row("H45")
@pytest.mark.parametrize("what", ["withdraw", "replace", "category"])
def test_an_attachment_of_a_message_is_not_offered_and_says_why(cast: Cast, amina: Client, what: str) -> None:
    upload = messaging.receive_attachment(cast.case, "a.txt", [b"Words"], by=cast.amina)
    messaging.start_thread(cast.case, subject="A", body="See this", by=cast.amina, upload_ids=[upload.pk])
    attached = Document.objects.get()
    assert not [a for a in check(amina.get(TAB)).select("tbody a") if a.text.startswith("Withdraw")]
    page = check(amina.post(_address(attached, what), {"reason": "Wrong", "do": "replace"}))
    assert "a message stays as it was sent" in page.text
    thread = check(amina.get(f"/cases/202601234/messages/{_thread_id(cast)}/"))
    assert thread.select_one(f".portal-attachments a[href='{TAB}{attached.pk}/']")


def _thread_id(cast: Cast) -> int:
    return Thread.objects.get(case=cast.case).pk


@pytest.mark.row("B12")
def test_the_caseworker_sees_what_was_withdrawn_and_what_replaced_it(cast: Cast, client_of: Browser) -> None:
    task = tasks.set_task(cast.case, kind=TaskKind.RESPOND_TO_REQUEST, title="Send it", due_on=in_days(9), by=cast.dev)
    wrong, old, _ = _upload(cast, "wrong.txt", "old.txt", "kept.txt")
    _withdrawn(cast, wrong)
    new = _replaced(cast, old)
    tasks.complete_task(task, completed_on=in_days(0), by=cast.amina)
    dev = client_of("dev")
    for address in (SERVICE, f"/casework/tasks/{task.pk}/"):
        page = check(dev.get(address))
        words = " ".join(page.select_one("main").text.split())
        assert "wrong.txt Withdrawn" in words
        assert "by Ben Carter: It is about somebody else." in words
        assert "old.txt Replaced" in words
        assert "Replaced by right.txt" in words
        assert page.select(f"a[href='{SERVICE}{new.pk}/']")
        assert not page.select(f"a[href='{SERVICE}{wrong.pk}/'], a[href='{SERVICE}{old.pk}/']")
    queue = check(dev.get("/casework/worklist/new-uploads/"))
    assert "kept.txt" in queue.text
    assert "wrong.txt" not in queue.select_one("main").text


@pytest.mark.row("B12")
@pytest.mark.row("S79")
def test_the_lists_take_as_many_statements_however_much_was_withdrawn(cast: Cast, client_of: Browser) -> None:
    counts = []
    for number in (2, 20):
        for document in _upload(cast, *(f"{number}-{n}.txt" for n in range(number))):
            _replaced(cast, document, f"new {document.name}")
        for document in _upload(cast, *(f"w{number}-{n}.txt" for n in range(number))):
            _withdrawn(cast, document)
        for who, address in (("amina", TAB), ("dev", SERVICE)):
            client = client_of(who)
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                check(client.get(address))
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 14, counts


@pytest.mark.row("S83")
def test_a_waiting_file_is_renamed_on_the_page_before_it_is_submitted(cast: Cast, amina: Client) -> None:
    amina.post(TAB, {"files": [sent("IMG_1.txt", b"One"), sent("IMG_2.txt", b"Two")]})
    one, two = Upload.objects.order_by("id")
    for address in (TAB, REVIEW):
        page = check(amina.get(address))
        assert page.select_one(f"#name-{one.pk}")["value"] == "IMG_1"
        assert not page.select("details[open] input")
    chosen = {f"category-{one.pk}": "media", f"category-{two.pk}": "media", f"name-{two.pk}": "IMG_2"}
    page = check(amina.post(REVIEW, {**chosen, f"name-{one.pk}": "Kitchen.exe"}))
    (link,) = page.select(".govuk-error-summary a")
    assert link["href"] == f"#name-{one.pk}"
    assert "must end in .txt" in link.text
    assert page.select_one("details[open] input")["value"] == "Kitchen.exe"
    assert page.select_one(f"#category-{two.pk} option[selected]")["value"] == "media"
    kept = check(amina.post(REVIEW, {**chosen, f"name-{one.pk}": "Kitchen", "remove": two.pk}))
    assert kept.select_one("details[open] input")["value"] == "Kitchen"
    response = amina.post(REVIEW, {f"category-{one.pk}": "media", f"name-{one.pk}": "Kitchen <ceiling>"})
    assert Document.objects.values_list("name", "sent_name").get() == ("Kitchen <ceiling>.txt", "IMG_1.txt")
    receipt = check(amina.get(response.url))
    assert "Sent as" in receipt.text
    for pdf_words in ("Kitchen <ceiling>.txt", "IMG_1.txt"):
        assert pdf_words in _text(amina.get(response.url + "receipt.pdf").content)


@pytest.mark.row("S83")
def test_both_names_are_shown_to_both_sides(cast: Cast, client_of: Browser) -> None:
    upload = documents.receive_document(cast.case, "IMG_1.txt", [b"Words"], by=cast.amina)
    documents.submit_documents(cast.case, categories={upload.pk: "media"}, names={upload.pk: "Kitchen"}, by=cast.amina)
    for who, address in (("amina", TAB), ("dev", SERVICE)):
        client = client_of(who)
        page = check(client.get(address))
        assert "Sent as IMG_1.txt" in page.text
        link = page.find("a", string="Kitchen.txt")
        assert 'filename="Kitchen.txt"' in client.get(link["href"])["Content-Disposition"]


def _text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
