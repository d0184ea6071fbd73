"""The background worker: `python -m portal.config.worker`. It loops over the kinds of waiting rows until it is stopped.

Every kind is a function of the moment that does one piece of work and says whether there was any. A worker may be
killed at any line: its row's lease ends and the work is done again.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType

log = logging.getLogger("portal.worker")
Kind = Callable[[datetime], bool]


class Hourly:
    """A kind that is called in every round and done once an hour."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.due_at: datetime | None = None

    def __call__(self, now: datetime) -> bool:
        if self.due_at is not None and now < self.due_at:
            return False
        self.due_at = now + timedelta(hours=1)
        return self.kind(now)


class Worker:
    """Runs until `stop` is called, finishing the piece in hand."""

    def __init__(self, kinds: dict[str, Kind], rest_seconds: float) -> None:
        self.kinds, self.rest_seconds, self.running = kinds, rest_seconds, True

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        self.running = False

    def run(self) -> None:
        log.info("worker started: %s", ", ".join(self.kinds))
        while self.running:
            if not self.run_once():
                time.sleep(self.rest_seconds)
        log.info("worker stopped")

    def run_once(self) -> bool:
        """One piece of each kind. A kind that fails is logged and does not stop the others."""
        from django.db import close_old_connections

        from portal.lib import clock

        close_old_connections()
        worked = False
        for name, kind in self.kinds.items():
            try:
                worked = kind(clock.now()) or worked
            except Exception:
                log.exception("%s failed", name)
        return worked


def kinds() -> dict[str, Kind]:
    """The kinds of work, told first so that a mail leaves in the round after its cause."""
    from django.conf import settings

    from portal.accounts import actions as accounts
    from portal.drafts import actions as drafts
    from portal.files.actions import expire_uploads
    from portal.files.orphans import sweep_one_folder
    from portal.mail.outbox import send_one
    from portal.notifications.reminders import Reminding
    from portal.notifications.sending import send_digest, send_telling
    from portal.notifications.tell import tell_one
    from portal.search.keeping import index_one
    from portal.support.mailbox import poll_when_due

    found: dict[str, Kind] = {
        "remind": Reminding(),
        "tell": tell_one,
        "notify": send_telling,
        "digest": send_digest,
        "index": index_one,
        "mail": send_one,
        "expire uploads": lambda now: expire_uploads(now) > 0,
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
