"""Work survives a time-out: what was typed comes back to the same person on the same page, and to nobody else."""

import io
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import Client

from portal.accounts.models import Session, User
from portal.determinations import drafting
from portal.determinations.models import Review
from portal.documents import actions as documents
from portal.drafts import actions as drafts
from portal.drafts.models import Draft
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.messaging.models import Message
from portal.pages.drafting import drafted
from portal.restrictions.models import Restriction
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from tests import determination_scene as scene
from tests.cast import PASSWORD, in_days
from tests.signing_in import ask_for_code, sign_in, sign_in_by_pages, type_code, type_password
from tests.support_scene import reported
from tests.well_formed import check

AMINA = "amina@alder.example"
TYPED = "The boiler was replaced on 3 March."
SCRIPT = {"HTTP_ACCEPT": "application/json", "HTTP_X_PORTAL_BACKGROUND": "1"}


@pytest.fixture
def thread(cast) -> str:
    """The address of an exchange on Alder's case, as Amina reads it."""
    started = messaging.start_thread(cast.case, subject="Access", body="Please arrange access.", by=cast.dev)
    return f"/cases/{cast.case.reference}/messages/{started.pk}/"


@pytest.fixture
def other(cast) -> str:
    started = messaging.start_thread(cast.case, subject="Rent", body="Please send the account.", by=cast.dev)
    return f"/cases/{cast.case.reference}/messages/{started.pk}/"


@pytest.fixture
def task(cast) -> Task:
    return tasks.set_task(
        cast.case,
        kind=TaskKind.RESPOND_TO_REQUEST,
        title="Send the log",
        details="",
        due_on=in_days(9),
        by=cast.dev,
    )


def _timed_out(user) -> datetime:
    return Session.objects.filter(user=user).latest("pk").last_active_at + timedelta(minutes=31)


def _text(answer) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True).split())


def _field(answer, name: str) -> str:
    return check(answer).find("main").find(attrs={"name": name}).get_text().strip("\n")


def _save(client: Client, address: str, shown: datetime | None = None, **fields: str):
    headers = {**SCRIPT, "HTTP_X_PORTAL_DRAFT": (shown or clock.now()).isoformat()}
    return client.post(address, fields, **headers)


# Without a script: the form is sent to a session that has timed out


@pytest.mark.row("B1")
@pytest.mark.row("D12")
@pytest.mark.row("H35")
def test_a_reply_sent_after_the_time_out_is_kept_and_stands_in_the_form_after_signing_in(cast, thread):
    client = Client()
    sign_in_by_pages(client, AMINA, PASSWORD)
    with clock.moved_to(_timed_out(cast.users["amina"])):
        answer = client.post(thread, {"body": TYPED, "do": "send"})
        assert answer.url == f"/sign-in/?next={thread}&kept=yes"
        told = check(client.get(answer.url)).get_text(" ", strip=True)
        assert "had not used the portal" in told
        assert "we have kept it" in told
        assert not Message.objects.filter(body=TYPED).exists()
        type_password(client, AMINA, PASSWORD, after=thread)
        assert type_code(client, ask_for_code(client, AMINA)).url == thread
        page = client.get(thread)
        assert _field(page, "body") == TYPED
        assert "We kept what you typed on" in _text(page)


@pytest.mark.row("B1")
def test_the_reason_for_being_unable_is_kept_too(cast, client_of, task):
    client, address = client_of("amina"), f"/tasks/{task.pk}/unable/"
    with clock.moved_to(_timed_out(cast.users["amina"])):
        client.post(address, {"reason": TYPED})
        sign_in(client, cast.users["amina"])
        assert _field(client.get(address), "reason") == TYPED
    task.refresh_from_db()
    assert task.is_outstanding


@pytest.mark.row("S41")
@pytest.mark.row("D12")
def test_a_request_for_a_review_is_kept_over_a_time_out_and_forgotten_once_it_is_sent(cast, client_of):
    scene.determined(cast)
    client, address = client_of("amina"), f"/cases/{cast.case.reference}/review/"
    given = {"grounds": ["facts"], "text": TYPED}
    with clock.moved_to(_timed_out(cast.users["amina"])):
        assert client.post(address, given).url.endswith("kept=yes")
        sign_in(client, cast.users["amina"])
        assert _field(client.get(address), "text") == TYPED
        assert client.post(address, given).status_code == 302
        assert drafts.kept(cast.users["amina"].pk, address) is None
        assert Review.objects.get().text == TYPED


@pytest.mark.row("C27")
@pytest.mark.row("D12")
def test_an_answer_of_the_support_desk_is_kept_over_a_time_out_and_forgotten_once_it_is_sent(cast, client_of):
    client, address = client_of("gwen"), f"/casework/support/{reported(cast).pk}/"
    given = {"text": TYPED, "then": "answer"}
    with clock.moved_to(_timed_out(cast.users["gwen"])):
        assert client.post(address, given).url == f"/sign-in/?next={address}&kept=yes"
        sign_in(client, cast.users["gwen"])
        assert _field(client.get(address), "text") == TYPED
        assert client.post(address, given).status_code == 302
        assert drafts.kept(cast.users["gwen"].pk, address) is None
        assert TYPED in client.get(address).content.decode()


@pytest.mark.row("B1")
@pytest.mark.row("H35")
def test_it_comes_back_to_the_same_person_on_the_same_page_only(cast, client_of, thread, other):
    client = client_of("amina")
    with clock.moved_to(_timed_out(cast.users["amina"])):
        client.post(thread, {"body": TYPED})
        sign_in(client, cast.users["amina"])
        assert TYPED not in client.get(other).content.decode()
        assert TYPED not in client.get(f"/cases/{cast.case.reference}/messages/new/").content.decode()
        assert TYPED in client.get(thread).content.decode()
        for name in ("ben", "carys", "dev"):
            somebody = client_of(name)
            for address in (thread, f"/casework{thread}"):
                page = somebody.get(address)
                assert TYPED not in page.content.decode()
                assert "We kept what you typed" not in page.content.decode()


@pytest.mark.row("H35")
def test_somebody_else_who_signs_in_in_the_same_browser_sees_nothing_of_it(cast, thread):
    client = Client()
    sign_in_by_pages(client, AMINA, PASSWORD)
    with clock.moved_to(_timed_out(cast.users["amina"])):
        answer = client.post(thread, {"body": TYPED})
        client.get(answer.url)
        type_password(client, "ben@alder.example", PASSWORD, after=thread)
        assert type_code(client, ask_for_code(client, "ben@alder.example")).url == "/"
        page = client.get(thread)
        assert _field(page, "body") == ""
        assert TYPED not in page.content.decode()


@pytest.mark.row("D12")
@pytest.mark.row("H37")
def test_without_the_csrf_token_nothing_is_kept(cast, thread):
    client = Client(enforce_csrf_checks=True)
    sign_in(client, cast.users["amina"])
    token = check(client.get(thread)).find("input", {"name": "csrfmiddlewaretoken"})["value"]
    with clock.moved_to(_timed_out(cast.users["amina"])):
        assert client.post(thread, {"body": TYPED}).status_code == 403
        assert Draft.objects.count() == 0
        assert client.post(thread, {"body": TYPED, "csrfmiddlewaretoken": token}).status_code == 302
        assert Draft.objects.count() == 1


@pytest.mark.row("D12")
def test_somebody_who_never_signed_in_keeps_nothing(cast, thread):
    assert Client().post(thread, {"body": TYPED}).url == "/sign-in/?next=/"
    assert Draft.objects.count() == 0


@pytest.mark.row("H33")
@pytest.mark.row("D12")
def test_passwords_and_codes_are_never_kept(cast, client_of):
    client = client_of("amina")
    with clock.moved_to(_timed_out(cast.users["amina"])):
        typed = {"current": PASSWORD, "password": "brand-new-words", "again": "brand-new-words"}
        answer = client.post("/account/password/", typed)
        assert answer.url == "/sign-in/?next=/&kept=no"
        assert "it was not done" in _text(client.get(answer.url))
    assert Draft.objects.count() == 0


def test_what_a_page_does_not_name_is_not_kept_with_it(cast, client_of, thread):
    client = client_of("amina")
    _save(client, thread, body=TYPED, password="secret-words", after="7")
    assert drafts.kept(cast.users["amina"].pk, thread).fields == {"body": TYPED}


# With a script


@pytest.mark.row("B1")
def test_a_script_saves_what_is_typed_and_that_is_no_activity(cast, client_of, thread):
    client = client_of("amina")
    begun = Session.objects.get(user=cast.users["amina"]).last_active_at
    with clock.moved_to(begun + timedelta(minutes=20)):
        assert _save(client, thread, body=TYPED).status_code == 204
    assert Session.objects.get(user=cast.users["amina"]).last_active_at == begun
    assert not Message.objects.filter(body=TYPED).exists()
    assert _field(client.get(thread), "body") == TYPED


@pytest.mark.row("H35")
def test_a_script_whose_session_has_timed_out_is_told_so_in_one_clear_answer(cast, client_of, thread):
    client = client_of("amina")
    with clock.moved_to(_timed_out(cast.users["amina"])):
        for answer in (
            client.get("/account/session/", HTTP_ACCEPT="application/json"),
            client.post(f"/cases/{cast.case.reference}/documents/", {}, HTTP_ACCEPT="application/json"),
        ):
            assert answer.status_code == 401
            assert "signed out" in answer.json()["words"]
        assert _save(client, thread, body=TYPED).status_code == 401
        sign_in(client, cast.users["amina"])
        assert _field(client.get(thread), "body") == TYPED


def test_what_was_sent_is_forgotten_and_a_late_word_of_the_script_does_not_bring_it_back(cast, client_of, thread):
    client, shown = client_of("amina"), clock.now()
    _save(client, thread, shown, body=TYPED)
    with clock.moved_to(shown + timedelta(seconds=9)):
        assert client.post(thread, {"body": TYPED, "do": "send"}).status_code == 302
    with clock.moved_to(shown + timedelta(seconds=10)):
        _save(client, thread, shown, body=TYPED)
        page = client.get(thread)
        assert _field(page, "body") == ""
        assert "We kept what you typed" not in _text(page)
        _save(client, thread, clock.now(), body="And another thing.")
        assert _field(client.get(thread), "body") == "And another thing."


@pytest.mark.row("B12")
@pytest.mark.row("D12")
def test_a_kept_reason_outlives_the_file_that_is_brought_without_a_script(cast, client_of):
    sent = documents.receive_document(cast.case, "wrong.txt", [b"Words"], by=cast.amina)
    made = documents.submit_documents(cast.case, categories={sent.pk: "rent"}, by=cast.amina)
    client, address = client_of("amina"), f"/cases/{cast.case.reference}/documents/{made.documents.get().pk}/replace/"
    _save(client, address, reason=TYPED)
    file = io.BytesIO(b"The right words")
    file.name = "right.txt"
    assert client.post(address, {"files": file}).url == address
    page = client.get(address)
    assert "right.txt" in _text(page)
    assert _field(page, "reason") == TYPED
    assert client.post(address, {"reason": TYPED, "do": "replace"}).status_code == 302
    assert drafts.kept(cast.users["amina"].pk, address) is None


def test_a_refused_message_keeps_its_draft(cast, client_of, thread):
    client = client_of("amina")
    _save(client, thread, body=TYPED)
    assert client.post(thread, {"body": "", "do": "send"}).status_code == 200
    assert _field(client.get(thread), "body") == TYPED


def test_the_person_may_discard_it(client_of, thread):
    client = client_of("amina")
    _save(client, thread, body=TYPED)
    assert "Discard" in _text(client.get(thread))
    assert client.post(thread, {"discard-draft": "1"}).url == thread
    page = client.get(thread)
    assert _field(page, "body") == ""
    assert "Discard" not in _text(page)


@pytest.mark.row("H33")
def test_a_draft_cannot_be_read_in_the_database(client_of, thread):
    _save(client_of("amina"), thread, body=TYPED)
    row = Draft.objects.get()
    assert TYPED not in row.sealed
    assert "boiler" not in row.sealed


def test_a_draft_sealed_with_another_key_is_gone_and_breaks_no_page(client_of, thread):
    client = client_of("amina")
    _save(client, thread, body=TYPED)
    Draft.objects.update(sealed="not ours")
    assert _field(client.get(thread), "body") == ""


def test_a_new_message_about_one_task_is_not_the_one_about_another(cast, client_of, task):
    client, new = client_of("amina"), f"/cases/{cast.case.reference}/messages/new/"
    _save(client, f"{new}?task={task.pk}", subject="About the log", body=TYPED)
    assert _field(client.get(new), "body") == ""
    page = client.get(f"{new}?task={task.pk}")
    assert _field(page, "body") == TYPED
    assert check(page).find("input", {"name": "subject"})["value"] == "About the log"


def test_an_empty_field_is_no_draft(cast, client_of, thread):
    assert _save(client_of("amina"), thread, body="  \n ").status_code == 204
    assert drafts.kept(cast.users["amina"].pk, thread) is None


@pytest.mark.row("B1")
def test_what_is_too_long_to_be_kept_is_not_called_saved(cast, client_of, thread):
    client = client_of("amina")
    _save(client, thread, body=TYPED)
    refused = _save(client, thread, body="x" * (drafts.LONGEST + 1))
    assert refused.status_code == 413
    assert "too long" in refused.json()["words"]
    assert drafts.kept(cast.users["amina"].pk, thread).fields == {"body": TYPED}
    with clock.moved_to(_timed_out(cast.users["amina"])):
        assert _save(client, thread, body="x" * (drafts.LONGEST + 1)).status_code == 401
        assert client.post(thread, {"body": "x" * (drafts.LONGEST + 1)}).url == "/sign-in/?next=/&kept=no"


def test_a_page_shown_before_the_form_was_sent_is_told_so_and_may_save_from_then_on(client_of, thread):
    client, shown = client_of("amina"), clock.now()
    _save(client, thread, shown, body=TYPED)
    client.post(thread, {"discard-draft": "1"})
    refused = _save(client, thread, shown, body=TYPED)
    assert (refused.status_code, refused.json()["ok"]) == (409, False)
    assert _field(client.get(thread), "body") == ""
    assert _save(client, thread, datetime.fromisoformat(refused.json()["shown"]), body=TYPED).status_code == 204
    assert _field(client.get(thread), "body") == TYPED


@pytest.mark.parametrize("task", ["abc", "-1", "1%00", "%00", "<script>", "9" * 20, "0", "%ED%A0%80"])
def test_nothing_is_kept_for_an_address_that_names_no_task(cast, client_of, task):
    client, new = client_of("amina"), f"/cases/{cast.case.reference}/messages/new/"
    assert client.get(f"{new}?task={task}").status_code == 404
    assert client.post(f"{new}?task={task}", {"subject": "Access", "body": TYPED}).status_code == 404
    _save(client, f"{new}?task={task}", body=TYPED)
    assert set(Draft.objects.values_list("key", flat=True)) == {new}


def test_a_task_is_the_same_however_its_number_is_written(cast, client_of, task):
    client, new = client_of("amina"), f"/cases/{cast.case.reference}/messages/new/"
    _save(client, f"{new}?task=00{task.pk}", body=TYPED)
    assert _field(client.get(f"{new}?task={task.pk}"), "body") == TYPED


def test_an_address_with_a_nul_in_it_breaks_nothing(client_of):
    client, address = client_of("gwen"), "/casework/content/words/status.closed%00/"
    assert client.get(address).status_code == 404
    assert _save(client, address, text=TYPED).status_code == 204
    assert client.post(address, {"text": TYPED}).status_code == 404


def test_half_a_character_is_not_kept_and_breaks_no_page(cast, client_of, thread):
    client = client_of("amina")
    drafts.keep(cast.users["amina"].pk, thread, {"body": "x\ud800\0y \ud83d\ude00 \N{GRINNING FACE}"})
    assert drafts.kept(cast.users["amina"].pk, thread).fields == {"body": "xy  \N{GRINNING FACE}"}
    assert client.get("/drafts/").status_code == 200
    assert client.get(thread).status_code == 200


# Only what was sent is forgotten


@pytest.mark.row("D12")
@pytest.mark.row("B1")
def test_what_was_typed_outlives_a_colleague_who_was_quicker(cast, client_of):
    determined = scene.determined(cast)
    scene.asked(cast, cast.case)
    rhea = scene.reviewer()
    drafting.start_draft(determined.case, by=rhea)
    client = Client()
    sign_in(client, User.objects.get(pk=rhea.user_id))
    address = f"/casework/cases/{cast.case.reference}/determination/issue/"
    assert _save(client, address, change=TYPED).status_code == 204
    drafting.discard_draft(determined.case, shown=drafting.the_draft(determined.case).version_token, by=rhea)
    answer = client.post(address, {"change": TYPED})
    assert answer.status_code == 302
    assert "Draft" not in _text(client.get("/casework/"))  # read past the banner
    assert drafts.kept(rhea.user_id, address).fields == {"change": TYPED}
    assert TYPED in _text(client.get("/drafts/"))


@pytest.mark.parametrize(
    ("told", "is_forgotten"),
    [
        (messages.success, True),
        (messages.error, False),
        (messages.warning, False),
        (messages.info, False),
        (None, False),
    ],
)
def test_a_page_that_leads_on_without_saying_that_it_was_done_forgets_nothing(cast, rf, told, is_forgotten):
    """Whatever a new view does: what was typed goes only with the words that say what became of it."""

    @drafted("body", called="Anything")
    def view(request):
        if told:
            told(request, "Words.")
        return redirect("/")

    request = rf.post("/anything/", {"body": TYPED})
    request.session, request.actor = {}, cast.amina
    request._messages = SessionStorage(request)
    messages.success(request, "Of the page before.")
    request._messages.update(HttpResponse())
    request._messages = SessionStorage(request)
    drafts.keep(cast.amina.user_id, "/anything/", {"body": TYPED})
    view(request)
    assert (drafts.kept(cast.amina.user_id, "/anything/") is None) == is_forgotten
    request._messages.update(HttpResponse())
    assert len(SessionStorage(request)) == (2 if told else 1), "what is told is still to be read"


@pytest.mark.row("D12")
@pytest.mark.row("B1")
def test_what_is_sent_to_a_page_that_is_gone_is_kept_and_shown_to_be_copied(cast, client_of):
    restriction = Restriction.objects.get()
    address = f"/casework/restrictions/{restriction.pk}/lift/"
    restriction.delete()
    client = client_of("gwen")
    answer = client.post(address, {"reason": TYPED})
    assert answer.status_code == 404
    assert TYPED in check(answer).select_one("[data-draft-notice]").get_text()
    assert drafts.kept(cast.users["gwen"].pk, address).fields == {"reason": TYPED}
    assert TYPED in check(client.get(address)).select_one("[data-draft-notice]").get_text()
    client.post(address, {"reason": " "})
    assert drafts.kept(cast.users["gwen"].pk, address).fields == {"reason": TYPED}
    assert client.post(address, {"discard-draft": "1"}).url == address
    assert not check(client.get(address)).select("[data-draft-notice]")


@pytest.mark.row("D12")
def test_what_is_sent_where_one_may_not_write_any_more_is_kept(cast, client_of, thread):
    address = f"/casework{thread}"
    answer = client_of("hana").post(address, {"body": TYPED})
    assert answer.status_code == 403
    assert TYPED in check(answer).select_one("[data-draft-notice]").get_text()
    assert drafts.kept(cast.users["hana"].pk, address).fields == {"body": TYPED}


@pytest.mark.row("B1")
def test_what_was_sent_and_discarded_drives_out_no_draft(cast):
    user_id = cast.users["amina"].pk
    assert drafts.keep(user_id, "/waiting/", {"body": TYPED})
    for number in range(drafts.MOST_OF_ONE_PERSON + 3):
        drafts.keep(user_id, f"/sent/{number}/", {"body": TYPED})
        drafts.discard(user_id, f"/sent/{number}/")
    drafts.keep(user_id, "/another/", {"body": TYPED})
    assert drafts.kept(user_id, "/waiting/")
    assert Draft.objects.filter(sealed="").count() == drafts.MOST_OF_ONE_PERSON
    late = Draft.objects.filter(sealed="").latest("pk")
    assert not drafts.keep(user_id, late.key, {"body": TYPED}, shown_at=late.ended_at)


def test_that_something_was_sent_is_forgotten_once_no_page_can_still_say_a_late_word(cast):
    amina, ben = cast.users["amina"].pk, cast.users["ben"].pk
    for user_id in (amina, ben):
        for key in ("/sent/", "/emptied/", "/waiting/"):
            drafts.keep(user_id, key, {"body": TYPED})
        drafts.discard(user_id, "/sent/")
        drafts.keep(user_id, "/emptied/", {"body": ""})
        assert set(Draft.objects.filter(user_id=user_id).values_list("key", flat=True)) == {"/sent/", "/waiting/"}
    later = clock.now() + settings.SESSION_IN_ALL + timedelta(minutes=1)
    with clock.moved_to(later):
        drafts.keep(amina, "/waiting/", {"body": TYPED})
        assert list(Draft.objects.filter(user_id=amina).values_list("key", flat=True)) == ["/waiting/"]
        assert drafts.forget_old(later)
        assert list(Draft.objects.filter(user_id=ben).values_list("key", flat=True)) == ["/waiting/"]
        assert not drafts.forget_old(later)


def test_drafts_are_forgotten_in_time_and_one_person_has_a_bounded_number(cast):
    user_id = cast.users["amina"].pk
    for number in range(drafts.MOST_OF_ONE_PERSON + 3):
        assert drafts.keep(user_id, f"/somewhere/{number}/", {"body": TYPED})
    assert Draft.objects.count() == drafts.MOST_OF_ONE_PERSON
    assert drafts.kept(user_id, "/somewhere/0/") is None
    assert drafts.kept(user_id, f"/somewhere/{drafts.MOST_OF_ONE_PERSON + 2}/")
    later = clock.now() + settings.DRAFT_KEPT_FOR + timedelta(minutes=1)
    with clock.moved_to(later):
        assert drafts.kept(user_id, f"/somewhere/{drafts.MOST_OF_ONE_PERSON + 2}/") is None
        assert drafts.forget_old(later)
    assert Draft.objects.count() == 0
