"""Reads the diary and tells the people concerned: the bell, and who is to get an e-mail, in one transaction with the mark.

Who is told is decided now, not when the thing happened: somebody who left meanwhile hears nothing. The e-mails are
written by sending.py, which asks once more. Many entries are told of together, with the same rows as one by one.
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
from portal.notifications.rules import Told, rule_of
from portal.notifications.withdrawn import asks_who_heard
from portal.teams.models import Team

TOGETHER = 100  # entries of one transaction


def fan_out_one(now: datetime) -> bool:
    """Claims the next untold entry and tells of it. False when there is none."""
    return fan_out_many(now, limit=1) > 0


def fan_out_many(now: datetime, *, limit: int = TOGETHER, told_at: Moment | None = None) -> int:
    """Claims the next untold entries and tells of them. Says how many there were.

    `told_at` is for the demo, whose clock is moved to the moment at which each entry is told.
    """
    entries = claims.claim_many(DiaryEntry.objects.select_related("case"), now=now, limit=limit)
    if entries:
        claims.work(entries, partial(_tell, told_at=told_at or (lambda entry: now)), now=now)
    return len(entries)


def _tell(entries: Sequence[DiaryEntry], *, told_at: Moment) -> bool:
    facts = Facts(entries)
    rings: list[Notification] = []
    deliveries: list[Delivery] = []
    for entry in entries:
        if asks_who_heard(entry):  # of the entries just before it, too
            _ring(rings)
        if _concerns_anybody(entry, facts):
            now = told_at(entry)
            with clock.moved_to(now):
                rings += _rings_of(entry, facts, now)
                deliveries += [_delivery(entry, one, now) for one in recipients(entry, facts)]
    _ring(rings)
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    return claims.finish_many(entries)


def _ring(rings: list[Notification]) -> None:
    Notification.objects.bulk_create(rings, ignore_conflicts=True)
    rings.clear()


def _concerns_anybody(entry: DiaryEntry, facts: Facts) -> bool:
    hidden = rule_of(entry).told is Told.LANDLORD and not entry.landlord_may_read
    return not hidden and not facts.is_nothing_left(entry)


def _rings_of(entry: DiaryEntry, facts: Facts, now: datetime) -> list[Notification]:
    told, heard = rule_of(entry).told, facts.who_heard(entry)
    landlord_id = entry.case.landlord_id if told in {Told.LANDLORD, Told.COLLEAGUE} else None
    return [
        Notification(person_id=user_id, landlord_id=landlord_id, entry=entry, at=now)
        for user_id in _people(told, entry, facts)
        if user_id != entry.actor_id and (heard is None or user_id in heard)
    ]


def _delivery(entry: DiaryEntry, recipient: Recipient, now: datetime) -> Delivery:
    return sending.queue(recipient, Delivery(entry=entry, made_at=now), now)


def _people(told: Told, entry: DiaryEntry, facts: Facts) -> list[int]:
    case = entry.case
    if told is Told.LANDLORD:
        return [member.user_id for member in facts.people_of(case.landlord_id)]
    if told is Told.COLLEAGUE:
        people = facts.people_of(case.landlord_id)
        return [member.user_id for member in people if member.user_id == entry.details["colleague"]]
    if told is Told.NEW_OWNER:
        return [member.user_id for member in facts.owners if member.user_id == entry.details["owner"]]
    if told is Told.REVIEW_TEAM:
        team = [member.user_id for member in facts.owners if member.team == Team.REVIEW]
        return team or _owner_or_team(case, facts)
    if told is Told.OWNER:
        return _owner_or_team(case, facts)
    return []


def _owner_or_team(case: Case, facts: Facts) -> list[int]:
    """The owner; while there is none, or the owner has left, everybody of the team."""
    owner = [member.user_id for member in facts.owners if member.user_id == case.owner_id]
    return owner or [member.user_id for member in facts.owners if member.team == case.team]
