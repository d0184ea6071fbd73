"""Reading the register of landlords: for the portal team's list, and to find the landlord that somebody typed."""

from django.db.models import Q, QuerySet

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.audit import trail
from portal.landlords.models import Landlord, Membership
from portal.lib.errors import RuleBroken


def landlords(by: Actor) -> QuerySet[Landlord]:
    """Every landlord, for the service's people whose role lets them see the register; nothing for anybody else."""
    if by.is_landlord or not by.may(Permission.SEE_LANDLORDS):
        return Landlord.objects.none()
    return Landlord.objects.order_by("name_sort_key", "id")


def matching(found: QuerySet[Landlord], text: str) -> QuerySet[Landlord]:
    """Landlords with the text in their name, or in the name or address of one of their people."""
    people = Membership.objects.filter(Q(user__name__icontains=text) | Q(user__email__icontains=text))
    return found.filter(Q(name__icontains=text) | Q(pk__in=people.values("landlord_id"))) if text else found


def named(text: str, *, by: Actor) -> QuerySet[Landlord]:
    """The landlord with exactly this name, or else all landlords with the text in their name."""
    exact = landlords(by).filter(name__iexact=text)
    return exact if exact.exists() else landlords(by).filter(name__icontains=text)


def landlord_named(text: str, *, by: Actor) -> Landlord:
    """The landlord that somebody typed or chose: the whole name, or a part that only one landlord has."""
    near = list(named(text.strip(), by=by)[:6]) if text.strip() else []
    if len(near) == 1:
        return near[0]
    if near:
        raise RuleBroken(
            f"More than one landlord fits: {', '.join(one.name for one in near[:5])}. Choose one.", field="landlord"
        )
    raise RuleBroken(
        "No landlord has this name. Choose one from the list; the portal team invites new landlords.", field="landlord"
    )


def open_landlord(landlord_id: int, *, by: Actor) -> Landlord:
    """The landlord for a page that shows it and its people; the opening is recorded. Raises Landlord.DoesNotExist."""
    landlord = landlords(by).get(pk=landlord_id)
    trail.record(by, "landlord opened", landlord)
    return landlord
