"""`manage.py reset_factors ADDRESS CHECK`: for when nobody of the portal team can sign in to do it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts import factors
from portal.accounts.models import User
from portal.lib.errors import RuleBroken


class Command(BaseCommand):
    help = "Takes away somebody's second factors, so that codes come by e-mail again. The person is told by e-mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")
        parser.add_argument("check", help="how you checked who the person is; kept in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.with_address(options["address"]).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['address']}.")
        try:
            factors.reset_from_console(user, identity_check=options["check"])
        except RuleBroken as broken:
            raise CommandError(broken.words) from None
        self.stdout.write(f"Reset. Codes for {user.email} come by e-mail again.")
