"""Starts a whole portal for the journeys: database, web server, worker and mail server as processes, with the tests' cast."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests import databases
from tests.house.layers import ROOT
from tests.smtp import free_port

PATIENCE_SECONDS = 90


@dataclass
class RunningPortal:
    """A portal on a folder and a database of its own."""

    folder: Path
    is_demo: bool = False
    database: str = f"portal_journeys_{databases.PROCESS}"
    port: int = field(default_factory=free_port)
    mail_port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def python(self) -> list[str]:
        """What the portal's programs are run with."""
        return [sys.executable]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.config.settings.development",
            "PORTAL_DATA": str(self.folder),
            "PORTAL_DEMO": "1" if self.is_demo else "",
            "PORTAL_SECRET_KEY": "for-one-test-run-only-0123456789-abcdefghijklmnop",
            "PORTAL_URL": self.url,
            "PORT": str(self.port),
            "DATABASE_URL": databases.url_of(self.database),
            "SMTP_HOST": "127.0.0.1",
            "PORTAL_SENDING_HOURS": "any",
            "SMTP_PORT": str(self.mail_port),
        }

    def start(self) -> None:
        """Builds everything and starts the three processes; returns when the web server answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        databases.create(self.database)
        for command in (["migrate", "-v0"], ["createcachetable"], ["collectstatic", "--noinput", "-v0"]):
            self.run("manage.py", *command)
        self.fill()
        self._spawn(
            "-m", "portal.demo.mail_server", "--port", str(self.mail_port), "--folder", str(self.folder / "mail")
        )
        self._spawn("-m", "portal.config.worker")
        self._spawn(
            *("-m", "gunicorn", "portal.config.wsgi", "--bind", f"127.0.0.1:{self.port}"),
            *("--worker-class", "gthread", "--threads", "8"),
        )
        self._wait_for_answer()

    def fill(self) -> None:
        """The people and cases with which the portal begins."""
        self.run("-m", "tests.journeys.build_cast")

    def run(self, *command: str) -> str:
        """Runs a Python command with the portal's surroundings and returns what it printed."""
        done = subprocess.run(
            [*self.python, *command], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def stop(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(60)

    def mails(self, to: str, kind: str = "") -> list[EmailMessage]:
        """The mails that have arrived for an address, oldest first; with `kind`, only those."""
        paths = sorted((self.folder / "mail").glob("*.eml"))
        found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
        return [mail for mail in found if mail["To"] == to and kind in {"", mail["X-Portal-Kind"]}]

    def next_mail(self, to: str, after: int, kind: str = "") -> EmailMessage:
        """Waits for the mail after the first `after` ones and returns it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            if len(mails := self.mails(to, kind)) > after:
                return mails[after]
            time.sleep(0.1)
        raise AssertionError(f"no mail for {to} after the first {after}; the processes said: {self.log()}")

    def log(self) -> str:
        return "\n".join(path.read_text(errors="replace")[-2000:] for path in sorted(self.folder.glob("*.log")))

    def _spawn(self, *command: str) -> None:
        log = (self.folder / f"process-{len(self.processes)}.log").open("wb")
        self.processes.append(
            subprocess.Popen(
                [*self.python, *command],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        )

    def _wait_for_answer(self) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/sign-in/", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the portal did not answer: {self.log()}")


def code_in(mail: EmailMessage) -> str:
    """The sign-in code of a mail."""
    found = re.search(r"\b(\d{6})\b", mail.get_content())
    assert found, mail.get_content()
    return found.group(1)


def link_in(mail: EmailMessage, url: str) -> str:
    """The first link of a mail that leads into the portal."""
    found = re.search(rf"{re.escape(url)}\S+", mail.get_content())
    assert found, mail.get_content()
    return found.group(0)
