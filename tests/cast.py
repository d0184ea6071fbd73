"""The fixed cast of the tests. Carys of Birch Homes must see nothing of Alder's; nobody but its own people may."""

from dataclasses import dataclass
from datetime import timedelta

from portal.access.actor import Actor
from portal.access.levels import Level
from portal.access.roles import Role
from portal.accounts.models import User
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.landlords import people as landlord_people
from portal.landlords.models import Landlord, LandlordState, Membership
from portal.lib import clock
from portal.restrictions import access_state
from portal.restrictions.models import Restriction
from portal.teams import people as team_people
from portal.teams.models import StaffMember, Team

PASSWORD = "correct-horse-battery"


@dataclass(frozen=True)
class Cast:
    """Everybody, with the actors they are. `case` is Alder's, open and released; `hidden` is Alder's, not yet released."""

    alder: Landlord
    birch: Landlord
    users: dict[str, User]
    actors: dict[str, Actor]
    case: Case
    hidden: Case
    birch_case: Case

    def __getattr__(self, name: str) -> Actor:
        actors: dict[str, Actor] = self.__dict__.get("actors", {})  # none yet while a copy is being made
        if name not in actors:
            raise AttributeError(name)
        return actors[name]


LANDLORD_PEOPLE = {
    "amina": ("Amina Yusuf", "alder", Role.ADMINISTRATOR),
    "ben": ("Ben Carter", "alder", Role.SUB_ACCOUNT),
    "ike": ("Ike Bello", "alder", Role.SUB_ACCOUNT),
    "carys": ("Carys Pritchard", "birch", Role.ADMINISTRATOR),
}
SERVICE_PEOPLE = {
    "dev": ("Dev Patel", Role.CASEWORKER, Team.TRIAGE),
    "esi": ("Esi Mensah", Role.CASEWORKER, Team.DISPUTE_RESOLUTION),
    "farid": ("Farid Haddad", Role.TEAM_MANAGER, Team.TRIAGE),
    "gwen": ("Gwen Okafor", Role.PORTAL_TEAM, None),
    "hana": ("Hana Sato", Role.AUDITOR, None),
    "ines": ("Ines Duarte", Role.IT_SUPPORT, None),
}


def build() -> Cast:
    """Everybody, three cases, Dev owning Alder's, Ike reading only."""
    landlords = {
        "alder": Landlord.objects.create(name="Alder Homes", homes=12000, state=LandlordState.ACTIVE),
        "birch": Landlord.objects.create(name="Birch Homes", homes=800, state=LandlordState.ACTIVE),
    }
    users, actors = {}, {}
    for key, (name, home, role) in LANDLORD_PEOPLE.items():
        users[key] = User.objects.create_user(email=f"{key}@{home}.example", name=name, password=PASSWORD)
        member = Membership.objects.create(landlord=landlords[home], user=users[key], role=role)
        actors[key] = landlord_people.actor_of(member)
    for key, (name, role, team) in SERVICE_PEOPLE.items():
        users[key] = User.objects.create_user(email=f"{key}@ombudsman.example", name=name, password=PASSWORD)
        actors[key] = team_people.actor_of(StaffMember.objects.create(user=users[key], role=role, team=team))
    restrict(users["ike"], landlords["alder"], Level.READ_ONLY, approver=users["farid"])
    actors["ike"] = actor_now(users["ike"])
    dev = actors["dev"]
    case, hidden, other = (
        cases.create_case(
            by=dev,
            reference=reference,
            landlord=landlord,
            resident_name=resident,
            resident_address=address,
            summary=summary,
            team=Team.TRIAGE,
            owner_id=dev.user_id,
        )
        for reference, landlord, resident, address, summary in (
            (
                "202601234",
                landlords["alder"],
                "Mary O’Neil",
                "14 Mill Lane, Leeds LS1 4AB",
                "Damp and mould in the bedroom since 2024.",
            ),
            ("202605678", landlords["alder"], "Tom Hidden", "2 Quiet Row, Leeds LS2 9ZZ", "Not yet released."),
            ("202609999", landlords["birch"], "Nia Secret", "9 Birch Way, York YO1 7AA", "Only Birch may know of it."),
        )
    )
    case, other = cases.release_case(case, by=dev), cases.release_case(other, by=dev)
    return Cast(landlords["alder"], landlords["birch"], users, actors, case, hidden, other)


def restrict(user: User, landlord: Landlord, level: Level, *, approver: User) -> Restriction:
    """A restriction as it stands, without the mail and the audit rows of the action."""
    return Restriction.objects.create(
        user=user,
        landlord=landlord,
        level=level,
        reason="Shouted at a caseworker.",
        appeal="Write to the Head of Casework within 20 working days.",
        imposed_by_name="Gwen Okafor",
        approver=approver,
        approver_name=approver.name,
        review_on=in_days(60),
    )


def actor_now(user: User) -> Actor:
    """The person as the next request sees them."""
    actor = access_state.actor_of(User.objects.get(pk=user.pk))
    assert actor is not None
    return actor


def in_days(days: int):
    """The date `days` calendar days from today."""
    return clock.today() + timedelta(days=days)


def without_ike(cast: Cast) -> Cast:
    """For tests that count Alder's people: Amina and Ben only."""
    Membership.objects.filter(user=cast.users["ike"]).delete()
    return cast
