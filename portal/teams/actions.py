"""The service's own people: who works here, in which role and team (C1). Nobody changes their own place or closes their
own account, so there is always somebody of the portal team who can look after accounts.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.roles import ROLES, SERVICE_ROLES, Role
from portal.accounts import actions as accounts
from portal.accounts.actions import Href
from portal.accounts.models import User
from portal.audit import trail
from portal.lib import version_tokens
from portal.lib.errors import NotAllowed, RuleBroken
from portal.teams.models import StaffMember, Team

IN_A_TEAM = (Role.ENQUIRY_OFFICER, Role.CASEWORKER, Role.TEAM_MANAGER)  # the other roles belong to none of the four


def create_service_person(*, name: str, email: str, role: str, team: str | None, href: Href, by: Actor) -> StaffMember:
    """An account for somebody of the service, who is mailed a link to make a password."""
    found_role, found_team = _place(role, team)
    with _keeping(by):
        user = accounts.open_account(
            name=name,
            email=email,
            place=f"the service’s account for {_words(found_role, found_team)}",
            href=href,
            by=by,
        )
        member = StaffMember.objects.create(user=user, role=found_role, team=found_team)
        trail.record(by, "service person created", user, role=found_role, team=found_team)
    return member


@transaction.atomic
def first_person(*, name: str, email: str) -> StaffMember:
    """The one account that nobody signed in can make, for whoever sets the portal up. Refused once somebody is there."""
    if StaffMember.objects.filter(role=Role.PORTAL_TEAM, user__is_active=True).exists():
        raise RuleBroken("The portal team has somebody already, who can make accounts under “People”.")
    if not name.strip() or "@" not in email:
        raise RuleBroken("Give a name and an e-mail address.")
    if User.objects.with_address(email).exists():
        raise RuleBroken(accounts.TAKEN)
    member = StaffMember.objects.create(
        user=User.objects.create_user(email=email, name=name), role=Role.PORTAL_TEAM, team=None
    )
    trail.record(None, "first person created", member.user, email=email)
    return member


def change_place(
    member: StaffMember, *, role: str, team: str | None, by: Actor, seen: str | None = None
) -> StaffMember:
    """Another role or team, with which the person signs in anew (H32)."""
    found_role, found_team = _place(role, team)
    with _keeping(by):
        member = _another(member, by)
        version_tokens.check(member.version_token, seen, "account")
        trail.record(
            by,
            "role or team changed",
            member.user,
            old=[member.role, member.team],
            new=[found_role, found_team],
        )
        member.role, member.team = found_role, found_team
        member.save(update_fields=["role", "team"])
        accounts.rights_changed(member.user)
    return member


def reset_password(member: StaffMember, *, href: Href, by: Actor) -> StaffMember:
    with _keeping(by):
        member = _another(member, by)
        accounts.reset_password(member.user, href=href, by=by)
    return member


def deactivate(member: StaffMember, *, by: Actor) -> StaffMember:
    """Closes the account. Cases that the person owns go on, and their team is told of them until somebody takes over."""
    with _keeping(by):
        member = _another(member, by)
        if not member.user.is_active:
            raise RuleBroken(f"{member.user.name}’s account is deactivated already.")
        accounts.deactivate(member.user, by=by)
    return member


def reactivate(member: StaffMember, *, href: Href, by: Actor) -> StaffMember:
    with _keeping(by):
        member = _another(member, by)
        if member.user.is_active:
            raise RuleBroken(f"{member.user.name}’s account is active already.")
        accounts.reactivate(member.user, href=href, by=by)
    return member


@contextmanager
def _keeping(by: Actor) -> Iterator[None]:
    """Holds the portal team's rows: of two of them who close each other's accounts at the same moment, one is refused."""
    by.require(Permission.MANAGE_SERVICE_PEOPLE)
    with transaction.atomic():
        keepers = StaffMember.objects.filter(role=Role.PORTAL_TEAM).order_by("pk")
        list(keepers.select_for_update())
        if not keepers.filter(user_id=by.user_id, user__is_active=True).exists():
            raise NotAllowed("You no longer belong to the portal team.")
        yield


def _another(member: StaffMember, by: Actor) -> StaffMember:
    member = StaffMember.objects.select_for_update(of=("self",)).select_related("user").get(pk=member.pk)
    if member.user_id == by.user_id:
        raise RuleBroken("This is your own account. Ask a colleague of the portal team.")
    return member


def _place(role: str, team: str | None) -> tuple[Role, Team | None]:
    """A role of the service with the team that it needs, or without one. Raises RuleBroken for anything else (H44)."""
    if role not in SERVICE_ROLES:
        raise RuleBroken("Choose one of the service’s roles.", field="role")
    if role not in IN_A_TEAM:
        if team:
            raise RuleBroken(f"{ROLES[Role(role)].name}: this role belongs to none of the teams.", field="team")
        return Role(role), None
    if team not in Team.values:
        raise RuleBroken(f"{ROLES[Role(role)].name}: choose the team.", field="team")
    return Role(role), Team(team)


def _words(role: Role, team: Team | None) -> str:
    return f"{ROLES[role].name}, {team.label}" if team else ROLES[role].name
