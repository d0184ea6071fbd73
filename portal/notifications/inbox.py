"""A person's notifications in the portal. Opening what a notification is about marks it as read, as in a mail program (S27)."""

from dataclasses import dataclass

from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.cases.querysets import detail
from portal.lib import clock
from portal.notifications.models import Notification
from portal.notifications.rules import RULES


@dataclass(frozen=True)
class Place:
    """What a page shows, in the terms of rules.py; `number` is the id of the task or thread."""

    page: str
    case_id: int
    number: int | None = None


def bell_of(actor: Actor) -> QuerySet[Notification]:
    """The person's own entries, newest first."""
    return _own(actor).select_related("entry__case").order_by("-id")


def unread(actor: Actor) -> QuerySet[Notification]:
    return bell_of(actor).filter(read_at__isnull=True)


def narrowed(entries: QuerySet[Notification], *, topic: str = "", reference: str = "") -> QuerySet[Notification]:
    """Only those of one kind of event, or of one case."""
    if topic:
        kinds = [kind.value for kind, rule in RULES.items() if rule.topic == topic]
        entries = entries.filter(entry__kind__in=kinds)
    return entries.filter(entry__case__reference=reference) if reference else entries


def unread_about(place: Place, *, by: Actor) -> QuerySet[Notification]:
    """The person's unread notifications about this page."""
    return leading_to(unread(by), place.page, case_id=place.case_id, number=place.number)


def look_at(place: Place, *, by: Actor) -> int:
    """Marks them as read and returns how many there were."""
    return unread_about(place, by=by).update(read_at=clock.now())


def mark_all_read(*, by: Actor) -> int:
    return _own(by).filter(read_at__isnull=True).update(read_at=clock.now())


def leading_to(
    entries: QuerySet[Notification], page: str, *, case_id: int, number: int | None = None
) -> QuerySet[Notification]:
    """Those that lead to a page of this kind on the case, about the task or thread of that number if one is given."""
    kinds = [kind.value for kind, rule in RULES.items() if rule.page == page]
    entries = entries.filter(entry__kind__in=kinds, entry__case=case_id)
    return entries if number is None else entries.alias(number=detail(page, "entry__")).filter(number=number)


def _own(actor: Actor) -> QuerySet[Notification]:
    """The person's notifications at their current landlord, about cases that this landlord still has (H47)."""
    own = Notification.objects.filter(person_id=actor.user_id)
    if actor.landlord_id is None:
        return own.filter(landlord__isnull=True)
    return own.filter(landlord_id=actor.landlord_id, entry__case__landlord_id=actor.landlord_id)
