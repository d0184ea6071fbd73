"""`manage.py rebuild_search`: makes the search index anew from the cases, while the portal runs."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.search.keeping import rebuild


class Command(BaseCommand):
    help = "Makes the search index anew from the cases. The portal may run meanwhile; nothing else is changed."

    def handle(self, *args: Any, **options: Any) -> None:
        rebuild(self.stdout.write)
        self.stdout.write("The search index is complete.")
