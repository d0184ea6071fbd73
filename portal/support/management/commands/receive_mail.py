"""Takes one mail on standard input, for a mail server's pipe (bin/receive), and ends with a code that it knows."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from portal.support.incoming import HEADER_LIMIT, MAIL_LIMIT, Unreadable, check_size
from portal.support.receiving import note_refusal, receive

BAD_MAIL, TRY_LATER = 65, 75  # EX_DATAERR: it comes back to the sender; EX_TEMPFAIL: the mail server keeps it


class Command(BaseCommand):
    help = "Takes one e-mail to the support address from standard input."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row = receive(self._read())
        except Unreadable as refused:
            raise CommandError(str(refused), returncode=BAD_MAIL) from None
        except (DatabaseError, OSError) as error:
            raise CommandError(f"Try again later: {type(error).__name__}.", returncode=TRY_LATER) from None
        self.stdout.write(row.get_fate_display())

    def _read(self) -> bytes:
        """Looks at the headers' length before the rest is taken in."""
        head = sys.stdin.buffer.read(HEADER_LIMIT + 1)
        try:
            check_size(head)
            raw = head + sys.stdin.buffer.read(MAIL_LIMIT + 1 - len(head))
            check_size(raw)
        except Unreadable as refused:
            note_refusal(str(refused))
            raise
        return raw
