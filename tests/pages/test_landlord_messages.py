"""The Messages tab through the browser's eyes: threads, history, replies, a new message, files that go with it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.cases import actions as cases
from portal.cases.statuses import Status
from portal.documents.models import Document
from portal.files.models import Upload
from portal.messaging import actions as messaging
from portal.messaging.models import Message, Thread
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from tests.cast import Cast, in_days
from tests.conftest import Browser
from tests.rules import made_documents as made
from tests.sent_files import sent
from tests.well_formed import check

TAB = "/cases/202601234/messages/"
NEW = TAB + "new/"


@pytest.fixture
def amina(client_of: Browser) -> Client:
    return client_of("amina")


@pytest.fixture
def thread(cast: Cast) -> Thread:
    return messaging.start_thread(cast.case, subject="Repairs", body="Please send the repair log.", by=cast.dev)


def _task(cast: Cast) -> Task:
    return tasks.set_task(
        cast.case, kind=TaskKind.RESPOND_TO_REQUEST, title="Send the log", due_on=in_days(9), by=cast.dev
    )


@pytest.mark.row("S51")
def test_the_tab_lists_threads_with_what_is_unread(cast: Cast, amina: Client, thread: Thread) -> None:
    sibling = cases.release_case(cast.hidden, by=cast.dev)
    for case in (cast.birch_case, sibling):
        messaging.start_thread(case, subject="Elsewhere", body="Not for this case.", by=cast.dev)
    page = check(amina.get(TAB))
    assert page.find("a", string="Repairs")["href"] == f"{TAB}{thread.pk}/"
    assert "1 unread" in page.text
    assert "Elsewhere" not in page.text
    amina.get(f"{TAB}{thread.pk}/")
    assert "unread" not in check(amina.get(TAB)).select_one(".portal-threads").text


def test_an_empty_tab_says_so_and_offers_to_start(amina: Client) -> None:
    page = check(amina.get(TAB))
    assert "No messages yet" in page.text
    assert page.find("a", href=NEW)


@pytest.mark.row("S52")
@pytest.mark.row("S53")
def test_replies_are_shown_with_who_and_when_on_their_side(cast: Cast, amina: Client, thread: Thread) -> None:
    address = f"{TAB}{thread.pk}/"
    for words in ("It comes tomorrow.", "Here it is."):
        response = amina.post(address, {"body": words, "do": "send"})
        assert response.url == address
    page = check(amina.get(address))
    items = page.select(".moj-message-item")
    assert [("--sent" in str(item.get("class")), item.p.text) for item in items] == [
        (False, "Please send the repair log."),
        (True, "It comes tomorrow."),
        (True, "Here it is."),
    ]
    assert "Dev Patel" in items[0].text
    assert "Amina Yusuf" in items[2].text
    assert not page.select(".moj-message-item button, .moj-message-item form")


@pytest.mark.row("S55")
def test_the_paperclip_says_where_evidence_goes(amina: Client, thread: Thread) -> None:
    for address in (f"{TAB}{thread.pk}/", NEW):
        hint = check(amina.get(address)).select_one("#id_files-hint")
        assert "information or evidence" in hint.text
        assert hint.a["href"] == "/cases/202601234/documents/"


@pytest.mark.row("D6")
def test_a_landlord_starts_a_message_on_the_case_and_about_a_task(cast: Cast, amina: Client) -> None:
    task = _task(cast)
    page = check(amina.get(f"{NEW}?task={task.pk}"))
    assert page.select_one("#id_subject")["value"] == "Send the log"
    assert page.find("a", href=f"/tasks/{task.pk}/")
    for address in (NEW, f"{NEW}?task={task.pk}"):
        after = check(amina.get(address)).select_one("input[name=after]")["value"]
        amina.post(address, {"subject": "Which log?", "body": "There are two.", "do": "send", "after": after})
    assert [thread.task for thread in Thread.objects.order_by("id")] == [None, task]


@pytest.mark.row("H44")
def test_a_task_of_another_case_or_of_nobody_answers_404(cast: Cast, amina: Client) -> None:
    theirs = tasks.set_task(
        cast.birch_case, kind=TaskKind.RESPOND_TO_REQUEST, title="Theirs", due_on=in_days(9), by=cast.dev
    )
    for asked in (theirs.pk, 999_999, "x"):
        assert amina.get(f"{NEW}?task={asked}").status_code == 404
        assert amina.post(f"{NEW}?task={asked}", {"subject": "A", "body": "B", "do": "send"}).status_code == 404
    assert not Thread.objects.exists()


@pytest.mark.row("S54")
def test_attaching_keeps_what_was_typed_and_sends_only_with_send(amina: Client, thread: Thread) -> None:
    address = f"{TAB}{thread.pk}/"
    files = [sent("log.pdf", made.pdf()), sent("log.zip", made.zipped(("a", "a"))), sent("letter.docx", made.docx_())]
    page = check(amina.post(address, {"body": "Half a sent", "files": files, "do": "attach"}))
    assert page.select_one("#id_body").text.strip() == "Half a sent"
    assert "log.zip was not attached. It is a compressed file." in page.select_one(".govuk-error-summary").text
    hidden = [tag["value"] for tag in page.select("input[name=attachment]")]
    assert len(hidden) == 2
    assert thread.messages.count() == 1
    amina.post(address, {"body": "All of it", "attachment": hidden, "do": "send"})
    message = thread.messages.latest("id")
    assert [attachment.document.name for attachment in message.attachments.order_by("id")] == ["log.pdf", "letter.docx"]
    page = check(amina.get(address))
    link = page.select_one(".portal-attachments a")
    assert link.text == "log.pdf"
    assert b"".join(amina.get(link["href"]).streaming_content) == made.pdf()
    assert not page.select("[data-upload-list]")


def test_send_takes_the_files_that_were_just_chosen_too(amina: Client, thread: Thread) -> None:
    response = amina.post(f"{TAB}{thread.pk}/", {"body": "Here", "files": [sent("log.pdf", made.pdf())], "do": "send"})
    assert response.status_code == 302
    assert Document.objects.get().name == "log.pdf"


def test_send_with_a_refused_file_sends_nothing_and_loses_nothing(amina: Client, thread: Thread) -> None:
    address = f"{TAB}{thread.pk}/"
    files = [sent("log.pdf", made.pdf()), sent("log.odt", made.open_document())]
    page = check(amina.post(address, {"body": "Here", "files": files, "do": "send"}))
    assert "log.odt was not attached" in page.text
    assert page.select_one("#id_body").text.strip() == "Here"
    assert len(page.select("input[name=attachment]")) == 1
    assert thread.messages.count() == 1


def test_a_refused_attachment_stands_apart_and_the_page_after_sending_says_that_it_was_left_out(
    amina: Client, thread: Thread
) -> None:
    address = f"{TAB}{thread.pk}/"
    files = [sent("log.pdf", made.pdf()), sent("log.zip", made.zipped(("a", "a")))]
    page = check(amina.post(address, {"body": "Here", "files": files, "do": "send"}))
    assert [row.select_one(".portal-upload-row__name").text for row in page.select("[data-upload-list] > li")] == [
        "log.pdf"
    ]
    (refused,) = page.select("[data-upload-refused] > li")
    assert refused.find_previous("h2").get_text(strip=True) == "Not attached (1)"
    assert "It is a compressed file. Unpack it" in refused.text
    hidden = [tag["value"] for tag in page.select("input[name=attachment]")]
    after = check(amina.post(address, {"body": "Here", "attachment": hidden, "do": "send"}, follow=True))
    assert "Your message has been sent. Not attached: log.zip." in after.text
    assert not after.select("[data-upload-refused]")


@pytest.mark.row("S80")
def test_a_file_that_the_browser_held_back_is_named_before_anything_is_sent(amina: Client, thread: Thread) -> None:
    address = f"{TAB}{thread.pk}/"
    page = check(amina.post(address, {"body": "Here", "too-large": "survey.pdf", "do": "send"}))
    assert "survey.pdf was not attached. It is larger than 20 MB." in page.select_one(".govuk-error-summary").text
    assert "survey.pdf" in page.select_one("[data-upload-refused]").text
    assert thread.messages.count() == 1


def test_nothing_says_that_a_file_will_be_sent_before_it_was_checked(amina: Client) -> None:
    page = check(amina.get(NEW))
    assert page.select_one("[data-module=portal-attach]")["data-words"] == "Checked when you select “Send”"
    assert "If we accept them all, they are sent with your message. If not, nothing is sent" in page.text


def test_attaching_nothing_is_said_and_sending_without_files_is_fine(amina: Client, thread: Thread) -> None:
    address = f"{TAB}{thread.pk}/"
    assert (
        "No file arrived"
        in check(amina.post(address, {"body": "Here", "do": "attach"})).select_one(".govuk-error-summary").text
    )
    assert amina.post(address, {"body": "Here", "do": "send"}).status_code == 302


def test_a_file_is_removed_and_the_words_stay(amina: Client, thread: Thread) -> None:
    address = f"{TAB}{thread.pk}/"
    amina.post(address, {"body": "Here", "files": [sent("log.pdf", made.pdf())], "do": "attach"})
    upload = Upload.objects.get()
    page = check(amina.post(address, {"body": "Here", "attachment": upload.pk, "remove": upload.pk}))
    assert page.select_one("#id_body").text.strip() == "Here"
    assert not Upload.objects.exists()
    assert thread.messages.count() == 1


def test_a_second_press_of_send_sends_nothing_more(amina: Client, thread: Thread) -> None:
    address = f"{TAB}{thread.pk}/"
    after = check(amina.get(address)).select_one("input[name=after]")["value"]
    for _ in range(2):
        assert amina.post(address, {"body": "Here", "after": after, "do": "send"}).url == address
    assert thread.messages.count() == 2
    after = check(amina.get(NEW)).select_one("input[name=after]")["value"]
    answers = {amina.post(NEW, {"subject": "A", "body": "B", "after": after, "do": "send"}).url for _ in range(2)}
    assert len(answers) == 1


@pytest.mark.both
def test_a_message_sent_again_after_back_is_sent_only_when_send_is_pressed_once_more(
    amina: Client, thread: Thread
) -> None:
    for address, typed in ((f"{TAB}{thread.pk}/", {"body": "Here"}), (NEW, {"subject": "A", "body": "Here"})):
        shown = check(amina.get(address)).select_one("input[name=after]")["value"]
        assert amina.post(address, {**typed, "after": shown, "do": "send"}).status_code == 302
        count = Message.objects.count()
        shown = check(amina.get(address)).select_one("input[name=after]")["value"]
        page = check(amina.post(address, {**typed, "after": shown, "do": "send"}))
        assert "was not sent a second time" in page.select_one(".govuk-error-summary").text
        assert (page.select_one("#id_body").text.strip(), Message.objects.count()) == ("Here", count)
        hidden = {one["name"]: one["value"] for one in page.select(".portal-compose input[type=hidden][value]")}
        assert amina.post(address, {**hidden, **typed, "do": "send"}).status_code == 302
        assert Message.objects.count() == count + 1


@pytest.mark.both
def test_an_answer_that_crosses_another_is_kept_and_shown_below_it(
    cast: Cast, client_of: Browser, thread: Thread
) -> None:
    address, dev, esi = f"/casework/cases/202601234/messages/{thread.pk}/", client_of("dev"), client_of("esi")
    shown = [check(one.get(address)).select_one("input[name=after]")["value"] for one in (dev, esi)]
    assert dev.post(address, {"body": "Send the log.", "after": shown[0], "do": "send"}).status_code == 302
    upload = {"body": "Do not send it.", "after": shown[1], "do": "send", "files": [sent("log.pdf", made.pdf())]}
    page = check(esi.post(f"{address}?before={shown[1]}", upload))
    assert "Somebody has written in this exchange" in page.select_one(".govuk-error-summary").text
    assert "Send the log." in page.select_one(".moj-messages, main").text
    assert page.select_one("#id_body").text.strip() == "Do not send it."
    (waits,) = [one["value"] for one in page.select("input[name=attachment]")]
    now = page.select_one("input[name=after]")["value"]
    again = {"body": "Do not send it.", "after": now, "attachment": waits, "do": "send"}
    assert esi.post(address, again).status_code == 302
    assert [message.body for message in thread.messages.order_by("id")][-2:] == ["Send the log.", "Do not send it."]


@pytest.mark.row("H4")
@pytest.mark.both
@pytest.mark.parametrize("after", ["9" * 30, "-" + "9" * 30, ""])
def test_an_impossible_newest_message_keeps_nothing_from_being_sent(amina: Client, thread: Thread, after: str) -> None:
    amina.post(f"{TAB}{thread.pk}/", {"body": "Here it is", "after": after, "do": "send"})
    assert thread.messages.filter(body="Here it is").count() == 1


def test_words_that_are_missing_or_too_long_are_refused_with_everything_kept(amina: Client) -> None:
    page = check(amina.post(NEW, {"subject": "", "body": "Some words", "do": "send"}))
    assert page.select_one(".govuk-error-summary a")["href"] == "#id_subject"
    assert page.select_one("#id_body").text.strip() == "Some words"
    long = "x" * 10_001
    page = check(amina.post(NEW, {"subject": "A question", "body": long, "do": "send"}))
    assert "You used 10,001" in page.select_one("#id_body-error").text
    assert page.select_one("#id_body").text.strip() == long
    assert page.select_one("#id_subject")["value"] == "A question"
    assert amina.post(NEW, {"subject": "A question", "body": "x" * 10_000, "do": "send"}).status_code == 302
    assert amina.post(NEW, {"subject": "A question", "body": "x" * 3_000_000, "do": "send"}).status_code == 400
    assert len(Message.objects.get().body) == 10_000


def test_what_was_typed_is_text_and_links_in_it_are_not_followed(amina: Client, thread: Thread) -> None:
    words = "<script>alert(1)</script> {{ 7*7 }} https://evil.example/ " + "w" * 5_000
    amina.post(f"{TAB}{thread.pk}/", {"body": words, "do": "send"})
    page = check(amina.get(f"{TAB}{thread.pk}/"))
    assert words in page.text
    assert not page.find("a", href="https://evil.example/")


@pytest.mark.row("H45")
def test_another_landlord_finds_no_thread_under_any_case(cast: Cast, client_of: Browser, thread: Thread) -> None:
    carys = client_of("carys")
    for reference in ("202601234", "202609999"):
        address = f"/cases/{reference}/messages/{thread.pk}/"
        assert carys.get(address).status_code == 404
        assert carys.post(address, {"body": "Mine", "do": "send"}).status_code == 404
    assert carys.get(TAB).status_code == 404
    assert carys.post(NEW, {"subject": "A", "body": "B", "do": "send"}).status_code == 404
    assert Message.objects.count() == 1


@pytest.mark.row("H19")
def test_a_colleagues_waiting_file_is_neither_shown_nor_sent(amina: Client, client_of: Browser, thread: Thread) -> None:
    address, ben = f"{TAB}{thread.pk}/", client_of("ben")
    amina.post(address, {"body": "Here", "files": [sent("log.pdf", made.pdf())], "do": "attach"})
    assert not check(ben.get(address)).select("[data-upload-list]")
    page = check(ben.post(address, {"body": "Mine", "attachment": Upload.objects.get().pk, "do": "send"}))
    assert "no longer waiting" in page.select_one(".govuk-error-summary").text
    assert page.select_one("#id_body").text.strip() == "Mine"


def test_a_closed_case_is_read_and_not_written(cast: Cast, amina: Client, thread: Thread) -> None:
    cases.move_case(cast.case, to=Status.CLOSED, reason="Ended.", by=cast.dev)
    address = f"{TAB}{thread.pk}/"
    page = check(amina.get(address))
    assert "Please send the repair log." in page.text
    assert not page.select("textarea")
    for posted in (address, NEW):
        response = amina.post(posted, {"subject": "A", "body": "One more", "do": "send"})
        assert "This case is closed" in check(response).select_one(".govuk-error-summary").text
        amina.post(posted, {"body": "One more", "files": [sent("log.pdf", made.pdf())], "do": "attach"})
    assert Message.objects.count() == 1
    assert not Upload.objects.exists()


def _read_all(client: Client, thread: Thread) -> list[str]:
    """From the newest part to the first; what each message says, oldest first."""
    said: list[str] = []
    address = f"{TAB}{thread.pk}/"
    while address:
        page = check(client.get(address))
        said = [" ".join(one.text.split()) for one in page.select(".moj-message-item__text")] + said
        link = page.select_one("a[href^='?before=']")
        address = f"{TAB}{thread.pk}/{link['href']}" if link else ""
    return said


@pytest.mark.row("S53")
def test_a_long_history_is_read_part_by_part_and_none_of_it_is_lost(cast: Cast, amina: Client, thread: Thread) -> None:
    words = [f"Message {number}" for number in range(120)]
    for number, body in enumerate(words):
        messaging.reply(thread, body=body, by=cast.dev if number % 2 else cast.amina)
    newest = check(amina.get(f"{TAB}{thread.pk}/"))
    shown = [one.text.strip() for one in newest.select(".moj-message-item__text")]
    assert shown == words[70:]
    assert newest.select_one("a[href^='?before=']").text == "See 71 earlier messages"
    assert _read_all(amina, thread) == ["Please send the repair log.", *words]
    first = check(amina.get(f"{TAB}{thread.pk}/?before={Message.objects.order_by('id')[50].pk}"))
    assert "71 messages after these" in first.text
    assert not first.select("a[href^='?before=']")


@pytest.mark.row("C14")
def test_only_what_was_shown_is_read(cast: Cast, amina: Client, client_of: Browser, thread: Thread) -> None:
    amina.get(f"{TAB}{thread.pk}/")
    for number in range(60):
        messaging.reply(thread, body=f"Message {number}", by=cast.dev)
    amina.get(f"{TAB}{thread.pk}/")
    thread.refresh_from_db()
    assert thread.unread_by_landlord == 10
    assert Message.objects.filter(read_at__isnull=True).count() == 10
    _read_all(amina, thread)
    thread.refresh_from_db()
    assert thread.unread_by_landlord == 0
    assert not Message.objects.filter(read_at__isnull=True).exists()


@pytest.mark.row("S54")
def test_an_attachment_of_an_earlier_part_opens(cast: Cast, amina: Client, thread: Thread) -> None:
    upload = messaging.receive_attachment(cast.case, "early.txt", [b"Early words"], by=cast.dev, thread=thread)
    messaging.reply(thread, body="Attached", by=cast.dev, upload_ids=[upload.pk])
    for number in range(60):
        messaging.reply(thread, body=f"Message {number}", by=cast.amina)
    newest = check(amina.get(f"{TAB}{thread.pk}/"))
    assert not newest.select(".portal-attachments")
    part = newest.select_one("a[href^='?before=']")["href"]
    earlier = check(amina.get(f"{TAB}{thread.pk}/{part}"))
    (link,) = earlier.select(".portal-attachments a")
    assert b"".join(amina.get(link["href"]).streaming_content) == b"Early words"


@pytest.mark.parametrize("asked", ["0", "-1", "x", "1" * 30, "", "1"])
def test_an_impossible_part_is_no_error(amina: Client, thread: Thread, asked: str) -> None:
    check(amina.get(f"{TAB}{thread.pk}/?before={asked}"))


def test_a_thread_takes_few_statements_however_long_it_is(cast: Cast, amina: Client, thread: Thread) -> None:
    amina.get(f"{TAB}{thread.pk}/")
    counts = []
    for number in (3, 60):
        for n in range(number):
            upload = messaging.receive_attachment(cast.case, f"{n}.txt", [b"Words"], by=cast.dev, thread=thread)
            messaging.reply(thread, body="Words", by=cast.dev, upload_ids=[upload.pk])
            messaging.start_thread(cast.case, subject=f"{n}", body="Words", by=cast.dev)
        _read_all(amina, thread)
        with CaptureQueriesContext(connection) as shown:
            amina.get(f"{TAB}{thread.pk}/")
        with CaptureQueriesContext(connection) as listed:
            amina.get(TAB)
        counts.append((len(shown), len(listed)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 16, counts  # one asks for what was kept of an unsent message, one for what stands earlier
    assert counts[0][1] <= 12
