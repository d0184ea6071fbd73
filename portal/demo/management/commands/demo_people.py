"""`manage.py demo_people`: who is who in the demo, and with which address and password to sign in."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.access.roles import ROLES
from portal.demo.people import ORGANISATIONS, PASSWORD, SERVICE_PEOPLE, Person
from portal.landlords.models import Landlord

SHORT = 40  # characters of a landlord's name


class Command(BaseCommand):
    help = "Prints the demo's people with the addresses and the password that they sign in with."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        rows = demo_people()
        widths = [max(len(row[column]) for row in rows) for column in range(2)]
        self.stdout.write(f"Everybody's password is  {PASSWORD}\n")
        for name, who, email in rows:
            self.stdout.write(f"{name:{widths[0]}}  {who:{widths[1]}}  {email}")


def demo_people() -> list[tuple[str, str, str]]:
    """Name, who they are, address: the landlords' people, the largest landlord first, then the service's."""
    there = set(Landlord.objects.values_list("name", flat=True))
    by_size = sorted((one for one in ORGANISATIONS if one.name in there), key=lambda one: -one.cases)
    rows = [
        (person.name, f"{ROLES[person.role].name}, {_short(one.name)}", person.email)
        for one in by_size
        for person in one.persons()
    ]
    return rows + [(person.name, _place(person), person.email) for person in SERVICE_PEOPLE]


def _place(person: Person) -> str:
    role = ROLES[person.role].name
    return f"{role}, {person.team.label}" if person.team else role


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}…"
