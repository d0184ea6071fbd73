"""The demo's SMTP server: each mail it accepts is one .eml file, complete on disk before the sender hears 250.

Run as `python -m portal.demo.mail_server --port N --folder DIR`; it needs no Django. Port 0 takes a free port, which
`--port-file` then holds.
"""

import argparse
import asyncio
import itertools
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MAIL = 40 * 1024 * 1024


class Folder:
    """Where mails are kept. Names sort by time of arrival; a name that begins with a dot is not yet a mail."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = itertools.count(1)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for unfinished in path.glob(".*.part"):
            unfinished.unlink()

    def keep(self, content: bytes) -> Path:
        """Write one mail so that it is there wholly or not at all, whenever the power goes."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{next(self.count):06d}.eml"
        unfinished = self.path / f".{name}.part"
        with open(unfinished, "xb", opener=lambda file, flags: os.open(file, flags, 0o600)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        finished = unfinished.rename(self.path / name)
        self._settle()
        return finished

    def _settle(self) -> None:
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class Door:
    """What aiosmtpd asks about each mail."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """250 only for a mail that is safely kept; a full disk is a reason to try again later."""
        content = envelope.content
        try:
            self.folder.keep(content if isinstance(content, bytes) else (content or "").encode())
        except OSError as error:
            return f"452 4.3.1 The mail could not be kept: {error.strerror}"
        return "250 2.0.0 Kept"


async def serve(port: int, folder: Folder, port_file: Path | None = None) -> None:
    """Accept mails on 127.0.0.1 until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    door = Door(folder)
    server = await loop.create_server(lambda: _conversation(door), "127.0.0.1", port)
    async with server:
        taken = int(server.sockets[0].getsockname()[1])
        print(f"Mail server on 127.0.0.1:{taken}, mails in {folder.path}", flush=True)
        if port_file:
            _announce(taken, port_file)
        await stop.wait()


def _conversation(door: Door) -> SMTP:
    return SMTP(
        door, data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True, hostname="localhost", ident="Demo mail server"
    )


def _announce(port: int, port_file: Path) -> None:
    """The whole number or no file: whoever waits for the file must never read half of it."""
    unfinished = port_file.with_name(f".{port_file.name}.part")
    unfinished.write_text(str(port))
    unfinished.replace(port_file)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port-file", type=Path)
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.port, Folder(chosen.folder), chosen.port_file))


if __name__ == "__main__":
    main()
