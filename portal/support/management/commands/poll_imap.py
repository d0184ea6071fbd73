"""Looks through the support mailbox once, as the worker does every minute when IMAP_HOST is set."""

import imaplib
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.support.mailbox import poll


class Command(BaseCommand):
    help = "Takes new e-mails from the mailbox that IMAP_HOST and its companions name."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IMAP_HOST:
            raise CommandError("IMAP_HOST is not set: see docs/operations.md.")
        try:
            taken = poll()
        except (OSError, imaplib.IMAP4.error) as error:
            raise CommandError(f"The mailbox could not be read: {error}.") from None
        self.stdout.write(f"{taken} taken.")
