"""`manage.py seal_anew`: after PORTAL_SECRET_KEY was changed, seals the second factors with the new key."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.accounts import factors


class Command(BaseCommand):
    help = (
        "Seals the secrets of authenticator apps and recovery codes with the present PORTAL_SECRET_KEY. Run it while the "
        "former key stands in PORTAL_SECRET_KEY_FALLBACKS; afterwards the former key is needed no longer for them."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done, lost = factors.seal_anew()
        self.stdout.write(f"Sealed anew: {done}. Sealed with a key that is not named: {lost}.")
