"""Polls the support mailbox by IMAP (D15). An e-mail is marked as read once it is stored.

After a crash in between the e-mail comes again, and receiving.py recognises it by its Message-ID.
"""

import imaplib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError

from portal.support import receiving
from portal.support.incoming import MAIL_LIMIT, Unreadable

AT_ONCE = 20
_TIMEOUT_SECONDS = 20
log = logging.getLogger("portal.support")
_polled_at: datetime | None = None


def poll_when_due(now: datetime) -> bool:
    """Polls once a minute, called by the worker. An unreachable mail server only delays."""
    global _polled_at
    if _polled_at is not None and now - _polled_at < settings.IMAP_REST:
        return False
    _polled_at = now
    try:
        return poll() > 0
    except (OSError, imaplib.IMAP4.error) as error:
        log.warning("the support mailbox could not be read: %s", error)
        return False


def poll() -> int:
    """Receives up to twenty new e-mails and returns how many. Raises OSError or imaplib.IMAP4.error."""
    with _mailbox() as box:
        _, found = box.uid("SEARCH", "UNSEEN")
        uids = found[0].split()[:AT_ONCE] if found and found[0] else []
        for uid in uids:
            _take(box, uid.decode())
        return len(uids)


@contextmanager
def _mailbox() -> Iterator[imaplib.IMAP4]:
    kind = imaplib.IMAP4 if settings.IMAP_PLAIN else imaplib.IMAP4_SSL
    with kind(settings.IMAP_HOST, settings.IMAP_PORT, timeout=_TIMEOUT_SECONDS) as box:
        box.login(settings.IMAP_USER, settings.IMAP_PASSWORD)
        answer, words = box.select(settings.IMAP_FOLDER)
        if answer != "OK":
            raise imaplib.IMAP4.error(f"The folder cannot be opened: {words!r}")
        yield box


def _take(box: imaplib.IMAP4, uid: str) -> None:
    flags = "(\\Seen)"
    try:
        receiving.receive(_fetched(box, uid))
    except Unreadable as refused:
        log.warning("mail %s of the mailbox was refused: %s", uid, refused)
    except (OSError, OperationalError, InterfaceError):
        raise  # the mail stays new until the database is back
    except Exception:
        log.exception("mail %s of the mailbox cannot be taken: it is flagged, for people to look at", uid)
        flags = "(\\Seen \\Flagged)"
    box.uid("STORE", uid, "+FLAGS.SILENT", flags)


def _fetched(box: imaplib.IMAP4, uid: str) -> bytes:
    """Returns the e-mail; None when the server states that it is too large."""
    _, told = box.uid("FETCH", uid, "(RFC822.SIZE)")
    size = re.search(rb"RFC822\.SIZE (\d+)", _joined(told))
    if size and int(size[1]) > MAIL_LIMIT:
        words = f"The mail is larger than {MAIL_LIMIT // 1024 // 1024} MB."
        receiving.note_refusal(words)
        raise Unreadable(words)
    _, answer = box.uid("FETCH", uid, "(BODY.PEEK[])")
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")


def _joined(answer: list[object]) -> bytes:
    return b" ".join(part for part in answer if isinstance(part, bytes))
