"""Reads the diary and tells the people concerned: the bell, and who is to get an e-mail, in one transaction with the mark.

Who is told is decided now, not when the thing happened: somebody who left meanwhile hears nothing. The e-mails are
written by sending.py, which asks once more.
"""

from datetime import datetime

from portal.cases.models import Case, DiaryEntry
from portal.landlords.people import people_of
from portal.lib import claims, clock
from portal.notifications import sending
from portal.notifications.models import BellEntry, Telling
from portal.notifications.recipients import recipients
from portal.notifications.rules import Told, rule_of
from portal.notifications.withdrawn import is_nothing_left, who_heard
from portal.teams.models import Team
from portal.teams.people import owners


def tell_one(now: datetime) -> bool:
    """Claims the next untold entry and tells of it. False when there is none."""
    entry = claims.claim(DiaryEntry.objects.select_related("case"), now=now)
    if entry is None:
        return False
    claims.work(entry, lambda: _tell(entry) and claims.finish(entry), now=now)
    return True


def _tell(entry: DiaryEntry) -> bool:
    rule = rule_of(entry)
    case = entry.case
    if rule.told is Told.LANDLORD and not entry.landlord_may_read:
        return True
    if is_nothing_left(entry):
        return True
    heard = who_heard(entry)
    people = [
        user_id
        for user_id in _people(rule.told, entry, case)
        if user_id != entry.actor_id and (heard is None or user_id in heard)
    ]
    landlord_id = case.landlord_id if rule.told in {Told.LANDLORD, Told.COLLEAGUE} else None
    BellEntry.objects.bulk_create(
        [BellEntry(person_id=user_id, landlord_id=landlord_id, entry=entry, at=clock.now()) for user_id in people],
        ignore_conflicts=True,
    )
    now = clock.now()
    tellings = [sending.queue(one, Telling(entry=entry, made_at=now), now) for one in recipients(entry)]
    Telling.objects.bulk_create(tellings, ignore_conflicts=True)
    return True


def _people(told: Told, entry: DiaryEntry, case: Case) -> list[int]:
    if told is Told.LANDLORD:
        return [member.user_id for member in people_of(case.landlord_id)]
    if told is Told.COLLEAGUE:
        return [
            member.user_id for member in people_of(case.landlord_id) if member.user_id == entry.details["colleague"]
        ]
    if told is Told.NEW_OWNER:
        return [member.user_id for member in owners() if member.user_id == entry.details["owner"]]
    if told is Told.REVIEW_TEAM:
        team = [member.user_id for member in owners() if member.team == Team.REVIEW]
        return team or _people(Told.OWNER, entry, case)
    if told is Told.OWNER:
        return _owner_or_team(case)
    return []


def _owner_or_team(case: Case) -> list[int]:
    """The owner; while there is none, or the owner has left, everybody of the team."""
    people = list(owners())
    owner = [member.user_id for member in people if member.user_id == case.owner_id]
    return owner or [member.user_id for member in people if member.team == case.team]
