"""Inviting landlords and looking after their main accounts (S9, S11, C3)."""

from django.conf import settings
from django.db import IntegrityError, transaction

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.accounts.lives import LINK_LIFE
from portal.accounts.models import User
from portal.audit import trail
from portal.landlords.models import Landlord, LandlordState, Membership
from portal.landlords.people import administrator_of
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.lib.typed import one_line
from portal.mail import outbox


def invite_landlord(
    *, name: str, administrator_name: str, email: str, kind: str, homes: int | None, by: Actor
) -> Landlord:
    """Creates a landlord and its administrator account. The welcome e-mail contains no link and no password (S12)."""
    by.require(Permission.INVITE_LANDLORDS)
    name, administrator_name = one_line(name), one_line(administrator_name)
    _check_filled(name, administrator_name)
    _check_free(name, email)
    try:
        with transaction.atomic():
            landlord = Landlord.objects.create(name=name, kind=kind, homes=homes, invited_at=clock.now())
            user = User.objects.create_user(email=email, name=administrator_name)
            Membership.objects.create(landlord=landlord, user=user, role=Role.ADMINISTRATOR, created_at=clock.now())
            trail.record(by, "landlord invited", landlord, email=user.email)
            _welcome(landlord, user)
    except IntegrityError:
        raise RuleBroken(
            "Somebody has just invited this landlord or used this address. Look it up in the list of landlords."
        ) from None
    return landlord


@transaction.atomic
def resend_invitation(landlord: Landlord, *, by: Actor) -> None:
    """Sends the welcome e-mail again, if the landlord's administrator has never signed in (C3)."""
    by.require(Permission.INVITE_LANDLORDS)
    landlord = Landlord.objects.select_for_update().get(pk=landlord.pk)
    if landlord.state != LandlordState.INVITED:
        raise RuleBroken(
            "This landlord uses the portal already. An administrator who forgot the password can ask for a new one."
        )
    trail.record(by, "invitation sent again", landlord)
    _welcome(landlord, administrator_of(landlord.pk).user)


def note_first_sign_in(user_id: int) -> None:
    """Marks an invited landlord as active at its first complete sign-in."""
    invited = Landlord.objects.filter(memberships__user_id=user_id, state=LandlordState.INVITED)
    for landlord in invited:
        still = Landlord.objects.filter(pk=landlord.pk, state=LandlordState.INVITED)  # two may sign in at one moment
        if still.update(state=LandlordState.ACTIVE, activated_at=clock.now()):
            trail.record(None, "landlord activated", landlord)


def _check_filled(name: str, administrator_name: str) -> None:
    if not name:
        raise RuleBroken("Enter the landlord’s name.", field="name")
    if not administrator_name:
        raise RuleBroken("Enter the administrator’s name.", field="administrator_name")


def _check_free(name: str, email: str) -> None:
    if Landlord.objects.filter(name__iexact=name).exists():
        raise RuleBroken("A landlord with this name is in the portal already.", field="name")
    if User.objects.with_address(email).exists():
        raise RuleBroken("Somebody already signs in with this e-mail address. Use another address.", field="email")


def _welcome(landlord: Landlord, user: User) -> None:
    outbox.post(
        to=user.email,
        subject=f"{landlord.name}: your invitation to the {settings.SERVICE_NAME}",
        body=(
            f"Dear {user.name}\n\n"
            f"We invite {landlord.name} to use the {settings.SERVICE_NAME}. "
            "There you see your cases, what we need from you and by when, "
            "and you send us evidence and messages.\n\n"
            f"This e-mail address is your username. To set up your account:\n\n"
            f"1. Go to {settings.PORTAL_URL}/sign-in/\n"
            "2. Enter this e-mail address and select “Forgot your password?”\n"
            f"3. Use the link that we then send you to make your own password. The link works for {LINK_LIFE}.\n\n"
            f"Nobody reads replies to this e-mail. If you need help, write to {settings.SUPPORT_ADDRESS}.\n\n"
            f"{settings.SERVICE_NAME}\n"
        ),
        kind="invitation",
        user_id=user.pk,
        landlord_id=landlord.pk,
    )
