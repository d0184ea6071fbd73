"""Changes a landlord's main account: its e-mail address or its person. Only the portal team may do either, after an identity
check that is recorded in the audit trail (D10, S20). There is exactly one administrator at any time."""

from enum import StrEnum

from django.db import transaction

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.accounts import actions as accounts
from portal.accounts import emails
from portal.accounts.actions import Href
from portal.audit import trail
from portal.landlords.models import Landlord, Membership
from portal.landlords.people import administrator_of, sub_accounts_of
from portal.landlords.sub_accounts import lock, require_room
from portal.lib import clock, version_tokens
from portal.lib.errors import RuleBroken

CHECK_LIMIT = 1000


class Former(StrEnum):
    """What happens to the former administrator."""

    STAYS = "sub account"
    LEAVES = "deactivated"


@transaction.atomic
def change_address(
    landlord: Landlord, member_id: int, *, email: str, checked: str, by: Actor, seen: str | None = None
) -> Membership:
    """Another e-mail address for one of the landlord's people. Raises Membership.DoesNotExist for anybody else's."""
    by.require(Permission.INVITE_LANDLORDS)
    landlord = lock(landlord.pk)
    member = Membership.objects.select_related("user").get(pk=member_id, landlord=landlord)
    version_tokens.check(member.version_token, seen, "account")
    member.user = accounts.change_address(member.user, email=email, checked=_checked(checked), by=by)
    return member


@transaction.atomic
def hand_over(
    landlord: Landlord,
    *,
    successor_id: int | None,
    name: str = "",
    email: str = "",
    former: Former,
    checked: str,
    href: Href,
    by: Actor,
    seen: str | None = None,
) -> Membership:
    """Makes one of the landlord's sub accounts, or with no `successor_id` a new person, its administrator."""
    by.require(Permission.INVITE_LANDLORDS)
    landlord, checked = lock(landlord.pk), _checked(checked)
    before = administrator_of(landlord.pk)
    version_tokens.check(before.version_token, seen, "main account")
    successor = _sub_account(landlord, successor_id)
    if successor is None and former is Former.STAYS:
        require_room(landlord)
    Membership.objects.filter(pk=before.pk).update(role=Role.SUB_ACCOUNT)
    if successor is None:
        place = f"the main account of {landlord.name}"
        user = accounts.open_account(name=name, email=email, place=place, href=href, by=by)
        after = Membership.objects.create(landlord=landlord, user=user, role=Role.ADMINISTRATOR, created_at=clock.now())
    else:
        Membership.objects.filter(pk=successor.pk).update(role=Role.ADMINISTRATOR)
        after = administrator_of(landlord.pk)
    for member in (before, after):
        accounts.rights_changed(member.user)
    if former is Former.LEAVES:
        accounts.deactivate(before.user, by=by)
    trail.record(
        by, "main account handed over", landlord, old=before.user_id, new=after.user_id, former=former, checked=checked
    )
    _tell_both(landlord, before, after, former)
    return after


def _tell_both(landlord: Landlord, before: Membership, after: Membership, former: Former) -> None:
    accounts.send_email(
        after.user, emails.main_account_given(after.user.name, landlord=landlord.name, former=before.user.name)
    )
    passed_on = emails.main_account_passed_on(
        before.user.name, landlord=landlord.name, successor=after.user.name, stays=former is Former.STAYS
    )
    accounts.send_email(before.user, passed_on)


def _sub_account(landlord: Landlord, member_id: int | None) -> Membership | None:
    """The active sub account that takes over; None for a new person. Raises RuleBroken for anybody else (H44)."""
    if member_id is None:
        return None
    found = sub_accounts_of(landlord.pk).filter(pk=member_id, user__is_active=True).first()
    if found is None:
        raise RuleBroken("Choose one of the landlord’s active sub accounts, or somebody new.", field="successor")
    return found


def _checked(words: str) -> str:
    words = words.strip()
    if not words:
        raise RuleBroken("Enter how you checked who is asking.", field="checked")
    if len(words) > CHECK_LIMIT:
        raise RuleBroken(f"Use {CHECK_LIMIT:,} characters or fewer.", field="checked")
    return words
