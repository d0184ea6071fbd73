"""The session engine: time-outs, sealed data, ended sessions."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from portal.accounts.actions import forget_old
from portal.accounts.models import Session, User
from portal.accounts.sessions import SessionStore, end_session, end_sessions, forget_old_sessions
from portal.config.worker import Hourly
from portal.lib import clock
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def amina() -> User:
    return User.objects.create_user(email="amina@alder.example", name="Amina Yusuf", password="correct-horse-battery")


def _key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_signing_in_names_the_person_on_the_session_row(amina):
    client = Client()
    sign_in(client, amina)
    assert Session.objects.get().user == amina


@pytest.mark.row("H33")
def test_neither_the_key_nor_the_content_of_a_session_can_be_read_in_the_database(amina):
    client = Client()
    sign_in(client, amina)
    session = client.session
    session["code"] = "314159"
    session.save()
    row = Session.objects.get()
    assert "314159" not in row.data
    assert _key(client) not in (row.key_digest, row.data)
    assert SessionStore(_key(client))["code"] == "314159"


def test_a_session_sealed_with_another_key_is_empty(amina, settings):
    client = Client()
    sign_in(client, amina)
    settings.SECRET_KEY = "another-key"
    assert list(SessionStore(_key(client)).keys()) == []


@pytest.mark.row("D12")
@pytest.mark.parametrize(("minutes", "open_"), [(29, True), (30, False)])
def test_a_session_is_locked_after_half_an_hour_without_activity(amina, minutes, open_):
    client = Client()
    sign_in(client, amina)
    with clock.moved_to(Session.objects.get().last_active_at + timedelta(minutes=minutes)):
        store = SessionStore(_key(client))
        assert (store.get("_auth_user_id") == str(amina.pk)) is open_
        assert (Session.objects.get().locked_at is None) is open_
        assert (store.locked is None) is open_


@pytest.mark.row("D12")
def test_a_session_is_locked_after_twelve_hours_however_active_it_was(amina):
    client = Client()
    sign_in(client, amina)
    started = Session.objects.get().started_at
    for minutes in range(20, 720, 20):
        with clock.moved_to(started + timedelta(minutes=minutes)):
            store = SessionStore(_key(client))
            store.stamp(clock.now())
            assert store.get("_auth_user_id") == str(amina.pk)
    with clock.moved_to(started + timedelta(hours=12)):
        assert SessionStore(_key(client)).get("_auth_user_id") is None


@pytest.mark.row("D12")
def test_a_locked_session_is_kept_stays_locked_and_is_never_written_to(amina):
    client = Client()
    sign_in(client, amina)
    row = Session.objects.get()
    with clock.moved_to(row.last_active_at + timedelta(minutes=31)):
        store = SessionStore(_key(client))
        store["note"] = "typed later"
        store.save()
    assert SessionStore(_key(client)).get("_auth_user_id") is None
    kept = Session.objects.get(pk=row.pk)
    assert kept.data == row.data
    assert kept.user == amina


def test_a_stamp_is_written_at_most_once_a_minute_and_costs_one_statement(amina, django_assert_num_queries):
    client = Client()
    sign_in(client, amina)
    start = Session.objects.get().last_active_at
    with clock.moved_to(start + timedelta(seconds=59)), django_assert_num_queries(1):
        SessionStore(_key(client)).stamp(clock.now())
    with clock.moved_to(start + timedelta(seconds=60)), django_assert_num_queries(2):
        SessionStore(_key(client)).stamp(clock.now())
    assert Session.objects.get().last_active_at == start + timedelta(seconds=60)


def test_a_new_key_for_the_same_sign_in_does_not_lengthen_the_twelve_hours(amina):
    client = Client()
    sign_in(client, amina)
    started = Session.objects.get().started_at
    with clock.moved_to(started + timedelta(minutes=20)):
        store = SessionStore(_key(client))
        store.cycle_key()
    assert Session.objects.get().started_at == started


@pytest.mark.row("H24")
def test_of_two_requests_that_take_a_session_further_only_one_succeeds(amina):
    client = Client()
    sign_in(client, amina)
    first, second = SessionStore(_key(client)), SessionStore(_key(client))
    first.keys()
    second.keys()
    first.cycle_key()
    with pytest.raises(UpdateError):
        second.cycle_key()


def test_ended_sessions_open_nothing_and_are_not_brought_back_by_a_late_request(amina):
    here, there = Client(), Client()
    sign_in(here, amina)
    sign_in(there, amina)
    late = SessionStore(_key(there))
    late["seen"] = 1
    assert end_sessions(amina.pk, except_key=_key(here)) == 1
    with pytest.raises(UpdateError):
        late.save()
    assert SessionStore(_key(here)).get("_auth_user_id") == str(amina.pk)


def test_nobody_ends_the_session_of_somebody_else(amina):
    ben = User.objects.create_user(email="ben@alder.example", name="Ben")
    client = Client()
    sign_in(client, amina)
    row = Session.objects.get()
    assert end_session(ben, row.pk) is False
    assert end_session(amina, row.pk) is True


def test_the_worker_forgets_what_nobody_can_use(amina):
    client = Client()
    sign_in(client, amina)
    started = Session.objects.get().started_at
    assert forget_old_sessions(started + timedelta(days=6)) is False
    assert forget_old_sessions(started + timedelta(days=15)) is True
    assert Session.objects.count() == 0


def test_what_the_sign_in_no_longer_needs_is_forgotten_once_an_hour(amina):
    client = Client()
    sign_in(client, amina)
    started = Session.objects.get().started_at
    tidy = Hourly(forget_old)
    assert tidy(started) is False
    Session.objects.update(started_at=started - timedelta(days=20))
    assert tidy(started + timedelta(minutes=59)) is False
    assert tidy(started + timedelta(minutes=60)) is True
    assert Session.objects.count() == 0
