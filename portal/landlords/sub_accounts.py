"""A landlord's sub accounts, managed by its administrator (S86-S93). The limit counts active accounts (D4) under the landlord's
lock, so two concurrent requests cannot exceed it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.accounts import actions as accounts
from portal.accounts import rate_limits
from portal.accounts.actions import Href
from portal.accounts.models import User
from portal.accounts.rate_limits import Kind
from portal.audit import trail
from portal.landlords.models import Landlord, Membership
from portal.landlords.people import sub_accounts_of
from portal.lib import clock, version_tokens
from portal.lib.errors import NotAllowed, RuleBroken

MOST = 100  # the highest limit that the portal team may set


def create_sub_account(*, name: str, email: str, href: Href, by: Actor) -> Membership:
    """Creates a user of the administrator's own landlord and e-mails them a link to make a password (S89)."""
    by.require(Permission.LANDLORD_MANAGE_PEOPLE)
    rate_limits.begin(Kind.NEW_USER, rate_limits.subject_of(f"landlord {by.landlord_id}"))
    with _held(by) as landlord:
        _require_stranger(landlord, email)
        require_room(landlord)
        user = accounts.open_account(
            name=name, email=email, place=f"a sub account of {landlord.name}", href=href, by=by
        )
        return Membership.objects.create(landlord=landlord, user=user, role=Role.SUB_ACCOUNT, created_at=clock.now())


def reset_password(member_id: int, *, href: Href, by: Actor) -> Membership:
    """Ends the old password at once and e-mails a link to make a new one (S92). Raises Membership.DoesNotExist."""
    with _held(by) as landlord:
        member = sub_accounts_of(landlord.pk).get(pk=member_id)
        accounts.reset_password(member.user, href=href, by=by)
    return member


def deactivate(member_id: int, *, by: Actor) -> Membership:
    """Closes the account. What its person did keeps their name (S93)."""
    with _held(by) as landlord:
        member = sub_accounts_of(landlord.pk).get(pk=member_id)
        if not member.user.is_active:
            raise RuleBroken(f"{member.user.name}’s account is deactivated already.")
        accounts.deactivate(member.user, by=by)
    return member


def reactivate(member_id: int, *, href: Href, by: Actor) -> Membership:
    """Opens the account again, if the limit leaves room for one more (D4)."""
    with _held(by) as landlord:
        member = sub_accounts_of(landlord.pk).get(pk=member_id)
        if member.user.is_active:
            raise RuleBroken(f"{member.user.name}’s account is active already.")
        require_room(landlord)
        accounts.reactivate(member.user, href=href, by=by)
    return member


@transaction.atomic
def set_limit(landlord: Landlord, *, limit: int, by: Actor, seen: str | None = None) -> Landlord:
    """Sets how many active sub accounts the landlord may have. A lower limit closes no existing account."""
    by.require(Permission.INVITE_LANDLORDS)
    if not 0 <= limit <= MOST:
        raise RuleBroken(f"The limit must be between 0 and {MOST}.", field="limit")
    landlord = lock(landlord.pk)
    version_tokens.check(landlord.version_token, seen, "limit")
    if limit != landlord.sub_account_limit:
        trail.record(by, "sub account limit changed", landlord, old=landlord.sub_account_limit, new=limit)
        landlord.sub_account_limit = limit
        landlord.save(update_fields=["sub_account_limit"])
    return landlord


def active_sub_accounts(landlord_id: int) -> int:
    """How many count towards the limit (D4)."""
    return sub_accounts_of(landlord_id).filter(user__is_active=True).count()


def require_room(landlord: Landlord) -> None:
    """Raises RuleBroken if one more account would exceed the limit. The caller holds the landlord's lock."""
    limit = landlord.sub_account_limit
    if active_sub_accounts(landlord.pk) >= limit:
        raise RuleBroken(
            f"{landlord.name} can have {limit} active sub {'account' if limit == 1 else 'accounts'} and has as many. "
            "Deactivate one first, or ask us for more."
        )


def lock(landlord_id: int) -> Landlord:
    """Locks the landlord's row, so that changes to its people are serialised."""
    return Landlord.objects.select_for_update().get(pk=landlord_id)


@contextmanager
def _held(by: Actor) -> Iterator[Landlord]:
    """Locks the administrator's landlord. Raises NotAllowed if the actor is no longer its administrator."""
    by.require(Permission.LANDLORD_MANAGE_PEOPLE)
    if by.landlord_id is None:
        raise NotAllowed("Only a landlord’s administrator looks after its users.")
    with transaction.atomic():
        landlord = lock(by.landlord_id)
        still = Membership.objects.filter(
            landlord=landlord, user_id=by.user_id, role=Role.ADMINISTRATOR, user__is_active=True
        )
        if not still.exists():
            raise NotAllowed("You are no longer the administrator of this landlord.")
        yield landlord


def _require_stranger(landlord: Landlord, email: str) -> None:
    """Raises RuleBroken if the address is taken. It names the holder only if they belong to the same landlord."""
    holder = User.objects.with_address(email).first()
    member = Membership.objects.filter(landlord=landlord, user=holder).first() if holder else None
    if holder is None:
        return
    if member is None:
        raise RuleBroken("An account cannot be made for this e-mail address. Use another one.", field="email")
    closed = "" if holder.is_active else " It is deactivated: you can reactivate it under “Manage your users”."
    raise RuleBroken(f"{holder.name} has an account with this e-mail address.{closed}", field="email")
