"""The demo's folder: what is the portal's own in it, whether it was built to the end, and how it is begun afresh."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from _setup import ROOT, Problem, digest, managing, need_room

ROOM_FOR_DATA = 300
# Everything that a portal in demo mode makes; nothing else is ever deleted.
OURS = (
    *("portal.sqlite3", "portal.sqlite3-wal", "portal.sqlite3-shm", "portal.sqlite3-journal"),
    *("files", "uploads", "mail", "static", "logs", "secret-key", "people.txt"),
)


@dataclass(frozen=True)
class Folder:
    """PORTAL_DATA. The mark says that the demo made this folder and whether its data is complete."""

    path: Path

    @property
    def mark(self) -> Path:
        return self.path / "demo.json"

    @property
    def people(self) -> Path:
        """The table of the demo's people, which is the same from the day the data is made."""
        return self.path / "people.txt"

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Only one demo at a time runs on a folder."""
        need_room(self.path, 50)
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.path / "demo.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise Problem(
                f"A demo is already running on {self.path}: stop it first, or set PORTAL_DATA and PORT to other values."
            ) from None
        finally:
            os.close(lock)

    def refuse_foreign(self) -> None:
        """Data that the demo did not make is never mixed with the demo's, let alone deleted."""
        found = [name for name in OURS if (self.path / name).exists()]
        if found and not self.mark.is_file():
            raise Problem(
                f"{self.path} holds {found[0]}, which bin/demo did not make: set PORTAL_DATA to another folder."
            )

    def state(self) -> dict[str, str]:
        """What the mark says; nothing for a new folder or an unreadable mark."""
        try:
            found = json.loads(self.mark.read_text())
        except (OSError, ValueError):
            return {}
        return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}

    def note(self, **state: str) -> None:
        """Write the mark wholly or not at all."""
        unfinished = self.mark.with_suffix(".part")
        unfinished.write_text(json.dumps(state))
        unfinished.replace(self.mark)

    def is_half_built(self) -> bool:
        """Whether an earlier start began to make the data and did not finish."""
        return self.state().get("state") == "building"

    def is_of_an_earlier_version(self) -> bool:
        """Whether its database was begun with other migrations, from which none leads on to the present ones."""
        state = self.state()
        return state.get("state") == "complete" and state.get("begun_with") != first_migrations()

    def empty(self) -> None:
        """Delete what the portal made here, and only that; an interruption leaves a mark that asks for the rest."""
        self.refuse_foreign()
        self.note(state="building")
        for name in OURS:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        self.mark.unlink(missing_ok=True)

    def secret_key(self) -> str:
        """The demo's secret key, made once."""
        path = self.path / "secret-key"
        if not path.exists() or not path.read_text().strip():
            with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
        return path.read_text().strip()


def first_migrations() -> str:
    return digest(*sorted(ROOT.glob("portal/*/migrations/0001_initial.py")))


def environment(folder: Folder, port: int) -> dict[str, str]:
    """What the demo's processes read. Its data is always SQLite in its folder and its mail never leaves the machine."""
    foreign = ("DATABASE_URL", "SMTP_USER", "SMTP_PASSWORD", "SMTP_TLS")
    inherited = {name: value for name, value in os.environ.items() if name not in foreign}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "portal.config.settings.development",
        "PORTAL_DATA": str(folder.path),
        "PORTAL_DEMO": "1",
        "PORTAL_SECRET_KEY": folder.secret_key(),
        "PORTAL_URL": os.environ.get("PORTAL_URL") or f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "SMTP_HOST": "127.0.0.1",
    }


async def build(folder: Folder, env: Mapping[str, str]) -> None:
    """Database and demo data: kept when complete, brought up to date when the code has moved, else begun afresh."""
    schema = digest(*sorted(ROOT.glob("portal/*/migrations")), ROOT / "requirements" / "run.lock")
    state = folder.state()
    if state.get("state") != "complete":
        await _build_afresh(folder, env)
    elif state.get("schema") != schema:
        await managing("Bringing the database up to date", "migrate", "--verbosity=0", env=env)
    if not folder.people.exists():
        folder.people.write_text(await managing("Listing the demo's people", "demo_people", env=env))
    folder.note(state="complete", schema=schema, begun_with=first_migrations())


async def _build_afresh(folder: Folder, env: Mapping[str, str]) -> None:
    """Nothing waits for the disk while all of it is made; it is on the disk before the mark says that it is complete."""
    need_room(folder.path, ROOM_FOR_DATA)
    folder.note(state="building")
    env = {**env, "DJANGO_SETTINGS_MODULE": "portal.config.settings.building"}
    await managing("Making the database", "migrate", "--verbosity=0", env=env)
    await managing("Making the cache table", "createcachetable", env=env)
    await managing("Making the demo data", "build_demo", env=env, shown=True)
    os.sync()
