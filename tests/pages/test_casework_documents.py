"""Documents and messages as the service handles them: open, add, mark as seen, write, and see what was read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.audit.models import AuditRow
from portal.cases.diary import Happened
from portal.documents.models import Document, Submission, Visibility
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.messaging.models import Message, Thread
from portal.notifications import fan_out, inbox
from tests.cast import Cast
from tests.conftest import Browser
from tests.pages import casework_scene
from tests.pages.casework_scene import PDF, letter, upload
from tests.well_formed import check

CASE = "/casework/cases/202601234/"


def names(page) -> list[str]:
    return [cell.a.get_text() for cell in page.select("tbody th")]


@pytest.mark.row("C16")
@pytest.mark.row("S77")
def test_the_list_shows_what_the_landlord_sent_and_what_only_the_service_sees(cast: Cast, client_of: Browser) -> None:
    casework_scene.build(cast)
    page = check(client_of("esi").get(f"{CASE}documents/"))
    assert names(page) == ["note.pdf", "letter.pdf", "log.pdf"]
    row = page.select("tbody tr")[2].get_text(" ", strip=True)
    assert all(words in row for words in ("New", "Repair log", "Amina Yusuf", "Not scanned", "Landlord and service"))
    assert "Service only" in page.select("tbody tr")[0].get_text()
    by_name = check(client_of("esi").get(f"{CASE}documents/?sort=name"))
    assert names(by_name) == ["letter.pdf", "log.pdf", "note.pdf"]
    assert by_name.find("strong", string="Name: A to Z")
    turned = check(client_of("esi").get(CASE + "documents/" + by_name.find("a", string="Name: Z to A")["href"]))
    assert names(turned) == ["note.pdf", "log.pdf", "letter.pdf"]


def test_the_list_is_cut_into_pages_of_50(cast: Cast, client_of: Browser) -> None:
    for number in range(52):
        letter(cast.case, cast.dev, f"letter-{number:02}.pdf")
    dev = client_of("dev")
    assert len(names(check(dev.get(f"{CASE}documents/?sort=name")))) == 50
    assert names(check(dev.get(f"{CASE}documents/?sort=name&page=2"))) == ["letter-50.pdf", "letter-51.pdf"]


@pytest.mark.row("H9")
def test_a_download_is_an_attachment_and_is_recorded(cast: Cast, client_of: Browser) -> None:
    document = casework_scene.build(cast).submission.documents.get()
    answer = client_of("dev").get(f"{CASE}documents/{document.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == PDF
    row = AuditRow.objects.filter(verb="document opened").latest("id")
    assert (row.actor_id, row.record_id) == (cast.dev.user_id, str(document.pk))


@pytest.mark.row("H40")
@pytest.mark.row("H45")
def test_a_document_is_reached_only_through_its_own_case(cast: Cast, client_of: Browser) -> None:
    scene = casework_scene.build(cast)
    document = scene.submission.documents.get()
    assert client_of("dev").get(f"/casework/cases/202609999/documents/{document.pk}/").status_code == 404
    assert client_of("dev").get(f"/casework/cases/202609999/messages/{scene.thread.pk}/").status_code == 404
    for who in ("amina", "carys"):
        assert client_of(who).get(f"/cases/202601234/documents/{scene.staff_only.pk}/").status_code == 404


@pytest.mark.row("C9")
def test_looking_leaves_uploads_new_and_the_button_marks_those_that_were_shown(cast: Cast, client_of: Browser) -> None:
    upload(cast.case, cast.amina)
    dev = client_of("dev")
    page = check(dev.get(f"{CASE}documents/"))
    check(client_of("hana").get(f"{CASE}documents/"))
    assert Submission.objects.filter(seen_by_service_at__isnull=True).count() == 1
    late = upload(cast.case, cast.ben, "later.pdf")
    form = page.select_one("main form")
    dev.post(form["action"], {"up_to": form.select_one("input[name=up_to]")["value"]})
    assert list(Submission.objects.filter(seen_by_service_at__isnull=True)) == [late]
    for nonsense in ("", "x", "9" * 30, "-1"):
        dev.post(form["action"], {"up_to": nonsense})
    assert Submission.objects.filter(seen_by_service_at__isnull=True).count() == 1


def test_marking_as_seen_reaches_no_other_case(cast: Cast, client_of: Browser) -> None:
    other = upload(cast.birch_case, cast.carys)
    client_of("dev").post(f"{CASE}documents/seen/", {"up_to": other.pk})
    other.refresh_from_db()
    assert other.seen_by_service_at is None


@pytest.mark.row("S78")
def test_the_owner_gets_one_notification_for_each_batch(cast: Cast) -> None:
    from portal.documents import actions as documents
    from portal.files import actions as files

    target = documents.target_of(cast.case)
    sent = [files.receive(f"{n}.pdf", [PDF], target=target, by=cast.amina) for n in range(4)]
    documents.submit_documents(cast.case, categories={one.pk: "repairs" for one in sent}, by=cast.amina)
    while fan_out.fan_out_one(clock.now()):
        pass
    rung = inbox.unread(cast.dev).filter(entry__kind=Happened.DOCUMENTS_UPLOADED)
    assert [row.entry.details["count"] for row in rung] == [4]


@pytest.mark.parametrize(("visibility", "sees"), [("both", 200), ("staff", 404)])
def test_a_document_is_added_for_both_sides_or_for_the_service(
    cast: Cast, client_of: Browser, visibility: str, sees: int
) -> None:
    given = {"file": SimpleUploadedFile("Note.pdf", PDF), "category": "telephone", "visibility": visibility}
    page = check(client_of("dev").post(f"{CASE}documents/new/", given, follow=True))
    said = page.select_one(".govuk-notification-banner").get_text()
    assert ("The landlord is told" if sees == 200 else "does not see it") in said
    document = Document.objects.get()
    assert document.visibility == Visibility(visibility)
    assert client_of("amina").get(f"/cases/202601234/documents/{document.pk}/").status_code == sees


@pytest.mark.row("H8")
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"file": SimpleUploadedFile("a.zip", b"PK\3\4xxxx"), "category": "other", "visibility": "both"}, ""),
        ({"category": "other", "visibility": "both"}, "file"),
        ({"file": SimpleUploadedFile("a.pdf", PDF), "category": "nonsense", "visibility": "both"}, "category"),
        ({"file": SimpleUploadedFile("a.pdf", PDF), "category": "other", "visibility": "world"}, "visibility"),
    ],
)
def test_a_document_that_is_refused_is_not_kept(cast: Cast, client_of: Browser, given: dict, field: str) -> None:
    page = check(client_of("dev").post(f"{CASE}documents/new/", given))
    assert page.select_one(".govuk-error-summary")
    assert not field or page.select_one(f"#id_{field}-error")
    assert not Document.objects.exists()


@pytest.mark.row("C14")
def test_a_message_shows_whether_and_when_the_landlord_read_it(cast: Cast, client_of: Browser) -> None:
    dev = client_of("dev")
    answer = dev.post(f"{CASE}messages/new/", {"subject": "Your complaint procedure", "body": "Hello", "do": "send"})
    thread = Thread.objects.get()
    assert answer["Location"] == f"{CASE}messages/{thread.pk}/"
    assert "Not yet read by the landlord" in check(dev.get(answer["Location"])).get_text()
    assert "has not read 1 message" in check(dev.get(f"{CASE}messages/")).get_text()
    client_of("ben").get(f"/cases/202601234/messages/{thread.pk}/")
    page = check(dev.get(answer["Location"])).get_text()
    assert "Read by Ben Carter on" in page
    theirs = client_of("ben").get(f"/cases/202601234/messages/{thread.pk}/").content.decode()
    assert "Read by" not in theirs


@pytest.mark.row("S52")
@pytest.mark.row("S54")
def test_a_caseworker_replies_more_than_once_with_an_attachment(cast: Cast, client_of: Browser) -> None:
    thread = messaging.start_thread(cast.case, subject="A question", body="When?", by=cast.amina)
    dev, address = client_of("dev"), f"{CASE}messages/{thread.pk}/"
    for body in ("Soon.", "On Monday."):
        after = check(dev.get(address)).select_one("input[name=after]")["value"]
        files = {"files": SimpleUploadedFile("plan.pdf", PDF)} if body == "Soon." else {}
        assert dev.post(address, {"body": body, "after": after, "do": "send", **files}).status_code == 302
    page = check(dev.get(address))
    assert list(Message.objects.order_by("id").values_list("body", flat=True)) == ["When?", "Soon.", "On Monday."]
    document = Document.objects.get()
    assert page.select_one(f'main a[href="{CASE}documents/{document.pk}/"]')
    assert client_of("amina").get(f"/cases/202601234/documents/{document.pk}/").status_code == 200


@pytest.mark.row("C9")
def test_an_auditor_reads_messages_without_marking_them_read_and_cannot_write(cast: Cast, client_of: Browser) -> None:
    thread = messaging.start_thread(cast.case, subject="A question", body="When?", by=cast.amina)
    hana, address = client_of("hana"), f"{CASE}messages/{thread.pk}/"
    page = check(hana.get(address))
    assert "When?" in page.get_text()
    assert not page.select("main form")
    assert hana.post(address, {"body": "x", "do": "send"}).status_code == 403
    thread.refresh_from_db()
    assert thread.unread_by_service == 1
    assert Message.objects.count() == 1
