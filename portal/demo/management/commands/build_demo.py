"""`manage.py build_demo`: a fictional service with landlords, cases and documents, to try the portal with."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.demo.build import build, is_built, is_empty


class Command(BaseCommand):
    help = "Fills an empty portal with the demo's people, cases and documents. Does nothing when they are there."
    requires_system_checks: list[str] = []  # the web server and the tests make them; here they only cost time

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--small", action="store_true", help="three landlords and a few cases of every sort")

    def handle(self, *args: Any, small: bool = False, **options: Any) -> None:
        if not settings.PORTAL_DEMO:
            raise CommandError("This is no demo, and all demo people share a published password. Set PORTAL_DEMO=1.")
        if is_built():
            self.stdout.write("The demo is there already. Nothing was changed.")
            return
        if not is_empty():
            raise CommandError("This portal holds other people or cases. The demo needs an empty database of its own.")
        build(self._say, small=small)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
