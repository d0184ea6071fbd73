"""Who is asking, where they work and what stands in their way at this moment: read with every request, in one statement."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from portal.access.actor import Actor
from portal.access.levels import TO_READ, Level
from portal.accounts.models import Session, User
from portal.landlords import people
from portal.landlords.models import Landlord
from portal.restrictions.models import Restriction
from portal.teams import people as team_people


def sessions() -> QuerySet[Session]:
    """Sessions with the user, the place at a landlord or in the service, and the open restriction as `open_level`."""
    joined = Session.objects.select_related("user__membership__landlord", "user__staff_member")
    return joined.annotate(open_level=Subquery(_open_levels(OuterRef("user_id"))))


def person_of(session: Session) -> User | None:
    """The user of a session that `sessions` gave, with all that was read beside it."""
    if session.user is not None:
        session.user.open_level = session.open_level  # type: ignore[attr-defined]
    return session.user


def actor_of(user: User, *, ip: str | None = None, request_id: str = "") -> Actor | None:
    """The person as an actor; None without a place at a landlord or in the service. What was not read yet is read now."""
    if member := getattr(user, "membership", None):
        return people.actor_of(member, ip=ip, request_id=request_id, restriction=_restriction(user))
    if worker := getattr(user, "staff_member", None):
        return team_people.actor_of(worker, ip=ip, request_id=request_id)
    return None


def landlord_of(user: User) -> Landlord | None:
    member = getattr(user, "membership", None)
    return member.landlord if member else None


def own(actor: Actor) -> Restriction | None:
    """The person's own open restriction, for the page that tells them of it."""
    return Restriction.objects.filter(user_id=actor.user_id, ended_at__isnull=True).first()


def _restriction(user: User) -> Level | None:
    level = user.open_level if hasattr(user, "open_level") else next(iter(_open_levels(user.pk)), None)
    return Level(level) if level else None


def _open_levels(user_id: Any) -> QuerySet[Any, Any]:
    """A warning that was read is history: it stands in nobody's way."""
    mine = Restriction.objects.filter(user_id=user_id, ended_at__isnull=True)
    return mine.exclude(level__in=TO_READ, read_at__isnull=False).order_by().values_list("level", flat=True)[:1]
