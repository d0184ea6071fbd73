"""The databases of a test run. A test process has its own SQLite file and, where DATABASE_URL names a server, its own
PostgreSQL database; `use` makes one of them Django's default. Both are copies of a template that is migrated once.

The SQLite template is kept in var/test-templates under the hash of the migrations; the PostgreSQL one lives on the server.
"""

import fcntl
import functools
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

from portal.config import env as environment

SQLITE, POSTGRESQL = "sqlite", "postgresql"
TEMPLATES = environment.ROOT / "var" / "test-templates"
SERVER = os.environ.get("DATABASE_URL", "")
AVAILABLE = (SQLITE, POSTGRESQL) if SERVER.startswith("postgres") else (SQLITE,)
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "main")

Connection = Any  # Django's database wrapper
_connections: dict[str, Connection] = {}


def url_of(name: str) -> str:
    """The URL of a database with this name on the PostgreSQL server; "" where the tests run on SQLite now."""
    url = os.environ.get("DATABASE_URL", "")
    return re.sub(r"^(\w+://[^/]*/)[^?]*", rf"\g<1>{name}", url) if url.startswith("postgres") else ""


def create(name: str) -> None:
    """Make a database with this name anew on the PostgreSQL server, if the tests run there now."""
    if server := url_of("postgres"):
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
            connection.execute(f"CREATE DATABASE {name}")


def use(name: str) -> None:
    """Make the SQLite or the PostgreSQL database Django's default in this process, its threads and its child processes."""
    if name == POSTGRESQL:
        os.environ["DATABASE_URL"] = SERVER
    else:
        os.environ.pop("DATABASE_URL", None)
    current = connections[DEFAULT_DB_ALIAS]
    if current.settings_dict is not _settings(name):
        connections.settings[DEFAULT_DB_ALIAS] = _settings(name)
        if name not in _connections:
            _connections[name] = connections.create_connection(DEFAULT_DB_ALIAS)
        connections[DEFAULT_DB_ALIAS] = _connections[name]
        apps.get_model("contenttypes", "ContentType").objects.clear_cache()


@functools.cache
def prepare(name: str) -> None:
    """Make this process's copy of the migrated template. Call it once `use` has chosen the database."""
    {SQLITE: _copy_sqlite, POSTGRESQL: _copy_postgresql}[name]()


@functools.cache
def _settings(name: str) -> dict[str, Any]:
    """Django's settings of the database; the same object each time."""
    handler = type(connections)({DEFAULT_DB_ALIAS: {**_entry(name), "TEST": {}}})
    return handler.settings[DEFAULT_DB_ALIAS]


def _entry(name: str) -> dict[str, Any]:
    url = url_of(f"portal_test_{PROCESS}") if name == POSTGRESQL else f"sqlite://{settings.TEST_FOLDER}/test.sqlite3"
    entry: dict[str, Any] = environment.database(replace(settings.ENV, database_url=url))
    if name == SQLITE:  # nothing of a test run needs to survive a power cut
        entry["OPTIONS"]["init_command"] = entry["OPTIONS"]["init_command"].replace(
            "synchronous=FULL", "synchronous=OFF"
        )
    return entry


def _copy_sqlite() -> None:
    kept = TEMPLATES / f"{_schema()}.sqlite3"
    with _alone():
        if not kept.exists():
            for older in TEMPLATES.glob("*.sqlite3"):
                older.unlink()
            unfinished = kept.with_suffix(".part")
            _migrate()
            connections[DEFAULT_DB_ALIAS].cursor().execute("VACUUM INTO %s", [str(unfinished)])
            unfinished.rename(kept)
            return
    shutil.copyfile(kept, settings.TEST_FOLDER / "test.sqlite3")


def _copy_postgresql() -> None:
    own, template = f"portal_test_{PROCESS}", f"portal_template_{_schema()}"
    with _alone(), psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {own}")
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone() is None:
            server.execute(f"CREATE DATABASE {own}")
            _migrate()
            connections[DEFAULT_DB_ALIAS].close()
            server.execute(f"CREATE DATABASE {template} TEMPLATE {own}")
        else:
            server.execute(f"CREATE DATABASE {own} TEMPLATE {template}")


def _migrate() -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


@functools.cache
def _schema() -> str:
    """A hash of everything that a migrated database is made of: migrations, and the code that they call."""
    total = hashlib.sha256((environment.ROOT / "requirements" / "run.lock").read_bytes())
    for path in sorted((environment.ROOT / "portal").glob("*/migrations/*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


@contextmanager
def _alone() -> Iterator[None]:
    """Only one test process at a time makes a template."""
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    with (TEMPLATES / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
