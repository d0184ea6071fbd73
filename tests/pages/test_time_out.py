"""A session that times out: the way back to the page, what was sent before it, and what pages say of it."""

import io
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from portal.accounts.models import Session
from portal.files.models import Upload
from portal.lib import clock
from portal.messaging import actions as messaging
from tests.signing_in import sign_in
from tests.well_formed import check

TYPED = "The boiler was replaced on 3 March."
SCRIPT = {"HTTP_ACCEPT": "application/json", "HTTP_X_PORTAL_BACKGROUND": "1"}


@pytest.fixture
def thread(cast) -> str:
    """The address of an exchange on Alder's case, as Amina reads it."""
    started = messaging.start_thread(cast.case, subject="Access", body="Please arrange access.", by=cast.dev)
    return f"/cases/{cast.case.reference}/messages/{started.pk}/"


def _timed_out(user) -> datetime:
    return Session.objects.filter(user=user).latest("pk").last_active_at + timedelta(minutes=31)


def _text(answer) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True).split())


def _field(answer, name: str) -> str:
    return check(answer).find("main").find(attrs={"name": name}).get_text().strip("\n")


@pytest.mark.row("H35")
def test_a_page_asked_for_after_the_time_out_leads_back_to_itself(cast, client_of, thread):
    client = client_of("amina")
    with clock.moved_to(_timed_out(cast.users["amina"])):
        answer = client.get(thread)
        assert answer.url == f"/sign-in/?next={thread}"
        assert "had not used the portal" in _text(client.get(answer.url))


class _Slow(io.BytesIO):
    """A body that takes 31 minutes to arrive."""

    def __init__(self, body: bytes, begun: datetime) -> None:
        super().__init__(body)
        self.begun, self.moves = begun, []

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() and not self.moves:
            self.moves.append(clock._moved.set(self.begun + timedelta(minutes=31)))
        return super().read(min(size, 5000) if size and size > 0 else 5000)


@pytest.mark.row("H5")
@pytest.mark.row("H35")
def test_an_upload_that_outlives_the_session_finishes_and_is_there_after_signing_in(cast, client_of):
    client, address = client_of("amina"), f"/cases/{cast.case.reference}/documents/"
    begun = Session.objects.get(user=cast.users["amina"]).last_active_at
    log = io.BytesIO(b"1 March: leak reported\n" * 2000)
    log.name = "Repair log.txt"
    body = encode_multipart(BOUNDARY, {"files": log})
    slow = _Slow(body, begun)
    with clock.moved_to(begun):
        answer = client.generic(
            "POST",
            address,
            HTTP_ACCEPT="application/json",
            CONTENT_TYPE=MULTIPART_CONTENT,
            CONTENT_LENGTH=str(len(body)),
            **{"wsgi.input": slow},
        )
        assert slow.moves, "the clock stood still"
        assert answer.status_code == 200
        assert answer.json()["ok"]
        late = client.get(address)
        assert late.url.startswith("/sign-in/"), "the session was to be over by now"
        sign_in(client, cast.users["amina"])
        assert "Repair log.txt" in _text(client.get(f"{address}review/"))
    assert Upload.objects.get().name == "Repair log.txt"


@pytest.mark.row("H5")
@pytest.mark.row("B1")
def test_files_sent_before_the_time_out_wait_for_their_person(cast, client_of, thread):
    client, address = client_of("amina"), f"/cases/{cast.case.reference}/documents/"
    log = io.BytesIO(b"1 March: leak reported\n")
    log.name = "Repair log.txt"
    client.post(address, {"files": log})
    attached = io.BytesIO(b"a photograph in words\n")
    attached.name = "Photograph.txt"
    client.post(thread, {"body": TYPED, "files": attached, "do": "attach"})
    with clock.moved_to(_timed_out(cast.users["amina"])):
        assert client.post(thread, {"body": TYPED, "do": "send"}).status_code == 302
        sign_in(client, cast.users["amina"])
        assert "Repair log.txt" in _text(client.get(f"{address}review/"))
        page = client.get(thread)
        assert "Photograph.txt" in _text(page)
        assert _field(page, "body") == TYPED


@pytest.mark.row("D12")
def test_the_session_says_how_long_it_lasts_and_only_a_person_prolongs_it(cast, client_of):
    client, address = client_of("amina"), "/account/session/"
    begun = Session.objects.get(user=cast.users["amina"]).last_active_at
    with clock.moved_to(begun + timedelta(minutes=28)):
        polled = client.get(address, **SCRIPT).json()
        assert polled["seconds"] == 120
        assert not polled["final"]
        assert client.get(address, **SCRIPT).json()["seconds"] == 120
        stayed = client.get(address, HTTP_ACCEPT="application/json").json()
        assert stayed["seconds"] == 30 * 60
        assert stayed["person"] == cast.users["amina"].pk
    Session.objects.update(last_active_at=begun + timedelta(hours=11, minutes=50))
    with clock.moved_to(begun + timedelta(hours=11, minutes=59)):
        near = client.get(address, HTTP_ACCEPT="application/json").json()
        assert near["final"]
        assert near["seconds"] <= 60


@pytest.mark.row("D12")
def test_a_page_with_a_form_says_without_a_script_when_it_times_out(client_of, thread, cast):
    client = client_of("amina")
    with clock.moved_to(datetime(2026, 11, 23, 12, 0, tzinfo=clock.LONDON)):
        Session.objects.update(last_active_at=clock.now(), started_at=clock.now())
        told = check(client.get(thread)).find("noscript").get_text(" ", strip=True)
        assert "until 12:30pm" in told
        assert check(client.get("/cases/open/")).find("noscript") is None


@pytest.mark.row("D12")
@pytest.mark.parametrize("seconds_left", [1.4, 0.4, 0.01])
@pytest.mark.parametrize("sent", ["leaving", "background", "prefetch", "prerender"])
def test_what_no_person_does_keeps_nobody_signed_in(cast, client_of, sent: str, seconds_left: float) -> None:
    client, amina = client_of("amina"), cast.users["amina"]
    before = Session.objects.filter(user=amina).latest("pk").last_active_at
    headers = {"background": {"X-Portal-Background": "1"}, "prefetch": {"Sec-Purpose": "prefetch"}}
    headers["prerender"] = {"Sec-Purpose": "prefetch;prerender"}
    if sent == "leaving":
        client.cookies["portal-leaving"] = "1"
    with clock.moved_to(before + timedelta(minutes=30) - timedelta(seconds=seconds_left)):
        answer = client.get("/", headers=headers.get(sent, {}))
        assert answer.status_code == 200
        assert ("portal-leaving" in answer.cookies) == (sent == "leaving")
    assert Session.objects.filter(user=amina).latest("pk").last_active_at == before
    with clock.moved_to(before + timedelta(minutes=30)):
        assert client.get("/").status_code == 302


def test_the_page_never_believes_that_the_session_ends_before_it_does(cast, client_of) -> None:
    client, amina = client_of("amina"), cast.users["amina"]
    ends = Session.objects.filter(user=amina).latest("pk").ends_at()
    for left in (90.0, 60.4, 1.01):
        with clock.moved_to(ends - timedelta(seconds=left)):
            assert (
                client.get(
                    "/account/session/", headers={"Accept": "application/json", "X-Portal-Background": "1"}
                ).json()["seconds"]
                >= left
            )
