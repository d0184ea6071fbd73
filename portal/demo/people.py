"""Everybody in the demo: the service's people, eight fictional landlords and theirs, all with one shown password."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from random import Random

from django.contrib.auth.hashers import make_password
from django.db.models import Max

from portal.access.actor import Actor
from portal.access.roles import Role
from portal.accounts.models import User
from portal.cases.models import DiaryEntry
from portal.demo.working_hours import WorkingHours
from portal.landlords import actions as landlord_actions
from portal.landlords import people as landlord_people
from portal.landlords import sub_accounts
from portal.landlords.models import Landlord
from portal.lib import clock
from portal.pages.shared.password_links import password_href
from portal.teams import actions as team_actions
from portal.teams import people as team_people
from portal.teams.models import Team

# One password for everybody, printed by the demo itself: whoever tries the portal changes person all the time, and the
# slow hash that protects real passwords is computed once instead of forty times.
PASSWORD = "tea-and-two-biscuits"  # noqa: S105
SERVICE_ADDRESS = "ombudsman.example"


@dataclass(frozen=True)
class Person:
    """Somebody of the demo as data. `team` is None for a landlord's people and for those outside the four teams."""

    name: str
    email: str
    role: Role
    team: Team | None = None


@dataclass(frozen=True)
class Organisation:
    """A fictional landlord: how many cases it has, in the full demo and in the small one, and its people."""

    key: str
    name: str
    kind: str
    homes: int
    cases: int
    small_cases: int
    people: tuple[str, ...]  # the administrator first, then its sub accounts
    has_own_caseworkers: bool = False  # all its cases go to the first of each team, whose list is then long

    def persons(self) -> list[Person]:
        roles = [Role.ADMINISTRATOR] + [Role.SUB_ACCOUNT] * (len(self.people) - 1)
        return [
            Person(name, address_of(name, f"{self.key}.example"), role)
            for name, role in zip(self.people, roles, strict=True)
        ]


ORGANISATIONS = (
    Organisation("pennywell", "Pennywell Almshouses Trust", "Charity", 41, 3, 3, ("Dorothy Fairbairn",)),
    Organisation(
        "marches", "Marches Community Housing", "Co-operative", 620, 9, 9, ("Gwenllian ap Rhys", "Owain Pugh")
    ),
    Organisation("fenland", "Fenland Rural Homes", "Housing association", 1850, 6, 0, ("Martin Thistlewood",)),
    Organisation(
        "saltmarsh", "Saltmarsh Borough Council", "Local authority", 6400, 12, 0, ("Beatriz Moreira", "Kwame Asante")
    ),
    Organisation(
        "hazelcourt",
        "Hazel Court Housing",
        "Housing association",
        9300,
        30,
        30,
        ("Leila Haddow", "Jonas Petersen", "Ffion Myfanwy Davies-Llywelyn"),
    ),
    Organisation(
        "northgate",
        "Northgate Quays Housing Association",
        "Housing association",
        14200,
        18,
        0,
        ("Patrick Oyelaran", "Sunita Bhatt"),
    ),
    Organisation(
        "kingsmere",
        "The Royal Borough of Kingsmere and Thornbury-upon-Wold Metropolitan Homes Partnership",
        "Arm’s length management organisation",
        21700,
        32,
        0,
        ("Christopher Featherstonehaugh-Okonedo", "Mei-Ling Harrington", "Tadeusz Zieliński"),
    ),
    Organisation(
        "meridian",
        "Meridian Homes Group",
        "Housing association",
        78500,
        115,
        0,
        ("Samantha Blythe", "Rashid Khoury", "Eilidh MacGregor", "Thomas Adeleke"),
        has_own_caseworkers=True,
    ),
)


def address_of(name: str, domain: str) -> str:
    """first.last@domain, in plain letters."""
    plain = name.lower().translate(str.maketrans("áäçéèëíóöúüñłńọ", "aaceeeioouunlno"))
    first, *_, last = plain.split()
    return "".join(letter for letter in f"{first}.{last}" if letter.isascii() and letter not in " ’") + f"@{domain}"


def _staff(name: str, role: Role, team: Team | None) -> Person:
    return Person(name, address_of(name, SERVICE_ADDRESS), role, team)


SERVICE_PEOPLE = (
    _staff("Margaret Achebe", Role.TEAM_MANAGER, Team.DISPUTE_SUPPORT),
    _staff("Callum Reid", Role.ENQUIRY_OFFICER, Team.DISPUTE_SUPPORT),
    _staff("Priya Raman", Role.ENQUIRY_OFFICER, Team.DISPUTE_SUPPORT),
    _staff("Joanna Kowalska", Role.ENQUIRY_OFFICER, Team.DISPUTE_SUPPORT),
    _staff("Farouk Aziz", Role.TEAM_MANAGER, Team.TRIAGE),
    _staff("Rhiannon Llewellyn", Role.CASEWORKER, Team.TRIAGE),
    _staff("Tomasz Nowak", Role.CASEWORKER, Team.TRIAGE),
    _staff("Grace Adeyemi", Role.CASEWORKER, Team.TRIAGE),
    _staff("Helen Whitworth", Role.TEAM_MANAGER, Team.DISPUTE_RESOLUTION),
    _staff("Idris Bello", Role.CASEWORKER, Team.DISPUTE_RESOLUTION),
    _staff("Siobhán Gallagher", Role.CASEWORKER, Team.DISPUTE_RESOLUTION),
    _staff("Oluwaseun Adébayo-Fitzgerald", Role.CASEWORKER, Team.DISPUTE_RESOLUTION),
    _staff("Wei Chen Tan", Role.CASEWORKER, Team.DISPUTE_RESOLUTION),
    _staff("Alasdair Munro", Role.TEAM_MANAGER, Team.REVIEW),
    _staff("Nkechi Obi", Role.CASEWORKER, Team.REVIEW),
    _staff("Yusuf Demir", Role.CASEWORKER, Team.REVIEW),
    _staff("Zoë Hartley", Role.PORTAL_TEAM, None),
    _staff("Bernard Okonkwo", Role.AUDITOR, None),
)


# Who stands for a role when pages are pictured: address and password. They are in the small demo, too.
DEMO_PEOPLE = {
    "administrator": (address_of("Leila Haddow", "hazelcourt.example"), PASSWORD),
    "sub account": (address_of("Jonas Petersen", "hazelcourt.example"), PASSWORD),
    "caseworker": (address_of("Rhiannon Llewellyn", SERVICE_ADDRESS), PASSWORD),
    "manager": (address_of("Farouk Aziz", SERVICE_ADDRESS), PASSWORD),
    "portal team": (address_of("Zoë Hartley", SERVICE_ADDRESS), PASSWORD),
    "auditor": (address_of("Bernard Okonkwo", SERVICE_ADDRESS), PASSWORD),
}


@dataclass(frozen=True)
class Company:
    """A landlord of the demo as it stands in the database, with its people as actors."""

    landlord: Landlord
    actors: list[Actor]
    has_own_caseworkers: bool


@dataclass
class Crew:
    """Everybody who acts in the demo."""

    teams: dict[Team, list[Actor]] = field(default_factory=lambda: {team: [] for team in Team})
    managers: dict[Team, Actor] = field(default_factory=dict)
    portal_team: list[Actor] = field(default_factory=list)
    companies: dict[str, Company] = field(default_factory=dict)

    def everybody(self) -> list[Actor]:
        return [actor for team in Team for actor in [*self.teams[team], self.managers[team]]] + [
            actor for company in self.companies.values() for actor in company.actors
        ]


def organisations(*, small: bool) -> list[tuple[Organisation, int]]:
    """The landlords of the demo with their numbers of cases."""
    counted = [(each, each.small_cases if small else each.cases) for each in ORGANISATIONS]
    return [(each, count) for each, count in counted if count]


def build_people(hours: WorkingHours, *, small: bool) -> Crew:
    """The service's people, then each landlord invited by the portal team, before the first case."""
    crew, password = Crew(), make_password(PASSWORD)
    rng = Random("landlord-portal-demo/people")
    first = hours.calendar.add(hours.earliest().date(), -20)
    with clock.moved_to(_at(first, 9, rng)):
        for person in sorted(SERVICE_PEOPLE, key=lambda one: one.role != Role.PORTAL_TEAM):
            _join_service(person, crew, password)
    for number, (organisation, _) in enumerate(organisations(small=small), start=1):
        day = hours.calendar.add(first, number)
        with clock.moved_to(_at(day, rng.randint(9, 11), rng)):
            landlord = _invite(organisation, crew.portal_team[0])
        with clock.moved_to(_at(day, rng.randint(13, 16), rng)):
            crew.companies[organisation.key] = _first_signed_in(organisation, landlord, password)
    return crew


def _at(day: date, hour: int, rng: Random) -> datetime:
    return datetime.combine(day, time(hour, rng.randint(0, 59), rng.randint(0, 59)), clock.LONDON).astimezone(UTC)


def note_last_sign_ins(hours: WorkingHours) -> None:
    """Everybody signed in on the morning of the last day on which they did something on a case."""
    acted = DiaryEntry.objects.values("actor_id").annotate(last=Max("at")).values_list("actor_id", "last")
    last = {user_id: at.astimezone(clock.LONDON).date() for user_id, at in acted}
    rng = Random("landlord-portal-demo/sign-ins")
    for user in User.objects.order_by("pk"):
        day = last.get(user.pk, hours.day(rng.randint(2, 9)))
        User.objects.filter(pk=user.pk).update(last_login=_at(day, 8, rng))


def _join_service(person: Person, crew: Crew, password: str) -> None:
    """Made by the portal team, whose own first person is made as whoever sets up a portal does it."""
    if crew.portal_team:
        member = team_actions.create_service_person(
            name=person.name,
            email=person.email,
            role=person.role,
            team=person.team,
            href=password_href,
            by=crew.portal_team[0],
        )
    else:
        member = team_actions.first_person(name=person.name, email=person.email)
    _give_password(member.user_id, password)
    actor = team_people.actor_of(member)
    if person.role == Role.PORTAL_TEAM:
        crew.portal_team.append(actor)
    elif person.team is not None and person.role == Role.TEAM_MANAGER:
        crew.managers[person.team] = actor
    elif person.team is not None:
        crew.teams[person.team].append(actor)


def _invite(organisation: Organisation, by: Actor) -> Landlord:
    administrator = organisation.persons()[0]
    return landlord_actions.invite_landlord(
        name=organisation.name,
        administrator_name=administrator.name,
        email=administrator.email,
        kind=organisation.kind,
        homes=organisation.homes,
        by=by,
    )


def _first_signed_in(organisation: Organisation, landlord: Landlord, password: str) -> Company:
    """The administrator made a password, signed in and opened the sub accounts."""
    _, *others = organisation.persons()
    first = landlord_people.administrator_of(landlord.pk)
    _give_password(first.user_id, password)
    landlord_actions.note_first_sign_in(first.user_id)
    landlord.refresh_from_db()
    actors = [landlord_people.actor_of(first)]
    for person in others:
        member = sub_accounts.create_sub_account(name=person.name, email=person.email, href=password_href, by=actors[0])
        _give_password(member.user_id, password)
        actors.append(landlord_people.actor_of(member))
    return Company(landlord, actors, organisation.has_own_caseworkers)


def _give_password(user_id: int, password: str) -> None:
    """In place of the link in the mail, which nobody of the demo opens, and of a first sign-in."""
    User.objects.filter(pk=user_id).update(password=password, last_login=clock.now())
