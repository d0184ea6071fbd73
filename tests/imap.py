"""A small IMAP server for the tests: one mailbox in memory, spoken to over a real socket by imaplib.

It knows the commands that the poller uses and refuses every other; it is no proof for what a real server may do else.
"""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.test import override_settings

USER, PASSWORD = "support", "imap-password"


@dataclass
class Box:
    """The mails by uid, which of them are seen, and how often each was fetched."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    fetched: list[int] = field(default_factory=list)
    size_told: dict[int, int] = field(default_factory=dict)

    def add(self, raw: bytes) -> int:
        uid = len(self.mails) + 1
        self.mails[uid] = raw
        return uid


class _Handler(socketserver.StreamRequestHandler):
    box: Box

    def handle(self) -> None:
        self._say(b"* OK ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            if self._obey(tag.encode(), command):
                return

    def _obey(self, tag: bytes, command: str) -> bool:
        word = command.split()[0].upper()
        if word == "CAPABILITY":
            self._say(b"* CAPABILITY IMAP4rev1")
        elif word == "LOGIN":
            given = command.replace('"', "").split()[1:]
            if given != [USER, PASSWORD]:
                self._say(tag + b" NO wrong")
                return False
        elif word == "SELECT":
            self._say(f"* {len(self.box.mails)} EXISTS".encode())
        elif word == "UID":
            self._uid(command)
        elif word == "LOGOUT":
            self._say(b"* BYE")
            self._say(tag + b" OK done")
            return True
        else:
            self._say(tag + b" BAD unknown")
            return False
        self._say(tag + b" OK done")
        return False

    def _uid(self, command: str) -> None:
        if command == "UID SEARCH UNSEEN":
            unseen = [str(uid) for uid in self.box.mails if uid not in self.box.seen]
            self._say(f"* SEARCH {' '.join(unseen)}".rstrip().encode())
            return
        found = re.fullmatch(r"UID (FETCH|STORE) (\d+) (.+)", command)
        uid = int(found[2])
        if found[3] == "(RFC822.SIZE)":
            size = self.box.size_told.get(uid, len(self.box.mails[uid]))
            self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {size})".encode())
        elif found[3] == "(BODY.PEEK[])":
            raw = self.box.mails[uid]
            self.box.fetched.append(uid)
            self._say(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}".encode())
            self.wfile.write(raw + b")\r\n")
        elif found[1] == "STORE":
            self.box.seen.add(uid)

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


@contextmanager
def imap_server() -> Iterator[Box]:
    """Runs the server on a free port; within the block the portal's support mailbox is there."""
    box = Box()
    handler = type("Handler", (_Handler,), {"box": box})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        with override_settings(
            IMAP_HOST="127.0.0.1", IMAP_PORT=port, IMAP_PLAIN=True, IMAP_USER=USER, IMAP_PASSWORD=PASSWORD
        ):
            yield box
        server.shutdown()
