"""Fixtures that every test may use: the cast, a signed-in client, a clean memory of editable words."""

import gc
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from django.db.backends.sqlite3.base import DatabaseOperations
from django.test import Client

from portal.content import words
from portal.support import notices
from tests import cast as the_cast
from tests.signing_in import sign_in

Browser = Callable[[str], Client]
append_only = import_module("portal.audit.migrations.0002_append_only")


ASK_FOR_A_DATABASE = {"db", "transactional_db"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for no database is the same on both; journeys have one of their own and say for themselves."""
    for item in items:
        asks = ASK_FOR_A_DATABASE & set(item.fixturenames) or item.get_closest_marker("django_db")
        if not asks and "journeys" not in item.path.parts and not item.get_closest_marker("once"):
            item.add_marker(pytest.mark.once(on="sqlite"))
        if len({mark.kwargs["on"] for mark in item.iter_markers("once")}) > 1:
            raise pytest.UsageError(f"{item.nodeid} would run on no database: it is marked once for each of them")


def pytest_collection_finish() -> None:
    """What stays for the whole run is not looked through again and again for what can be freed."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _fresh_words() -> Iterator[None]:
    words.forget()
    notices.keep([])  # the tables are empty, and pages need not ask: their statements can be counted
    yield
    words.forget()
    notices.keep([])


@pytest.fixture
def cast(db: None) -> the_cast.Cast:
    """Amina, Ben, Carys, Dev, Esi, Farid, Gwen, Hana and Ike (who reads only), with their cases."""
    return the_cast.build()


@pytest.fixture
def client_of(cast: the_cast.Cast) -> Browser:
    """`client_of("amina")` is a client signed in as Amina, second factor passed."""

    def build(name: str) -> Client:
        client = Client()
        sign_in(client, cast.users[name])
        return client

    return build


def _flush_around_the_triggers() -> None:
    """Tests with real transactions empty every table afterwards. On SQLite that is a DELETE, which the audit trail's own
    trigger refuses; so the flush, and only it, takes the trigger away and puts it back. PostgreSQL truncates."""
    flush = DatabaseOperations.sql_flush

    def around(self, style, tables, *, reset_sequences=False, allow_cascade=False):
        drop = [f"DROP TRIGGER IF EXISTS audit_rows_stay_{verb};" for verb in ("update", "delete")]
        emptied = flush(self, style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        return [*drop, *emptied, *append_only.SQLITE]

    DatabaseOperations.sql_flush = around


_flush_around_the_triggers()
