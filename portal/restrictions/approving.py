"""Who may approve a restriction: a team manager or somebody of the portal team, and never whoever proposes it."""

from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.roles import ROLES
from portal.accounts.models import User
from portal.lib.errors import RuleBroken
from portal.teams.models import StaffMember


def approvers(by: Actor) -> QuerySet[StaffMember]:
    """The active people who may approve what `by` proposes: never `by` alone."""
    roles = [role.value for role, words in ROLES.items() if Permission.RESTRICT_PEOPLE in words.permissions]
    found = StaffMember.objects.filter(user__is_active=True, role__in=roles).exclude(user_id=by.user_id)
    return found.select_related("user").order_by("user__name_sort_key", "id")


def approver_named(user_id: int, *, by: Actor) -> User:
    """Raises RuleBroken for anybody who may not approve it (H44)."""
    if user_id == by.user_id:
        raise RuleBroken("Somebody else must approve this. Choose a colleague.", field="approver")
    member = approvers(by).filter(user_id=user_id).first()
    if member is None:
        raise RuleBroken("Choose a team manager or somebody of the portal team.", field="approver")
    return member.user
