"""Adds a landlord with two people and thirty open cases to the portal of the journeys: `python -m tests.journeys.cedar`."""

import django

ADMINISTRATOR, COLLEAGUE = "cara@cedar.example", "dan@cedar.example"
CASES = 30


def build() -> None:
    from portal.access.roles import Role
    from portal.accounts.models import User
    from portal.cases import actions as cases
    from portal.landlords.models import Landlord, LandlordState, Membership
    from portal.tasks import actions as tasks
    from portal.tasks.models import TaskKind
    from portal.teams import people
    from portal.teams.models import Team
    from tests.cast import PASSWORD, in_days

    landlord = Landlord.objects.create(name="Cedar Homes", state=LandlordState.ACTIVE)
    for email, name, role in (
        (ADMINISTRATOR, "Cara Novak", Role.ADMINISTRATOR),
        (COLLEAGUE, "Dan Osei", Role.SUB_ACCOUNT),
    ):
        user = User.objects.create_user(email=email, name=name, password=PASSWORD)
        Membership.objects.create(landlord=landlord, user=user, role=role)
    dev = people.actor_of(people.StaffMember.objects.get(user__email="dev@ombudsman.example"))
    for number in range(CASES):
        case = cases.create_case(
            by=dev,
            reference=f"20257{number:04d}",
            landlord=landlord,
            resident_name=f"Resident {number:02d}",
            resident_address=f"{number} Cedar Row, Leeds",
            team=list(Team)[number % 4],
            owner_id=None,
        )
        cases.release_case(case, by=dev)
        kind = list(TaskKind)[3 + number % 2]
        tasks.set_task(case, kind=kind, title=f"Task {CASES - number:02d}", due_on=in_days(10 + number), by=dev)


if __name__ == "__main__":
    django.setup()
    build()
