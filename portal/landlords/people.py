"""Reading a landlord's people: who acts for whom. Users are reached only through here or through a team."""

from collections.abc import Iterable

from django.db.models import QuerySet

from portal.access.actor import Actor, landlord_actor
from portal.access.kept import kept
from portal.access.roles import Role
from portal.landlords.models import Membership
from portal.lib.errors import RuleBroken


def membership_of(user_id: int) -> Membership | None:
    return Membership.objects.select_related("landlord", "user").filter(user_id=user_id).first()


def actor_of(member: Membership, *, ip: str | None = None, request_id: str = "") -> Actor:
    return landlord_actor(
        user_id=member.user_id,
        name=member.user.name,
        role=member.role,
        landlord_id=member.landlord_id,
        ip=ip,
        request_id=request_id,
    )


def people_of(landlord_id: int) -> QuerySet[Membership]:
    """The landlord's active people, the administrator first."""
    return people_of_any([landlord_id])


def people_of_any(landlord_ids: Iterable[int]) -> QuerySet[Membership]:
    """The active people of these landlords, the administrators first. For the portal's own work, never for a page."""
    active = Membership.objects.filter(landlord__id__in=list(landlord_ids), user__is_active=True)
    return active.select_related("user").order_by("role", "user__name_sort_key", "id")


@kept
def names_of(landlord_id: int) -> QuerySet[Membership, tuple[int, str]]:
    """User id and name of each active person."""
    return people_of(landlord_id).values_list("user_id", "user__name")


def administrator_of(landlord_id: int) -> Membership:
    return Membership.objects.select_related("user").get(landlord_id=landlord_id, role=Role.ADMINISTRATOR)


def sub_accounts_of(landlord_id: int) -> QuerySet[Membership]:
    """The landlord's own sub accounts, also deactivated ones: never the main account, never another landlord's (H44)."""
    return Membership.objects.filter(landlord_id=landlord_id, role=Role.SUB_ACCOUNT).select_related("user")


def everybody_at(landlord_id: int) -> QuerySet[Membership]:
    """All of the landlord's people, also deactivated ones; the administrator first, then the active ones."""
    everybody = Membership.objects.filter(landlord_id=landlord_id).select_related("user")
    return everybody.order_by("role", "-user__is_active", "user__name_sort_key", "id")


@kept
def names_at(landlord_id: int) -> QuerySet[Membership]:
    """Everybody, with what their name needs and nothing else."""
    return everybody_at(landlord_id).only("user__name", "user__is_active")


def state_of(member: Membership) -> str:
    """The state of an account, in a word."""
    if not member.user.is_active:
        return "Deactivated"
    return "Active" if member.user.last_login else "Never signed in"


def colleague_name(user_id: int | None, *, landlord_id: int) -> str:
    """The name of an active person of that landlord; "" for nobody. Raises RuleBroken for anybody else (H44)."""
    if user_id is None:
        return ""
    member = people_of(landlord_id).filter(user_id=user_id).first()
    if member is None:
        raise RuleBroken("Choose one of your own colleagues.", field="colleague")
    return member.user.name
