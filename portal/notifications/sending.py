"""Sends pending notification e-mails: now, when sending hours open, in a digest, or drops them.

The worker locks the person's row, so the hourly count is exact and a sent digest takes no more entries. The e-mail and the
delivery's outcome are written in one transaction, so a worker may be killed at any line.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings

from portal.accounts.models import User
from portal.lib import claims, clock
from portal.lib.claims import ClaimState, Moment
from portal.mail import outbox
from portal.notifications.emails import EmailText, digest_email, email_about
from portal.notifications.facts import Facts, mails_since
from portal.notifications.models import Delivery, Digest, Outcome
from portal.notifications.recipients import NO_LONGER, Recipient, recipients, why_nobody
from portal.notifications.rules import rule_of
from portal.notifications.topics import Pace

KIND = "notification"  # begins the kind of each of these mails: codes and links are never counted with them
AN_HOUR = timedelta(hours=1)
TOGETHER = 100  # deliveries of one transaction


def queue(recipient: Recipient, delivery: Delivery, now: datetime) -> Delivery:
    """The delivery with the time of its next attempt, which is within the person's sending hours."""
    delivery.person_id, delivery.landlord_id = recipient.person_id, recipient.landlord_id
    delivery.to_administrator = recipient.is_administrator
    delivery.claim_due_at = recipient.hours.opening(now)
    return delivery


def send_delivery(now: datetime) -> bool:
    """Claims the next due delivery. Returns False when none is due."""
    return send_many(now, limit=1) > 0


def send_many(now: datetime, *, limit: int = TOGETHER, sent_at: Moment | None = None) -> int:
    """Claims the next due deliveries. Returns how many there were.

    `sent_at` is for the demo, which moves its clock to the time of each delivery.
    """
    rows = claims.claim_many(Delivery.objects.select_related("entry__case"), now=now, limit=limit)
    if rows:
        claims.work(rows, partial(_send, sent_at=sent_at or (lambda delivery: now)), now=now)
    return len(rows)


def send_digest(now: datetime) -> bool:
    """Claims the next due digest. Returns False when none is due."""
    row = claims.claim(Digest.objects.all(), now=now)
    if row is not None:
        claims.work([row], lambda rows: _send_digest(row, now), now=now)
    return row is not None


def _send(deliveries: Sequence[Delivery], *, sent_at: Moment) -> bool:
    post = Post(deliveries, min(map(sent_at, deliveries)))
    for delivery in deliveries:
        now = sent_at(delivery)
        with clock.moved_to(now):
            post.take(delivery, now)
    return post.close()


class Post:
    """A batch of deliveries: shared data is read once and every outcome is written at the end."""

    def __init__(self, deliveries: Sequence[Delivery], since: datetime) -> None:
        self._facts = Facts([delivery.entry for delivery in deliveries])
        self._people = _hold(delivery.person_id for delivery in deliveries)
        self._sent = mails_since(since - AN_HOUR, self._people, kind=KIND)
        self._digests: dict[tuple[int, datetime], Digest] = {}
        self._mails: list[tuple[Delivery, outbox.Draft]] = []
        self._ended: dict[tuple[Outcome, str, Digest | None], list[Delivery]] = defaultdict(list)
        self._put_off: dict[datetime, list[Delivery]] = defaultdict(list)
        self._handed_on: list[Delivery] = []

    def take(self, delivery: Delivery, now: datetime) -> None:
        """Decides the outcome of one delivery."""
        recipient = self._still(delivery, now)
        if recipient is None:
            why = why_nobody(delivery.entry, self._facts) or NO_LONGER
            self._ended[Outcome.NOT_SENT, why, None].append(delivery)
        elif recipient.pace is Pace.DAILY and not rule_of(delivery.entry).urgent:
            self._into_digest(delivery, recipient, recipient.hours.digest(now))
        elif (opening := recipient.hours.opening(now)) > now:
            self._put_off[opening].append(delivery)
        elif self._sent_this_hour(delivery.person_id, now) >= settings.MAILS_AN_HOUR:
            self._into_digest(delivery, recipient, recipient.hours.after_the_hour(now))
        else:
            self._mail(delivery, now)

    def close(self) -> bool:
        """Writes all outcomes. Returns False when a lease was lost in the meantime."""
        Delivery.objects.bulk_create(self._handed_on, ignore_conflicts=True)
        posted = outbox.post_many([draft for _, draft in self._mails])
        for (delivery, _), mail in zip(self._mails, posted, strict=True):
            delivery.mail = mail
        mailed = [delivery for delivery, _ in self._mails]
        done = [claims.finish_many(rows, **_fields(*end)) for end, rows in self._ended.items()]
        done += [claims.put_off_many(rows, until) for until, rows in self._put_off.items()]
        if mailed:
            claims.held(mailed).bulk_update(mailed, ["mail"])
            done.append(claims.finish_many(mailed, outcome=Outcome.MAILED))
        return all(done)

    def _still(self, delivery: Delivery, now: datetime) -> Recipient | None:
        """The recipient, if the person still is one. A delivery to the administrator goes to the current administrator."""
        found = recipients(delivery.entry, self._facts)
        if delivery.to_administrator:
            self._handed_on += _for_others(delivery, found, now)
        return _the_same(delivery, found)

    def _into_digest(self, delivery: Delivery, recipient: Recipient, at: datetime) -> None:
        key = recipient.person_id, at
        if key not in self._digests:
            defaults = {"claim_due_at": at, "landlord_id": recipient.landlord_id}
            self._digests[key], _ = Digest.objects.get_or_create(person_id=key[0], at=at, defaults=defaults)
        digest = self._digests[key]
        if digest.claim_state in {ClaimState.DONE, ClaimState.FAILED}:  # it left between our moment and our turn
            self._put_off[at].append(delivery)
        else:
            self._ended[Outcome.DIGESTED, "", digest].append(delivery)

    def _sent_this_hour(self, person_id: int, now: datetime) -> int:
        sent = self._sent[person_id]
        return len(sent) - bisect_right(sent, now - AN_HOUR)

    def _mail(self, delivery: Delivery, now: datetime) -> None:
        person, entry = self._people[delivery.person_id], delivery.entry
        once = f"diary-{entry.pk}-{person.pk}"
        draft = _draft(person, email_about(person, entry), f"{KIND}: {entry.kind}", delivery.landlord_id, once)
        self._mails.append((delivery, draft))
        self._sent[person.pk].append(now)


def _fields(outcome: Outcome, reason: str, digest: Digest | None) -> dict[str, object]:
    return {"outcome": outcome, "reason": reason, "digest": digest}


def _hold(person_ids: Iterable[int]) -> dict[int, User]:
    """Locks the people's rows in the order of their ids, so that two workers cannot deadlock."""
    wanted = User.objects.select_for_update(no_key=True).filter(pk__in=set(person_ids)).order_by("pk")
    return {person.pk: person for person in wanted}


def _for_others(delivery: Delivery, found: list[Recipient], now: datetime) -> list[Delivery]:
    """Deliveries for administrators who took over since the delivery was made."""
    others = [one for one in found if one.is_administrator and one.person_id != delivery.person_id]
    return [queue(one, Delivery(entry=delivery.entry, made_at=now), now) for one in others]


def _the_same(delivery: Delivery, found: list[Recipient]) -> Recipient | None:
    return next((one for one in found if one.person_id == delivery.person_id), None)


def _send_digest(digest: Digest, now: datetime) -> bool:
    person = _hold([digest.person_id])[digest.person_id]
    waiting = Delivery.objects.filter(digest=digest, outcome=Outcome.DIGESTED).select_related("entry__case")
    deliveries = list(waiting.order_by("entry_id"))
    facts = Facts([delivery.entry for delivery in deliveries])
    kept = [delivery for delivery in deliveries if _is_kept(delivery, facts, now)]
    if not kept:
        return claims.finish(digest)
    written = digest_email(person, [delivery.entry for delivery in kept])
    [mail] = outbox.post_many([_draft(person, written, f"{KIND}: digest", digest.landlord_id, f"digest-{digest.pk}")])
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in kept]).update(outcome=Outcome.MAILED, mail=mail)
    return claims.finish(digest, mail=mail)


def _is_kept(delivery: Delivery, facts: Facts, now: datetime) -> bool:
    found = recipients(delivery.entry, facts)
    if delivery.to_administrator:
        Delivery.objects.bulk_create(_for_others(delivery, found, now), ignore_conflicts=True)
    if _the_same(delivery, found) is not None:
        return True
    why = why_nobody(delivery.entry, facts) or NO_LONGER
    Delivery.objects.filter(pk=delivery.pk).update(outcome=Outcome.NOT_SENT, reason=why)
    return False


def _draft(person: User, written: EmailText, kind: str, landlord_id: int | None, once: str) -> outbox.Draft:
    return outbox.Draft(
        to=person.email,
        subject=written.subject,
        body=written.body,
        kind=kind[:60],
        user_id=person.pk,
        landlord_id=landlord_id,
        once=once,
    )
