"""Turns tellings into e-mails at their sending moment: at once, later, in a digest, or not at all.

Whoever writes a person's e-mails holds the person's row: the count of the hour is true, and a digest that has been sent
gets nothing more. The e-mail and the mark on the row are one transaction, so a worker may be killed at any line.
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
from portal.notifications.facts import Facts, mails_since
from portal.notifications.letters import Letter, digest_letter, letter
from portal.notifications.models import Digest, Outcome, Telling
from portal.notifications.recipients import NO_LONGER, Recipient, recipients, why_nobody
from portal.notifications.rules import rule_of
from portal.notifications.topics import Pace

KIND = "notification"  # begins the kind of each of these mails: codes and links are never counted with them
AN_HOUR = timedelta(hours=1)
TOGETHER = 100  # tellings of one transaction


def queue(recipient: Recipient, telling: Telling, now: datetime) -> Telling:
    """The telling with the moment at which it is looked at again: no sooner than the person's hours allow."""
    telling.person_id, telling.landlord_id = recipient.person_id, recipient.landlord_id
    telling.to_administrator = recipient.is_administrator
    telling.claim_due_at = recipient.hours.opening(now)
    return telling


def send_telling(now: datetime) -> bool:
    """Claims the next telling whose moment has come. False when there is none."""
    return send_many(now, limit=1) > 0


def send_many(now: datetime, *, limit: int = TOGETHER, sent_at: Moment | None = None) -> int:
    """Claims the next tellings whose moment has come. Says how many there were.

    `sent_at` is for the demo, whose clock is moved to the moment at which each is looked at.
    """
    rows = claims.claim_many(Telling.objects.select_related("entry__case"), now=now, limit=limit)
    if rows:
        claims.work(rows, partial(_send, sent_at=sent_at or (lambda telling: now)), now=now)
    return len(rows)


def send_digest(now: datetime) -> bool:
    """Claims the next digest whose moment has come. False when there is none."""
    row = claims.claim(Digest.objects.all(), now=now)
    if row is not None:
        claims.work([row], lambda rows: _send_digest(row, now), now=now)
    return row is not None


def _send(tellings: Sequence[Telling], *, sent_at: Moment) -> bool:
    post = Post(tellings, min(map(sent_at, tellings)))
    for telling in tellings:
        now = sent_at(telling)
        with clock.moved_to(now):
            post.take(telling, now)
    return post.close()


class Post:
    """The tellings that are sent together: what they share is read once, and what becomes of them is written at the end."""

    def __init__(self, tellings: Sequence[Telling], since: datetime) -> None:
        self._facts = Facts([telling.entry for telling in tellings])
        self._people = _hold(telling.person_id for telling in tellings)
        self._sent = mails_since(since - AN_HOUR, self._people, kind=KIND)
        self._digests: dict[tuple[int, datetime], Digest] = {}
        self._mails: list[tuple[Telling, outbox.Draft]] = []
        self._ended: dict[tuple[Outcome, str, Digest | None], list[Telling]] = defaultdict(list)
        self._put_off: dict[datetime, list[Telling]] = defaultdict(list)
        self._handed_on: list[Telling] = []

    def take(self, telling: Telling, now: datetime) -> None:
        """Decides what becomes of one of them."""
        recipient = self._still(telling, now)
        if recipient is None:
            why = why_nobody(telling.entry, self._facts) or NO_LONGER
            self._ended[Outcome.NOT_SENT, why, None].append(telling)
        elif recipient.pace is Pace.DAILY and not rule_of(telling.entry).urgent:
            self._into_digest(telling, recipient, recipient.hours.digest(now))
        elif (opening := recipient.hours.opening(now)) > now:
            self._put_off[opening].append(telling)
        elif self._sent_this_hour(telling.person_id, now) >= settings.MAILS_AN_HOUR:
            self._into_digest(telling, recipient, recipient.hours.after_the_hour(now))
        else:
            self._mail(telling, now)

    def close(self) -> bool:
        """Writes what was decided. False when a lease was lost meanwhile."""
        Telling.objects.bulk_create(self._handed_on, ignore_conflicts=True)
        posted = outbox.post_many([draft for _, draft in self._mails])
        for (telling, _), mail in zip(self._mails, posted, strict=True):
            telling.mail = mail
        mailed = [telling for telling, _ in self._mails]
        done = [claims.finish_many(rows, **_fields(*end)) for end, rows in self._ended.items()]
        done += [claims.put_off_many(rows, until) for until, rows in self._put_off.items()]
        if mailed:
            claims.held(mailed).bulk_update(mailed, ["mail"])
            done.append(claims.finish_many(mailed, outcome=Outcome.MAILED))
        return all(done)

    def _still(self, telling: Telling, now: datetime) -> Recipient | None:
        """Whether the person is still one who should hear of it. What was for the administrator goes to the present one."""
        found = recipients(telling.entry, self._facts)
        if telling.to_administrator:
            self._handed_on += _for_others(telling, found, now)
        return _the_same(telling, found)

    def _into_digest(self, telling: Telling, recipient: Recipient, at: datetime) -> None:
        key = recipient.person_id, at
        if key not in self._digests:
            defaults = {"claim_due_at": at, "landlord_id": recipient.landlord_id}
            self._digests[key], _ = Digest.objects.get_or_create(person_id=key[0], at=at, defaults=defaults)
        digest = self._digests[key]
        if digest.claim_state in {ClaimState.DONE, ClaimState.FAILED}:  # it left between our moment and our turn
            self._put_off[at].append(telling)
        else:
            self._ended[Outcome.DIGESTED, "", digest].append(telling)

    def _sent_this_hour(self, person_id: int, now: datetime) -> int:
        sent = self._sent[person_id]
        return len(sent) - bisect_right(sent, now - AN_HOUR)

    def _mail(self, telling: Telling, now: datetime) -> None:
        person, entry = self._people[telling.person_id], telling.entry
        once = f"diary-{entry.pk}-{person.pk}"
        draft = _draft(person, letter(person, entry), f"{KIND}: {entry.kind}", telling.landlord_id, once)
        self._mails.append((telling, draft))
        self._sent[person.pk].append(now)


def _fields(outcome: Outcome, reason: str, digest: Digest | None) -> dict[str, object]:
    return {"outcome": outcome, "reason": reason, "digest": digest}


def _hold(person_ids: Iterable[int]) -> dict[int, User]:
    """The people, held in the order of their ids, so that two workers never wait for each other."""
    wanted = User.objects.select_for_update(no_key=True).filter(pk__in=set(person_ids)).order_by("pk")
    return {person.pk: person for person in wanted}


def _for_others(telling: Telling, found: list[Recipient], now: datetime) -> list[Telling]:
    """For administrators who came after the one whom it was for."""
    others = [one for one in found if one.is_administrator and one.person_id != telling.person_id]
    return [queue(one, Telling(entry=telling.entry, made_at=now), now) for one in others]


def _the_same(telling: Telling, found: list[Recipient]) -> Recipient | None:
    return next((one for one in found if one.person_id == telling.person_id), None)


def _send_digest(digest: Digest, now: datetime) -> bool:
    person = _hold([digest.person_id])[digest.person_id]
    waiting = Telling.objects.filter(digest=digest, outcome=Outcome.DIGESTED).select_related("entry__case")
    tellings = list(waiting.order_by("entry_id"))
    facts = Facts([telling.entry for telling in tellings])
    told = [telling for telling in tellings if _is_kept(telling, facts, now)]
    if not told:
        return claims.finish(digest)
    written = digest_letter(person, [telling.entry for telling in told])
    [mail] = outbox.post_many([_draft(person, written, f"{KIND}: digest", digest.landlord_id, f"digest-{digest.pk}")])
    Telling.objects.filter(pk__in=[telling.pk for telling in told]).update(outcome=Outcome.MAILED, mail=mail)
    return claims.finish(digest, mail=mail)


def _is_kept(telling: Telling, facts: Facts, now: datetime) -> bool:
    found = recipients(telling.entry, facts)
    if telling.to_administrator:
        Telling.objects.bulk_create(_for_others(telling, found, now), ignore_conflicts=True)
    if _the_same(telling, found) is not None:
        return True
    why = why_nobody(telling.entry, facts) or NO_LONGER
    Telling.objects.filter(pk=telling.pk).update(outcome=Outcome.NOT_SENT, reason=why)
    return False


def _draft(person: User, written: Letter, kind: str, landlord_id: int | None, once: str) -> outbox.Draft:
    return outbox.Draft(
        to=person.email,
        subject=written.subject,
        body=written.body,
        kind=kind[:60],
        user_id=person.pk,
        landlord_id=landlord_id,
        once=once,
    )
