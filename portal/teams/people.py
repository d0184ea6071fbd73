"""Reading the service's people: who works in which team."""

from django.db.models import QuerySet

from portal.access.actor import Actor, service_actor
from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.lib.errors import RuleBroken
from portal.teams.models import StaffMember


def actor_of(member: StaffMember, *, ip: str | None = None, request_id: str = "") -> Actor:
    return service_actor(
        user_id=member.user_id, name=member.user.name, role=member.role, team=member.team, ip=ip, request_id=request_id
    )


def owners() -> QuerySet[StaffMember]:
    """The active people of the four teams, who may own cases."""
    return (
        StaffMember.objects.filter(user__is_active=True, team__isnull=False)
        .select_related("user")
        .order_by("user__name_sort_key", "id")
    )


@kept
def owner_names() -> QuerySet[StaffMember, tuple[int, str, str | None]]:
    """User id, name and team of each."""
    return owners().values_list("user_id", "user__name", "team")


def everybody(by: Actor) -> QuerySet[StaffMember]:
    """All of the service's people, also deactivated ones, for whoever looks after their accounts."""
    if not by.may(Permission.MANAGE_SERVICE_PEOPLE):
        return StaffMember.objects.none()
    return StaffMember.objects.select_related("user").order_by("-user__is_active", "user__name_sort_key", "id")


def owner_name(user_id: int | None) -> str:
    """The name of somebody who may own a case; "" for nobody. Raises RuleBroken for anybody else (H44)."""
    if user_id is None:
        return ""
    member = owners().filter(user_id=user_id).first()
    if member is None:
        raise RuleBroken("Choose an owner who works in one of the four teams.", field="owner")
    return member.user.name


def works_in(user_id: int | None, team: str) -> bool:
    """Whether this is one of the team's active people."""
    return user_id is not None and owners().filter(user_id=user_id, team=team).exists()
