"""Who makes the request: their place and any open restriction, read together with the session on every request."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from portal.access.actor import Actor, landlord_actor, service_actor
from portal.access.kept import kept
from portal.access.levels import TO_READ, Level
from portal.accounts.models import Session, User
from portal.landlords.models import Landlord, Membership
from portal.restrictions.models import Restriction
from portal.teams.models import StaffMember

_NAMES = ("member", "landlord_since", "worker", "open_level")


@kept
def sessions(key_digest: str) -> QuerySet[Session]:
    """The session with its user, their place and their open restriction."""
    found = Session.objects.select_related("user").filter(key_digest=key_digest)
    return found.annotate(**_standing("user_id"))


def person_of(session: Session) -> User | None:
    """The user of a session read by `sessions`, with everything read beside it."""
    if session.user is not None:
        for name in _NAMES:
            setattr(session.user, name, getattr(session, name))
    return session.user


def actor_of(user: User, *, ip: str | None = None, request_id: str = "") -> Actor | None:
    """The person as an actor; None without a place at a landlord or in the service. What was not read yet is read now."""
    read = _read(user)
    given: dict[str, Any] = {"user_id": user.pk, "name": user.name, "ip": ip, "request_id": request_id}
    if read.member:
        given |= {"role": read.member["role"], "landlord_id": read.member["landlord_id"]}
        return landlord_actor(**given, restriction=Level(read.open_level) if read.open_level else None)
    return service_actor(**given, **read.worker) if read.worker else None


def landlord_of(user: User) -> Landlord | None:
    """Name and beginning of the landlord for which the person works; whatever else is asked of it is read then."""
    read = _read(user)
    if not read.member:
        return None
    known = {"id": read.member["landlord_id"], "name": read.member["landlord"], "activated_at": read.landlord_since}
    return Landlord.from_db(None, list(known), list(known.values()))


def own(actor: Actor) -> Restriction | None:
    """The person's own open restriction, for the page that tells them of it."""
    return Restriction.objects.filter(user_id=actor.user_id, ended_at__isnull=True).first()


def _read(user: User) -> Any:
    return user if hasattr(user, _NAMES[0]) else User.objects.annotate(**_standing("pk")).get(pk=user.pk)


def _standing(user_id: str) -> dict[str, Subquery]:
    """Place and restriction, as annotations for a row with a `user_id`."""
    whose = OuterRef(user_id)
    members, workers = Membership.objects.filter(user_id=whose), StaffMember.objects.filter(user_id=whose)
    member = JSONObject(role="role", landlord_id="landlord_id", landlord="landlord__name")
    read = (
        members.values_list(member),
        members.values("landlord__activated_at"),
        workers.values_list(JSONObject(role="role", team="team")),
        _open_levels(whose),
    )
    return {name: Subquery(rows) for name, rows in zip(_NAMES, read, strict=True)}


def _open_levels(user_id: Any) -> QuerySet[Any, Any]:
    """The open restriction levels. A warning that was read no longer counts."""
    mine = Restriction.objects.filter(user_id=user_id, ended_at__isnull=True)
    return mine.exclude(level__in=TO_READ, read_at__isnull=False).order_by().values_list("level", flat=True)[:1]
