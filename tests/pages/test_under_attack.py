"""What an attacker tried on a whole portal: forms sent twice at once, large bodies, secrets in logs, acts without a trace."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.log import configure_logging

from portal.accounts.actions import forget_old
from portal.accounts.models import IdempotencyKey
from portal.audit.models import AuditRow
from portal.documents.models import Document
from portal.lib import clock
from portal.lib.masking import MaskSecrets, masked
from portal.lib.working_days import WorkingCalendar
from portal.mail.models import OutgoingMail
from portal.notifications.models import Delivery
from portal.pages.middleware import body_limit
from portal.support.models import IncomingMail, Notice, Ticket
from portal.tasks.models import Task
from tests.cast import PASSWORD, Cast
from tests.conftest import Browser
from tests.signing_in import at_once, mails_to, sign_in, sign_in_by_pages, type_password
from tests.support_scene import PICTURE
from tests.well_formed import check

TASK = "/casework/cases/202601234/tasks/new/"
DOCUMENT = "/casework/cases/202601234/documents/new/"
NOTICE = "/casework/support/notices/new/"
MANY_FILES = "/cases/202601234/documents/"
BIG = 100 * 1024 * 1024


def _mark(client: Client, address: str) -> str:
    """The hidden mark of the form as it is shown."""
    marked = check(client.get(address)).select_one("input[name=once]")
    assert marked is not None
    return str(marked["value"])


def _task(**other: str) -> dict[str, str]:
    due = WorkingCalendar().add(clock.today(), 15)  # only working days are taken
    date = {"due_on-day": str(due.day), "due_on-month": str(due.month), "due_on-year": str(due.year)}
    return {"kind": "respond-to-request", "title": "Send the log", "details": "", "letter": "", **date, **other}


def _forms(name: str) -> tuple[str, str, type, dict[str, object]]:
    """Who sends it, where, what is made, and what is filled in."""
    return {
        "task": ("dev", TASK, Task, _task()),
        "document": ("dev", DOCUMENT, Document, {"category": "repairs", "visibility": "both"}),
        "notice": ("gwen", NOTICE, Notice, {"kind": "known-issue", "text": "Sorting is slow."}),
        "chat": ("amina", "/help/chat/", Ticket, {"text": "How do I add a colleague?"}),
        "report": (
            "amina",
            "/help/report/",
            Ticket,
            {"affected": "main", "addresses": "amina@alder.example", "description": "It fails.", "subject_line": ""},
        ),
    }[name]


@pytest.mark.row("H24")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["task", "document", "notice", "chat", "report"])
def test_a_form_sent_four_times_at_the_same_moment_is_done_once(name: str, cast: Cast) -> None:
    who, address, model, filled = _forms(name)
    shown = Client()
    sign_in(shown, cast.users[who])
    given = {**filled, "once": _mark(shown, address)}
    answers = []

    def send() -> None:
        client = Client()
        client.cookies = shown.cookies
        file = {"file": SimpleUploadedFile("Letter.txt", b"Please read this.\n")} if name == "document" else {}
        answers.append(client.post(address, {**given, **file}))

    before = model.objects.count()
    at_once([send] * 4)
    assert model.objects.count() == before + 1
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer.url for answer in answers}) == 1


@pytest.mark.row("H24")
def test_a_form_that_was_changed_before_it_was_sent_again_is_another_sending(cast: Cast, client_of: Browser) -> None:
    dev = client_of("dev")
    mark = _mark(dev, TASK)
    for title in ("Send the log", "Send the photographs", "Send the log"):
        assert dev.post(TASK, _task(title=title, once=mark)).status_code == 302
    assert sorted(Task.objects.values_list("title", flat=True)) == ["Send the log", "Send the photographs"]


def test_a_form_that_a_rule_refused_may_be_sent_again_under_the_same_mark(cast: Cast, client_of: Browser) -> None:
    dev = client_of("dev")
    mark = _mark(dev, TASK)
    refused = dev.post(TASK, _task(kind="for-information", once=mark))
    assert check(refused).select_one("input[name=once]")["value"] == mark
    assert not IdempotencyKey.objects.exists()
    assert dev.post(TASK, _task(once=mark)).status_code == 302
    with clock.moved_to(clock.now() + timedelta(days=2)):
        assert forget_old(clock.now())
    assert not IdempotencyKey.objects.exists()


@pytest.mark.row("H4")
@pytest.mark.parametrize("who", ["nobody", "amina"])
def test_only_who_is_signed_in_may_send_a_body_of_many_files(who: str, cast: Cast, client_of: Browser) -> None:
    request = RequestFactory().post(MANY_FILES, CONTENT_LENGTH=str(BIG))
    request.session = (Client() if who == "nobody" else client_of(who)).session
    answer = body_limit(lambda _: HttpResponse("let through"))(request)
    assert answer.status_code == (413 if who == "nobody" else 200)
    assert Client().post(MANY_FILES, {"x": "y"}, headers={"Content-Length": str(BIG)}).status_code == 413


@pytest.mark.row("H4")
def test_a_path_before_the_portals_own_does_not_widen_the_limit(cast: Cast, client_of: Browser) -> None:
    request = RequestFactory().post("/help/chat/", SCRIPT_NAME="/cases/202601234/documents", CONTENT_LENGTH=str(BIG))
    request.session = client_of("amina").session
    assert body_limit(lambda _: pytest.fail("let through"))(request).status_code == 413


@pytest.mark.row("H4")
def test_screenshots_that_are_too_many_or_too_large_are_refused_unread(cast: Cast, client_of: Browser) -> None:
    amina = client_of("amina")
    for count, size in ((6, 10), (3, 7 * 1024 * 1024)):
        pictures = [SimpleUploadedFile(f"{n}.png", PICTURE + bytes(size)) for n in range(count)]
        answer = amina.post("/help/chat/", {"text": "Look.", "screenshots": pictures})
        assert answer.status_code == 400
        assert "None were kept" in check(answer).select_one(".govuk-error-summary").get_text()
    assert not Ticket.objects.exists()


@pytest.mark.row("H33")
def test_the_log_of_the_web_server_holds_no_live_secret(db: None, tmp_path: Path) -> None:
    file = tmp_path / "web.log"
    handler = {"class": "logging.FileHandler", "filename": str(file), "filters": ["mask_secrets"]}
    try:
        configure_logging(
            "logging.config.dictConfig",
            {**settings.LOGGING, "handlers": {"console": {**settings.LOGGING["handlers"]["console"], **handler}}},
        )
        strict = Client(enforce_csrf_checks=True)
        for address in ("/new-password/s3cret-token/", "/help/follow/s3cret-token/"):
            strict.get(address)
            strict.post(address, {"password": "x"})
        logging.getLogger("django.server").info('"%s" %s', "GET /help/follow/s3cret-token/ HTTP/1.1", 200)
    finally:
        logging.shutdown()
        configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    written = file.read_text()
    assert "/new-password/(secret)" in written
    assert written.count("/help/follow/(secret)") >= 2
    assert "s3cret" not in written


@pytest.mark.row("H33")
def test_secrets_are_masked_however_the_path_is_written() -> None:
    assert masked("GET /sign-in/?next=%2Fhelp%2Ffollow%2FabcDEF%2F HTTP/1.1") == (
        "GET /sign-in/?next=%2Fhelp%2Ffollow%2F(secret) HTTP/1.1"
    )
    assert (
        masked('"https://portal.example/new-password/abc/?x=1"') == '"https://portal.example/new-password/(secret)?x=1"'
    )
    plain = logging.LogRecord("x", logging.INFO, "", 0, "at %s", ("/cases/",), None)
    assert MaskSecrets().filter(plain)
    assert plain.args == ("/cases/",)


def _verbs() -> list[str]:
    return list(AuditRow.objects.order_by("id").values_list("verb", flat=True))


@pytest.mark.row("C30")
def test_signing_in_and_out_and_guessing_leave_a_trace(cast: Cast) -> None:
    address, amina = "amina@alder.example", cast.users["amina"]
    client = Client()
    type_password(client, address, "not-her-password")
    wrong = AuditRow.objects.get(verb="wrong password")
    assert (wrong.details["user"], wrong.details["ip"], wrong.actor_id) == (amina.pk, "127.0.0.1", None)
    sign_in_by_pages(client, address, PASSWORD)
    assert AuditRow.objects.get(verb="signed in").actor_id == amina.pk
    client.post("/account/devices/sign-out-others/")
    client.post("/sign-out/")
    assert AuditRow.objects.get(verb="signed the other devices out").actor_id == amina.pk
    assert AuditRow.objects.get(verb="signed out").actor_id == amina.pk
    for _ in range(5):
        type_password(Client(), address, "not-her-password")
    assert _verbs().count("sign-in lock began") == 1
    client.post("/forgotten-password/", {"email": address})
    assert AuditRow.objects.get(verb="link to make a password asked for").record_id == str(amina.pk)


@pytest.mark.row("H30")
def test_what_is_written_of_a_guess_is_the_same_for_an_address_that_nobody_has(cast: Cast) -> None:
    type_password(Client(), "nobody@alder.example", "any-password-at-all")
    assert AuditRow.objects.get(verb="wrong password").details["user"] is None
    Client().post("/forgotten-password/", {"email": "nobody@alder.example"})
    assert "link to make a password asked for" not in _verbs()


@pytest.mark.row("C30")
def test_opening_a_list_of_peoples_addresses_is_recorded(cast: Cast, client_of: Browser) -> None:
    gwen = client_of("gwen")
    for address, model in (
        ("/casework/mail/", OutgoingMail),
        ("/casework/mail/notifications/", Delivery),
        ("/casework/support/mail/", IncomingMail),
        ("/casework/support/spam/", Ticket),
    ):
        assert gwen.get(address).status_code == 200
        row = AuditRow.objects.order_by("-id")[0]
        assert (row.actor_id, row.record, row.record_id) == (cast.gwen.user_id, model._meta.model_name, "")


@pytest.mark.row("H53")
def test_no_form_takes_an_address_that_no_mail_can_be_sent_to(cast: Cast) -> None:
    unsendable = f"amina@{'ü' * 61}.example"
    answer = Client().post("/forgotten-password/", {"email": unsendable})
    assert "in the correct format" in check(answer).select_one(".govuk-error-summary").get_text()
    report = {"email": unsendable, "affected": "main", "addresses": "a@alder.example", "description": "It fails."}
    assert Client().post("/help/report/", report).status_code == 400
    assert not mails_to(unsendable, "password link")
