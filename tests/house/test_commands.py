"""The commands refuse in one plain sentence what cannot work, and delete nothing that is not theirs."""

import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "portal" / "pages" / "design" / "static" / "built"
COMMANDS = ["demo", "guide", "lint", "mutate", "receive", "serve", "test", "work"]


def start(command: str, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [ROOT / "bin" / command, *arguments],
        env={**os.environ, **env},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def assert_refused(done: "subprocess.CompletedProcess[str]", words: str) -> None:
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stdout + done.stderr


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("command", [*(f"bin/{name}" for name in COMMANDS), ".ci/run"])
def test_every_command_can_be_started_by_its_name(command: str) -> None:
    path = ROOT / command
    assert os.access(path, os.X_OK)
    assert path.read_text().startswith("#!/usr/bin/env ")


def test_guide_says_which_program_is_missing(tmp_path: Path) -> None:
    done = start("guide", "video", PORTAL_CHROMIUM=sys.executable, PORTAL_FFMPEG=str(tmp_path / "ffmpeg"))
    assert_refused(done, f"There is no {tmp_path / 'ffmpeg'}: install ffmpeg, on Debian with `apt-get install ffmpeg`")


def test_demo_says_which_port_is_taken_and_names_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start("demo", PORT=str(port), PORTAL_DATA=str(tmp_path))
    assert_refused(done, f"Port {port} is taken: start with another one, as in PORT={port + 1} bin/demo.")


def test_demo_refuses_a_port_that_is_no_number(tmp_path: Path) -> None:
    assert_refused(start("demo", PORT="http", PORTAL_DATA=str(tmp_path)), "PORT must be a number from 1 to 65535")


def test_demo_refuses_a_folder_with_data_that_it_did_not_make(tmp_path: Path, free_port: int) -> None:
    database = tmp_path / "portal.sqlite3"
    database.write_text("somebody's")
    done = start("demo", "--reset", PORT=str(free_port), PORTAL_DATA=str(tmp_path))
    assert_refused(done, "which bin/demo did not make: set PORTAL_DATA to another folder.")
    assert database.read_text() == "somebody's"


def test_reset_deletes_only_what_the_portal_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    from _demo import Folder

    folder = Folder(tmp_path)
    folder.note(state="complete")
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.eml").write_text("")
    (tmp_path / "portal.sqlite3").write_text("")
    (tmp_path / "holiday.jpg").write_text("mine")
    folder.empty()
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_half_built_data_is_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    from _demo import Folder

    folder = Folder(tmp_path)
    assert not folder.is_half_built()
    folder.note(state="building")
    assert folder.is_half_built()
    folder.note(state="complete")
    assert not folder.is_half_built()


def test_data_of_an_earlier_version_is_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    from _demo import Folder, first_migrations

    folder = Folder(tmp_path)
    assert not folder.is_of_an_earlier_version()
    folder.note(state="complete", begun_with=first_migrations())
    assert not folder.is_of_an_earlier_version()
    for earlier in ({}, {"begun_with": "another"}):
        folder.note(state="complete", **earlier)
        assert folder.is_of_an_earlier_version()


STEPS = """
import asyncio, sys
sys.path.insert(0, "bin")
from _setup import in_parallel, run_command, running

async def both(first, second):
    async with asyncio.TaskGroup() as group:
        group.create_task(running("The first", ["sh", "-c", first]))
        group.create_task(running("The second", ["sh", "-c", second]))

run_command(lambda: in_parallel(both(*sys.argv[1:])) or 0)
"""


def steps(*commands: str) -> "subprocess.Popen[str]":
    """Two steps at the same time, as the set-up runs them."""
    return subprocess.Popen(
        [sys.executable, "-c", STEPS, *commands], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_steps_run_at_the_same_time_and_each_says_when_it_is_done(tmp_path: Path) -> None:
    meet = f"touch {tmp_path}/$0; until [ -e {tmp_path}/$1 ]; do sleep 0.01; done"
    said, failed = steps(f"set -- b; {meet.replace('$0', 'a')}", f"set -- a; {meet.replace('$0', 'b')}").communicate()
    assert (said.count("done in"), failed) == (2, "")


RUNS_ON = "echo $$ >> {}; while :; do sleep 0.01; done"


def pids_in(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def all_end(pids: list[int]) -> bool:
    """At once or, when the signal fell into their start, as their parent's death reaches them."""
    limit = time.monotonic() + 10
    while any(map(is_running, pids)) and time.monotonic() < limit:
        time.sleep(0.01)
    return not any(map(is_running, pids))


def is_running(pid: int) -> bool:
    """Not one that has ended and that nobody has yet asked how."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_step_that_fails_is_one_sentence_and_ends_the_others(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    broken = f"until [ -s {begun} ]; do sleep 0.01; done; echo ENOTFOUND; exit 1"
    process = steps(RUNS_ON.format(begun), broken)
    _, failed = process.communicate(timeout=30)
    assert process.returncode == 2
    assert failed.splitlines() == [
        "The second failed: the package registry cannot be reached. Check the network and start again."
    ]
    assert all_end(pids_in(begun))


STOPS = ([signal.SIGTERM], [signal.SIGINT], [signal.SIGINT] * 3, [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])


@pytest.mark.parametrize("numbers", STOPS, ids=lambda numbers: " ".join(number.name for number in numbers))
def test_stopping_a_command_ends_the_steps_that_run(tmp_path: Path, numbers: list[signal.Signals]) -> None:
    begun = tmp_path / "begun"
    process = steps(RUNS_ON.format(begun), RUNS_ON.format(begun))
    while len(pids_in(begun)) < 2:
        time.sleep(0.01)
    for number in numbers:  # who presses again, out of impatience, stops nothing sooner and breaks nothing
        process.send_signal(number)
        time.sleep(0.02)
    said, failed = process.communicate(timeout=30)
    assert (process.returncode, failed) == (130, "")
    assert said.endswith("Stopped.\n")
    assert all_end(pids_in(begun))


def test_no_lock_file_carries_a_download_address() -> None:
    lock = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    for path in [*sorted((ROOT / "requirements").glob("*.lock")), ROOT / "assets" / "build" / "node.lock"]:
        text = path.read_text()
        assert "://" not in text, path
        assert "--hash=sha256:" in text, path


def test_the_scripts_and_the_macros_are_of_one_govuk_frontend() -> None:
    asked = json.loads((ROOT / "package.json").read_text())["dependencies"]["govuk-frontend"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]["node_modules/govuk-frontend"]["version"]
    assert asked == locked == "6.3.0"
    assert "govuk-frontend-jinja==4.1.0" in (ROOT / "pyproject.toml").read_text()


def test_the_built_front_end_bears_no_crown_and_no_typeface_of_gds() -> None:
    css = (BUILT / "portal.css").read_text()
    for trace in ("GDS Transport", "govuk-crest", "@font-face"):
        assert trace not in css
    assert "#0b5563" in css
    assert not list(BUILT.rglob("*crest*")) + list(BUILT.rglob("*.woff*"))


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    folder, port_file = tmp_path / "mail", tmp_path / "port"
    folder.mkdir()
    (folder / ".old.eml.part").write_text("half a mail")
    options = ["--port=0", f"--folder={folder}", f"--port-file={port_file}"]
    server = subprocess.Popen([sys.executable, "-m", "portal.demo.mail_server", *options], cwd=ROOT)
    limit = time.monotonic() + 90
    while not port_file.exists() and server.poll() is None and time.monotonic() < limit:
        time.sleep(0.02)
    yield int(port_file.read_text()), folder
    server.terminate()
    assert server.wait(60) == 0


def test_each_mail_is_one_file_that_is_there_when_the_sender_hears_250(mail_server: tuple[int, Path]) -> None:
    port, folder = mail_server
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(3):
            text = f"Subject: {number}\r\n\r\nH\u00e9llo\r\n.dot\r\n".encode()
            client.sendmail("portal@portal.example", ["a@alder.example", "b@alder.example"], text)
            names = sorted(path.name for path in folder.iterdir())
            assert len(names) == number + 1
            assert names[-1].endswith(".eml")
            assert (folder / names[-1]).read_bytes() == text


def test_a_mail_that_cannot_be_kept_is_refused_for_now(mail_server: tuple[int, Path]) -> None:
    port, folder = mail_server
    with smtplib.SMTP("127.0.0.1", port) as client:
        folder.rename(folder.with_name("away"))
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            client.sendmail("portal@portal.example", ["a@alder.example"], b"Subject: x\r\n\r\nx\r\n")
    assert refusal.value.smtp_code == 452
