"""Reads the diary and tells the people concerned: the bell and the outbox, in one transaction with the entry's own mark.

Who is told is decided now, not when the thing happened: somebody who left meanwhile hears nothing.
"""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from portal.accounts.models import User
from portal.cases.models import Case, DiaryEntry
from portal.landlords.people import administrator_of, people_of
from portal.lib import claims, clock
from portal.mail import outbox
from portal.notifications.models import BellEntry
from portal.notifications.rules import Rule, Told, rule_of
from portal.teams.models import Team
from portal.teams.people import owners

log = logging.getLogger(__name__)


def tell_one(now: datetime) -> bool:
    """Claims the next untold entry and tells of it. False when there is none."""
    entry = claims.claim(DiaryEntry.objects.select_related("case"), now=now)
    if entry is None:
        return False
    try:
        with transaction.atomic():
            _tell(entry)
            if not claims.finish(entry):
                raise LostLease
    except LostLease:
        log.warning("diary entry %s was taken over by another worker", entry.pk)
    except Exception as error:
        log.exception("diary entry %s not told", entry.pk)
        claims.try_again(entry, f"{type(error).__name__}: {error}", now=now)
    return True


class LostLease(Exception):
    """Another worker holds the row now: what this one wrote is rolled back."""


def _tell(entry: DiaryEntry) -> None:
    rule = rule_of(entry)
    case = entry.case
    if rule.told is Told.LANDLORD and not entry.landlord_may_read:
        return
    people = [user_id for user_id in _people(rule.told, entry, case) if user_id != entry.actor_id]
    landlord_id = case.landlord_id if rule.told in {Told.LANDLORD, Told.COLLEAGUE} else None
    BellEntry.objects.bulk_create(
        [BellEntry(person_id=user_id, landlord_id=landlord_id, entry=entry, at=clock.now()) for user_id in people],
        ignore_conflicts=True,
    )
    if rule.told is Told.LANDLORD and rule.mail:
        _mail_administrator(entry, rule)


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


def _mail_administrator(entry: DiaryEntry, rule: Rule) -> None:
    administrator = administrator_of(entry.landlord_id).user
    if not _can_be_told(administrator) or rule.mail is None:
        return
    outbox.post(
        to=administrator.email,
        subject=f"{rule.mail}: case {entry.case.reference}",
        body=_body(administrator, rule.mail, entry),
        kind=f"notification: {entry.kind}",
        user_id=administrator.pk,
        landlord_id=entry.landlord_id,
        once=f"diary-{entry.pk}-{administrator.pk}",
    )


def _can_be_told(user: User) -> bool:
    return user.is_active


def _body(user: User, words: str, entry: DiaryEntry) -> str:
    return (
        f"Dear {user.name}\n\n"
        f"{words}: case {entry.case.reference}.\n\n"
        f"Sign in to read it:\n{settings.PORTAL_URL}/cases/{entry.case.reference}/\n\n"
        "Nobody reads replies to this e-mail. To answer, sign in and send a message on the case.\n\n"
        f"{settings.SERVICE_NAME}\n"
    )
