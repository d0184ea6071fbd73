"""The background worker: `python -m portal.config.worker`. It loops over the kinds of waiting rows until it is stopped.

Every kind is a function of the moment that does one piece of work and says whether there was any. Each round asks once for
which kinds something waits. A worker may be killed at any line: its row's lease ends and the work is done again.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.lib.waiting import Waits

log = logging.getLogger("portal.worker")
Kind = Callable[[datetime], int]  # how many pieces were done, or whether there was any


@dataclass(frozen=True)
class Waited:
    """A kind that is called only when rows wait for it."""

    kind: Kind
    waits: "Waits"

    def __call__(self, now: datetime) -> int:
        return self.kind(now)


class Hourly:
    """A kind that is called in every round and done once an hour."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.due_at: datetime | None = None

    def __call__(self, now: datetime) -> int:
        if self.due_at is not None and now < self.due_at:
            return False
        self.due_at = now + timedelta(hours=1)
        return self.kind(now)


class Worker:
    """Runs until `stop` is called, finishing the piece in hand."""

    def __init__(self, kinds: dict[str, Kind], rest_seconds: float) -> None:
        from portal.lib.waiting import Waiting

        self.kinds, self.rest_seconds, self.running = kinds, rest_seconds, True
        self.waiting = Waiting({name: kind.waits for name, kind in kinds.items() if isinstance(kind, Waited)})
        self.look_over_at: datetime | None = None  # when the connection to the database is looked over next

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        self.running = False

    def run(self) -> None:
        log.info("worker started: %s", ", ".join(self.kinds))
        while self.running:
            if not self.run_once():
                time.sleep(self.rest_seconds)
        log.info("worker stopped")

    def run_once(self) -> bool:
        """One piece of each kind for which there is work. A kind that fails is logged and does not stop the others."""
        from portal.lib import clock

        self._look_over_connection(clock.now())
        worked = False
        for name, kind in self._with_work(clock.now()):
            try:
                worked = kind(clock.now()) > 0 or worked
            except Exception:
                self._failed(name)
        return worked

    def _with_work(self, now: datetime) -> list[tuple[str, Kind]]:
        try:
            waited = self.waiting.due(now)
        except Exception:
            self._failed("asking what waits")
            waited = set()
        return [(name, kind) for name, kind in self.kinds.items() if name in waited or not isinstance(kind, Waited)]

    def _failed(self, name: str) -> None:
        log.exception("%s failed", name)
        self.look_over_at = None

    def _look_over_connection(self, now: datetime) -> None:
        """Once a minute and after a failure: a connection that is broken or old is closed. It costs a statement."""
        from django.db import close_old_connections

        if self.look_over_at is None or now >= self.look_over_at:
            close_old_connections()
            self.look_over_at = now + timedelta(minutes=1)


def kinds() -> dict[str, Kind]:
    """The kinds of work, told first so that a mail leaves in the round after its cause."""
    from django.conf import settings

    from portal.accounts import actions as accounts
    from portal.cases.models import DiaryEntry
    from portal.drafts import actions as drafts
    from portal.files.actions import expire_uploads, late_uploads
    from portal.files.orphans import sweep_one_folder
    from portal.lib import claims
    from portal.mail.models import OutgoingMail
    from portal.mail.outbox import send_many as send_mails
    from portal.notifications.fan_out import fan_out_many
    from portal.notifications.models import Delivery, Digest
    from portal.notifications.reminders import Reminding
    from portal.notifications.sending import send_digest, send_many
    from portal.search import keeping
    from portal.support.mailbox import poll_when_due

    found: dict[str, Kind] = {
        "remind": Reminding(),
        "tell": Waited(fan_out_many, partial(claims.due, DiaryEntry.objects.all())),
        "notify": Waited(send_many, partial(claims.due, Delivery.objects.all())),
        "digest": Waited(send_digest, partial(claims.due, Digest.objects.all())),
        "index": Waited(keeping.index_many, lambda now: [keeping.waiting(now)]),
        "mail": Waited(send_mails, partial(claims.due, OutgoingMail.objects.all())),
        "expire uploads": Waited(lambda now: expire_uploads(now) > 0, lambda now: [late_uploads(now)]),
        "sweep": sweep_one_folder,
        "tidy sign-ins": Hourly(accounts.forget_old),
        "tidy drafts": Hourly(drafts.forget_old),
    }
    if settings.IMAP_HOST:
        found["support mailbox"] = poll_when_due
    return found


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings.production")
    import django
    from django.conf import settings

    django.setup()
    worker = Worker(kinds(), settings.WORKER_REST_SECONDS)
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run()


if __name__ == "__main__":
    main()
