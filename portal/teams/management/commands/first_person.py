"""`manage.py first_person NAME ADDRESS`: the first account of a new portal, which makes all others."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.lib.errors import RuleBroken
from portal.teams import actions


class Command(BaseCommand):
    help = "Makes the portal team's first account, without a password. Refused when the portal team has somebody."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            member = actions.first_person(name=options["name"], email=options["address"])
        except RuleBroken as broken:
            raise CommandError(broken.words) from None
        self.stdout.write(
            f"Made. Go to {settings.PORTAL_URL}/sign-in/, type {member.user.email} and choose “Forgot your password?”."
        )
