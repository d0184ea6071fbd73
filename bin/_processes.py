"""Processes that a command starts and always ends: each in a group of its own, so that its children end with it."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from _setup import ROOT, Problem, end_with_parent

ASKING_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    """One process with a name for people and the file that holds what it says."""

    name: str
    log: Path
    process: "subprocess.Popen[bytes]"

    def has_ended(self) -> bool:
        """Whether it ended by itself or was ended."""
        return self.process.poll() is not None

    def last_words(self) -> str:
        """The end of what it wrote, for a person who must find out why it ended."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def signal(self, number: signal.Signals) -> None:
        """Reach the whole group; nobody left in it is no fault."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


@dataclass
class Children:
    """The processes of one command. Leaving the `with` block ends them all, last started first."""

    started: list[Child] = field(default_factory=list)

    def __enter__(self) -> "Children":
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str], log: Path) -> Child:
        """Start one process in a group of its own; what it says goes into its log, begun afresh."""
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=end_with_parent,
            )  # fmt: skip
        child = Child(name, log, process)
        self.started.append(child)
        return child

    def refuse_ended(self) -> None:
        """Say which process ended although nobody asked it to."""
        for child in self.started:
            if child.has_ended():
                print(child.last_words(), flush=True)
                raise Problem(f"The {child.name} ended unexpectedly, so everything was stopped: see {child.log}.")

    def stop(self, patience: float = 12) -> None:
        """Ask every group to end, wait, then end what is left. A second Ctrl-C must not leave anybody behind."""
        heard = {number: signal.signal(number, signal.SIG_IGN) for number in ASKING_TO_STOP}
        try:
            for child in reversed(self.started):
                child.signal(signal.SIGTERM)
            limit = time.monotonic() + patience
            while time.monotonic() < limit and not all(child.has_ended() for child in self.started):
                time.sleep(0.05)
            for child in self.started:
                child.signal(signal.SIGKILL)
                child.process.wait()
            self.started.clear()
        finally:
            for number, handler in heard.items():
                signal.signal(number, handler)
