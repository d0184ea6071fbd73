"""A private PostgreSQL that lives as long as one test run: own folder, own socket, no network, never root."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from _setup import Problem

OLDEST = 15
# Nothing of a test run needs to survive a power cut.
FAST = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def find_programs() -> Path | None:
    """The folder of the newest PostgreSQL server programs on this machine, if it is new enough."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    for folder in [*on_path, *reversed(debian)]:
        if (folder / "pg_ctl").exists() and (folder / "postgres").exists() and _version(folder) >= OLDEST:
            return folder
    return None


def _version(folder: Path) -> int:
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    number = answer.split()[2].split(".")[0] if len(answer.split()) > 2 else ""
    return int(number) if number.isdigit() else 0


def account() -> str | None:
    """The account that may run PostgreSQL when this is root, which PostgreSQL refuses; nobody else needs one."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise Problem("PostgreSQL refuses to run as root and there is no account `postgres` to run it with.")


@contextlib.contextmanager
def throw_away(programs: Path) -> Iterator[str]:
    """Start a server in a folder of its own and yield its DATABASE_URL; stop and remove it whatever happens."""
    # A socket's path must be shorter than 108 characters, which a long TMPDIR could exceed.
    home = Path(tempfile.mkdtemp(prefix="portal-pg-", dir="/tmp"))
    try:
        name = account()
        if name:
            shutil.chown(home, name)
        as_account = ["runuser", "-u", name, "--"] if name else []
        control = [*as_account, str(programs / "pg_ctl"), "-D", str(home / "data")]
        options = ["-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
        _run([*as_account, str(programs / "initdb"), *options, "-D", str(home / "data")])
        _run([*control, "-o", f"-k {home} {FAST}", "-l", str(home / "log"), "-w", "start"])
        try:
            yield f"postgresql:///portal?host={home}&user=postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "-w", "stop"], capture_output=True, cwd="/", check=False)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(command: list[str]) -> None:
    # The output goes to a file: the server keeps a pipe open for ever, and nobody would see its end.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", check=False)
        output.seek(0)
        if done.returncode:
            last = output.read().decode(errors="replace").strip().splitlines()[-1:]
            raise Problem(f"PostgreSQL could not be started: {' '.join(last) or command[0]}.")
