"""Reading restrictions: for the service's people who may see them, and who may approve one."""

from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.roles import ROLES
from portal.accounts.models import User
from portal.audit import trail
from portal.landlords.models import Membership
from portal.lib.errors import RuleBroken
from portal.restrictions.models import Restriction
from portal.teams.models import StaffMember


def restrictions(by: Actor) -> QuerySet[Restriction]:
    """Every restriction, for those who may see them; nothing for anybody else, and never for a landlord's people."""
    if by.is_landlord or not by.may(Permission.SEE_RESTRICTIONS):
        return Restriction.objects.none()
    return Restriction.objects.select_related("user", "landlord")


def in_force(by: Actor) -> QuerySet[Restriction]:
    """The open ones, the next review first."""
    return restrictions(by).filter(ended_at__isnull=True).order_by("review_on", "id")


def ended(by: Actor) -> QuerySet[Restriction]:
    return restrictions(by).filter(ended_at__isnull=False).order_by("-ended_at", "-id")


def open_restriction(restriction_id: int, *, by: Actor) -> Restriction:
    """For the page that shows it; the opening is recorded. Raises Restriction.DoesNotExist."""
    found = restrictions(by).get(pk=restriction_id)
    trail.record(by, "restriction opened", found)
    return found


def levels_at(landlord_id: int) -> dict[int, Restriction]:
    """The open restrictions of a landlord's people, by the person's id."""
    return {one.user_id: one for one in Restriction.objects.filter(landlord_id=landlord_id, ended_at__isnull=True)}


def member_to_restrict(landlord_id: int, user_id: int) -> Membership:
    """Raises Membership.DoesNotExist."""
    return Membership.objects.select_related("user", "landlord").get(landlord_id=landlord_id, user_id=user_id)


def approvers(by: Actor) -> QuerySet[StaffMember]:
    """The active people who may approve what `by` proposes: never `by` alone."""
    roles = [role.value for role, words in ROLES.items() if Permission.RESTRICT_PEOPLE in words.permissions]
    found = StaffMember.objects.filter(user__is_active=True, role__in=roles).exclude(user_id=by.user_id)
    return found.select_related("user").order_by("user__name", "id")


def approver_named(user_id: int, *, by: Actor) -> User:
    """Raises RuleBroken for anybody who may not approve it (H44)."""
    if user_id == by.user_id:
        raise RuleBroken("Somebody else must approve this. Choose a colleague.", field="approver")
    member = approvers(by).filter(user_id=user_id).first()
    if member is None:
        raise RuleBroken("Choose a team manager or somebody of the portal team.", field="approver")
    return member.user
