"""Fixtures that every test may use: the cast, a signed-in client, a clean memory of editable words."""

import gc
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from django.db.backends.sqlite3.base import DatabaseOperations
from django.test import Client
from pytest_django import DjangoDbBlocker

from portal.content import words
from portal.support import notices
from tests import cast as the_cast
from tests import databases, standing
from tests.signing_in import sign_in

Browser = Callable[[str], Client]
append_only = import_module("portal.audit.migrations.0002_append_only")


ON_ONE = ("journeys", "pages", "house")  # folders whose tests run on one database unless they are marked `both`
USUAL = databases.POSTGRESQL  # that one
ASK_FOR_A_DATABASE = {"db", "transactional_db", "cast"}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("portal")
    group.addoption("--only", choices=[databases.SQLITE, databases.POSTGRESQL], help="run every test on this database")
    group.addoption("--all", action="store_true", help="run every test on every database, at its full length")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test runs once for each of its databases. Its name says which only if there are two."""
    names = _databases_of(metafunc)
    ids = names if len(names) > 1 else [pytest.HIDDEN_PARAM]
    metafunc.parametrize("database", names, indirect=True, scope="session", ids=ids)


def _databases_of(metafunc: pytest.Metafunc) -> list[str]:
    test, option = metafunc.definition, metafunc.config.option
    once = test.get_closest_marker("once")
    if option.only:
        return [option.only]
    if not (ASK_FOR_A_DATABASE & set(metafunc.fixturenames) or test.get_closest_marker("django_db")) and not once:
        return [databases.SQLITE]
    is_on_one = set(test.path.parts) & set(ON_ONE) and not test.get_closest_marker("both")
    if option.all or (not once and (not is_on_one or _has_real_transactions(test))):
        return list(databases.AVAILABLE)
    chosen = once.kwargs["on"] if once else USUAL
    return [chosen if chosen in databases.AVAILABLE else databases.SQLITE]


def pytest_itemcollected(item: pytest.Item) -> None:
    """The rows of the cast must stand before pytest-django begins the test's own transaction."""
    names = item.fixturenames  # type: ignore[attr-defined]
    names.insert(0, names.pop(names.index("_standing_cast")))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests come first, so that two processes end together; then all of one database, then all of the other."""
    if not config.option.all:
        thorough = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=thorough)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]
    items.sort(key=lambda item: (not _is_long(item), item.callspec.params["database"]))  # type: ignore[attr-defined]


def _is_long(item: pytest.Item) -> bool:
    return "journeys" in item.path.parts or item.get_closest_marker("long") is not None


def pytest_collection_finish() -> None:
    """What stays for the whole run is not looked through again and again for what can be freed."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def database(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The database on which this test runs: "sqlite" or "postgresql"."""
    databases.use(request.param)
    yield request.param
    with django_db_blocker.unblock():
        standing.remove()


@pytest.fixture(scope="session")
def django_db_setup(database: str, django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Instead of pytest-django's: a copy of a migrated template for each process and database."""
    with django_db_blocker.unblock():
        databases.prepare(database)


@pytest.fixture(scope="module")
def empty_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For fixtures of a module that fill a database themselves: open to them, and without the rows of the cast."""
    with django_db_blocker.unblock():
        standing.remove()
        yield


@pytest.fixture(autouse=True)
def _fresh_words() -> Iterator[None]:
    words.forget()
    notices.keep([])  # the tables are empty, and pages need not ask: their statements can be counted
    yield
    words.forget()
    notices.keep([])


@pytest.fixture
def cast(_standing_cast: None, db: None) -> the_cast.Cast:
    """Amina, Ben, Carys, Dev, Esi, Farid, Gwen, Hana and Ike (who reads only), with their cases."""
    return standing.cast() or the_cast.build()


@pytest.fixture(autouse=True)
def _standing_cast(request: pytest.FixtureRequest, database: str) -> None:
    """Before a test's own transaction begins: the rows of the cast stand if the test asks for the cast, else they do not."""
    if "cast" in request.fixturenames and not _has_real_transactions(request.node):
        request.getfixturevalue("django_db_setup")
        with request.getfixturevalue("django_db_blocker").unblock():
            standing.build()
    elif standing.is_built():
        with request.getfixturevalue("django_db_blocker").unblock():
            standing.remove()


def _has_real_transactions(item: pytest.Function) -> bool:
    """Such a test tries locks and threads, which each database has in its own way."""
    mark = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(mark and mark.kwargs.get("transaction"))


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
