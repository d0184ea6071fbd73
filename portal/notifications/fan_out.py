"""Turns diary entries into notifications and e-mail deliveries, in one transaction with the entry's claim.

Who is notified is decided now, not when the event happened: somebody who has left gets nothing. sending.py checks again before
an e-mail goes out. A batch of entries gives the same rows as the same entries one by one.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from portal.cases.models import Case, DiaryEntry
from portal.lib import claims, clock
from portal.lib.claims import Moment
from portal.notifications import sending
from portal.notifications.facts import Facts
from portal.notifications.models import Delivery, Notification
from portal.notifications.recipients import Recipient, recipients
from portal.notifications.rules import Audience, rule_of
from portal.notifications.withdrawn import needs_notified_people
from portal.teams.models import Team

TOGETHER = 100  # entries of one transaction


def fan_out_one(now: datetime) -> bool:
    """Claims and processes the next entry. Returns False when none is waiting."""
    return fan_out_many(now, limit=1) > 0


def fan_out_many(now: datetime, *, limit: int = TOGETHER, told_at: Moment | None = None) -> int:
    """Claims and processes the next entries. Returns how many there were.

    `told_at` is for the demo, which moves its clock to the time of each entry.
    """
    entries = claims.claim_many(DiaryEntry.objects.select_related("case"), now=now, limit=limit)
    if entries:
        claims.work(entries, partial(_fan_out, told_at=told_at or (lambda entry: now)), now=now)
    return len(entries)


def _fan_out(entries: Sequence[DiaryEntry], *, told_at: Moment) -> bool:
    facts = Facts(entries)
    notifications: list[Notification] = []
    deliveries: list[Delivery] = []
    for entry in entries:
        if needs_notified_people(entry):  # of the entries just before it, too
            _save(notifications)
        if _concerns_anybody(entry, facts):
            now = told_at(entry)
            with clock.moved_to(now):
                notifications += _notifications_of(entry, facts, now)
                deliveries += [_delivery(entry, one, now) for one in recipients(entry, facts)]
    _save(notifications)
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    return claims.finish_many(entries)


def _save(notifications: list[Notification]) -> None:
    Notification.objects.bulk_create(notifications, ignore_conflicts=True)
    notifications.clear()


def _concerns_anybody(entry: DiaryEntry, facts: Facts) -> bool:
    hidden = rule_of(entry).audience is Audience.LANDLORD and not entry.landlord_may_read
    return not hidden and not facts.is_nothing_left(entry)


def _notifications_of(entry: DiaryEntry, facts: Facts, now: datetime) -> list[Notification]:
    audience, notified = rule_of(entry).audience, facts.people_notified(entry)
    landlord_id = entry.case.landlord_id if audience in {Audience.LANDLORD, Audience.COLLEAGUE} else None
    return [
        Notification(person_id=user_id, landlord_id=landlord_id, entry=entry, at=now)
        for user_id in _people(audience, entry, facts)
        if user_id != entry.actor_id and (notified is None or user_id in notified)
    ]


def _delivery(entry: DiaryEntry, recipient: Recipient, now: datetime) -> Delivery:
    return sending.queue(recipient, Delivery(entry=entry, made_at=now), now)


def _people(audience: Audience, entry: DiaryEntry, facts: Facts) -> list[int]:
    case = entry.case
    if audience is Audience.LANDLORD:
        return [member.user_id for member in facts.people_of(case.landlord_id)]
    if audience is Audience.COLLEAGUE:
        people = facts.people_of(case.landlord_id)
        return [member.user_id for member in people if member.user_id == entry.details["colleague"]]
    if audience is Audience.NEW_OWNER:
        return [member.user_id for member in facts.owners if member.user_id == entry.details["owner"]]
    if audience is Audience.REVIEW_TEAM:
        team = [member.user_id for member in facts.owners if member.team == Team.REVIEW]
        return team or _owner_or_team(case, facts)
    if audience is Audience.OWNER:
        return _owner_or_team(case, facts)
    return []


def _owner_or_team(case: Case, facts: Facts) -> list[int]:
    """The case owner, or the whole team while the case has no active owner."""
    owner = [member.user_id for member in facts.owners if member.user_id == case.owner_id]
    return owner or [member.user_id for member in facts.owners if member.team == case.team]
