"""Turns tellings into e-mails at their sending moment: at once, later, in a digest, or not at all.

Whoever writes a person's e-mails holds the person's row: the count of the hour is true, and a digest that has been sent
gets nothing more. The e-mail and the mark on the row are one transaction, so a worker may be killed at any line.
"""

from datetime import datetime, timedelta

from django.conf import settings

from portal.accounts.models import User
from portal.lib import claims
from portal.lib.claims import ClaimState
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.notifications.letters import Letter, digest_letter, letter
from portal.notifications.models import Digest, Outcome, Telling
from portal.notifications.recipients import NO_LONGER, Recipient, recipients, why_nobody
from portal.notifications.rules import rule_of
from portal.notifications.topics import Pace

KIND = "notification"  # begins the kind of each of these mails: codes and links are never counted with them
AN_HOUR = timedelta(hours=1)


def queue(recipient: Recipient, telling: Telling, now: datetime) -> Telling:
    """The telling with the moment at which it is looked at again: no sooner than the person's hours allow."""
    telling.person_id, telling.landlord_id = recipient.person_id, recipient.landlord_id
    telling.to_administrator = recipient.is_administrator
    telling.claim_due_at = recipient.hours.opening(now)
    return telling


def send_telling(now: datetime) -> bool:
    """Claims the next telling whose moment has come. False when there is none."""
    row = claims.claim(Telling.objects.select_related("entry__case"), now=now)
    if row is not None:
        claims.work(row, lambda: _send(row, now), now=now)
    return row is not None


def send_digest(now: datetime) -> bool:
    """Claims the next digest whose moment has come. False when there is none."""
    row = claims.claim(Digest.objects.all(), now=now)
    if row is not None:
        claims.work(row, lambda: _send_digest(row, now), now=now)
    return row is not None


def _send(telling: Telling, now: datetime) -> bool:
    person = _hold(telling.person_id)
    recipient = _still(telling, now)
    if recipient is None:
        return claims.finish(telling, outcome=Outcome.NOT_SENT, reason=why_nobody(telling.entry) or NO_LONGER)
    if recipient.pace is Pace.DAILY and not rule_of(telling.entry).urgent:
        return _into_digest(telling, recipient, recipient.hours.digest(now))
    opening = recipient.hours.opening(now)
    if opening > now:
        return claims.put_off(telling, opening)
    if _sent_this_hour(person, now) >= settings.MAILS_AN_HOUR:
        return _into_digest(telling, recipient, recipient.hours.after_the_hour(now))
    once = f"diary-{telling.entry_id}-{person.pk}"
    mail = _post(person, letter(person, telling.entry), f"{KIND}: {telling.entry.kind}", telling.landlord_id, once)
    return claims.finish(telling, outcome=Outcome.MAILED, mail=mail)


def _hold(person_id: int) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person_id)


def _still(telling: Telling, now: datetime) -> Recipient | None:
    """Whether the person is still one who should hear of it. What was for the administrator goes to the present one."""
    found = recipients(telling.entry)
    if telling.to_administrator:
        _hand_on(telling, [one for one in found if one.is_administrator], now)
    return next((one for one in found if one.person_id == telling.person_id), None)


def _hand_on(telling: Telling, administrators: list[Recipient], now: datetime) -> None:
    others = [queue(one, Telling(entry=telling.entry, made_at=now), now) for one in administrators]
    Telling.objects.bulk_create([one for one in others if one.person_id != telling.person_id], ignore_conflicts=True)


def _into_digest(telling: Telling, recipient: Recipient, at: datetime) -> bool:
    digest, _ = Digest.objects.get_or_create(
        person_id=recipient.person_id, at=at, defaults={"claim_due_at": at, "landlord_id": recipient.landlord_id}
    )
    if digest.claim_state in {ClaimState.DONE, ClaimState.FAILED}:  # it left between our moment and our turn
        return claims.put_off(telling, at)
    return claims.finish(telling, outcome=Outcome.DIGESTED, digest=digest)


def _send_digest(digest: Digest, now: datetime) -> bool:
    person = _hold(digest.person_id)
    waiting = Telling.objects.filter(digest=digest, outcome=Outcome.DIGESTED).select_related("entry__case")
    told = [telling for telling in waiting.order_by("entry_id") if _is_kept(telling, now)]
    if not told:
        return claims.finish(digest)
    written = digest_letter(person, [telling.entry for telling in told])
    mail = _post(person, written, f"{KIND}: digest", digest.landlord_id, f"digest-{digest.pk}")
    Telling.objects.filter(pk__in=[telling.pk for telling in told]).update(outcome=Outcome.MAILED, mail=mail)
    return claims.finish(digest, mail=mail)


def _is_kept(telling: Telling, now: datetime) -> bool:
    if _still(telling, now) is not None:
        return True
    why = why_nobody(telling.entry) or NO_LONGER
    Telling.objects.filter(pk=telling.pk).update(outcome=Outcome.NOT_SENT, reason=why)
    return False


def _sent_this_hour(person: User, now: datetime) -> int:
    return OutgoingMail.objects.filter(user_id=person.pk, created_at__gt=now - AN_HOUR, kind__startswith=KIND).count()


def _post(person: User, written: Letter, kind: str, landlord_id: int | None, once: str) -> OutgoingMail | None:
    return outbox.post(
        to=person.email,
        subject=written.subject,
        body=written.body,
        kind=kind[:60],
        user_id=person.pk,
        landlord_id=landlord_id,
        once=once,
    )
