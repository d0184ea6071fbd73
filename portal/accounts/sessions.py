"""The session engine (D12): data sealed, key kept as a digest, time-outs decided where a session is read, so that no
page can forget them. One that timed out is locked, not deleted: it opens nothing, and its cookie says whose it was.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string

from portal.accounts.models import Session, User
from portal.lib import clock
from portal.lib.secrets_at_rest import digest, seal, unseal

STAMP_EVERY = timedelta(minutes=1)
KEPT_LOCKED_FOR = timedelta(days=7)


class SessionStore(SessionBase):
    """What Django's session middleware drives. `row` came with the data; `locked` is one that timed out."""

    row: Session | None = None
    locked: Session | None = None
    _ip: str | None = None
    _user_agent = ""

    def load(self) -> dict[str, Any]:
        row = self.read(digest(self.session_key or ""))
        now = clock.now()
        if row is not None and row.is_timed_out(now):
            row.lock(now)
        if row is None or row.locked_at or row.is_forgotten(now):
            self.locked = row if row is not None and row.locked_at else None
            self._session_key = None
            return {}
        self.row = row
        return self.decode(row.data)

    def read(self, key_digest: str) -> Session | None:
        return Session.objects.filter(key_digest=key_digest).first()

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_digest=digest(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = get_random_string(32, VALID_KEY_CHARS)
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        user_id = int(data[USER_KEY]) if USER_KEY in data else None
        if must_create:
            self.row = self._inserted(self.session_key, data, user_id)
            return None
        fields: dict[str, Any] = {"data": self.encode(data), "user_id": user_id}
        if self._ip or self._user_agent:
            fields |= {"ip": self._ip, "user_agent": self._user_agent}
        if not Session.objects.filter(key_digest=digest(self.session_key), locked_at=None).update(**fields):
            raise UpdateError
        return None

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            self._dropped(key)

    def flush(self) -> None:
        super().flush()
        self.row = None

    def cycle_key(self) -> None:
        """A new key for the same data. Of two requests that do it at the same moment one raises UpdateError (H24)."""
        data = self._session  # type: ignore[attr-defined]
        if self.session_key and not self._dropped(self.session_key):
            raise UpdateError
        self.create()
        self._session_cache = data

    def is_empty(self) -> bool:
        """The cookie of a locked session stays in the browser: it says why to sign in, and whose words to keep."""
        return self.locked is None and super().is_empty()

    def describe(self, *, ip: str | None, user_agent: str) -> None:
        """Notes where the session lives, for the page of signed-in devices."""
        self._ip, self._user_agent, self.modified = ip, user_agent[:300], True

    def stamp(self, now: datetime) -> None:
        """Notes that the person is active: one statement, at most once a minute."""
        self._get_session()  # type: ignore[attr-defined]
        row = self.row
        if row is not None and row.user_id and now - row.last_active_at >= STAMP_EVERY:
            Session.objects.filter(pk=row.pk, locked_at=None).update(last_active_at=now)
            row.last_active_at = now

    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal("session", json.dumps(session_dict))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        opened = unseal("session", session_data if isinstance(session_data, str) else session_data.decode())
        return json.loads(opened) if opened else {}

    @classmethod
    def clear_expired(cls) -> None:
        forget_old_sessions(clock.now())

    def _inserted(self, key: str, data: dict[str, Any], user_id: int | None) -> Session:
        now, old = clock.now(), self.row
        fields: dict[str, Any] = {"started_at": now, "ip": self._ip, "user_agent": self._user_agent}
        if old is not None and user_id and old.user_id == user_id:  # a new key for the same sign-in
            fields = {"started_at": old.started_at, "ip": old.ip, "user_agent": old.user_agent}
        try:
            with transaction.atomic():
                return Session.objects.create(
                    key_digest=digest(key), data=self.encode(data), user_id=user_id, last_active_at=now, **fields
                )
        except IntegrityError:
            raise CreateError from None

    def _dropped(self, key: str) -> bool:
        return Session.objects.filter(key_digest=digest(key)).delete()[0] == 1


def end_sessions(user_id: int, *, except_key: str | None = None) -> int:
    """Ends the person's sessions, live and locked, except the one with this key. Returns how many."""
    theirs = Session.objects.filter(user_id=user_id)
    if except_key:
        theirs = theirs.exclude(key_digest=digest(except_key))
    return theirs.delete()[0]


def end_session(user: User, session_id: int) -> bool:
    """Ends one of the person's own sessions. False when there is none of that number that is theirs."""
    return Session.objects.filter(pk=session_id, user=user).delete()[0] == 1


def forget_old_sessions(now: datetime) -> bool:
    """Removes sessions that nobody can use or be asked about any more. Says whether there were any."""
    locked = Session.objects.filter(locked_at__lt=now - KEPT_LOCKED_FOR).delete()[0]
    nobody = Session.objects.filter(user=None, started_at__lt=now - settings.SESSION_ANONYMOUS).delete()[0]
    unseen = Session.objects.filter(started_at__lt=now - KEPT_LOCKED_FOR * 2).delete()[0]
    return bool(locked or nobody or unseen)
