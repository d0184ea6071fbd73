"""What stands in a person's way at this moment: asked for with every request, in the statement that reads the membership."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from portal.access.actor import Actor
from portal.access.levels import TO_READ, Level
from portal.landlords import people
from portal.landlords.models import Membership
from portal.restrictions.models import Restriction


def membership_of(user_id: int) -> Membership | None:
    """The person's place at a landlord, with `open_level` beside it."""
    member = Membership.objects.select_related("landlord", "user").annotate(open_level=Subquery(_open_level()))
    return member.filter(user_id=user_id).first()


def actor_of(member: Membership, *, ip: str | None = None, request_id: str = "") -> Actor:
    """The actor of a row that membership_of gave."""
    level: str | None = member.open_level  # type: ignore[attr-defined]
    return people.actor_of(member, ip=ip, request_id=request_id, restriction=Level(level) if level else None)


def _open_level() -> QuerySet[Any, Any]:
    """A warning that was read is history: it stands in nobody's way."""
    mine = Restriction.objects.filter(user_id=OuterRef("user_id"), ended_at__isnull=True)
    return mine.exclude(level__in=TO_READ, read_at__isnull=False).values("level")[:1]


def own(actor: Actor) -> Restriction | None:
    """The person's own open restriction, for the page that tells them of it."""
    return Restriction.objects.filter(user_id=actor.user_id, ended_at__isnull=True).first()
