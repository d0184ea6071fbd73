"""Reading and marking the bell."""

from django.db import transaction
from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.lib import clock
from portal.notifications.models import BellEntry
from portal.notifications.rules import RULES


def bell_of(actor: Actor) -> QuerySet[BellEntry]:
    """The person's own entries, newest first."""
    return _own(actor).select_related("entry__case").order_by("-id")


def unread(actor: Actor) -> QuerySet[BellEntry]:
    return bell_of(actor).filter(read_at__isnull=True)


def narrowed(entries: QuerySet[BellEntry], *, topic: str = "", reference: str = "") -> QuerySet[BellEntry]:
    """Only those of one kind of event, or of one case."""
    if topic:
        kinds = [kind.value for kind, rule in RULES.items() if rule.topic == topic]
        entries = entries.filter(entry__kind__in=kinds)
    return entries.filter(entry__case__reference=reference) if reference else entries


@transaction.atomic
def mark_read(entry_id: int, *, by: Actor) -> BellEntry:
    """Opening a notification marks it read (S27). Raises BellEntry.DoesNotExist."""
    entry = bell_of(by).get(pk=entry_id)
    if entry.read_at is None:
        entry.read_at = clock.now()
        entry.save(update_fields=["read_at"])
    return entry


def mark_all_read(*, by: Actor) -> int:
    return _own(by).filter(read_at__isnull=True).update(read_at=clock.now())


def _own(actor: Actor) -> QuerySet[BellEntry]:
    """What was told to the person where they now are, of cases that are still that landlord's (H47)."""
    own = BellEntry.objects.filter(person_id=actor.user_id)
    if actor.landlord_id is None:
        return own.filter(landlord_id__isnull=True)
    return own.filter(landlord_id=actor.landlord_id, entry__case__landlord_id=actor.landlord_id)
