"""Builds the demo: all stories in the order of time, in one transaction, and everybody is told as it happens."""

import gc
import heapq
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from random import Random

from django.db import transaction
from django.db.models import F

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.audit import trail
from portal.cases.models import Case
from portal.content.words import working_calendar
from portal.demo.life import Beats, Life
from portal.demo.papers import make_papers
from portal.demo.people import ORGANISATIONS, SERVICE_PEOPLE, build_people, note_last_sign_ins, organisations
from portal.demo.plan import SEED, make_plan
from portal.demo.stories import story
from portal.demo.working_hours import WORKING_DAYS_TOLD, WorkingHours
from portal.landlords.models import Landlord
from portal.lib import clock
from portal.lib.claims import Claimable, ClaimState
from portal.mail.models import OutgoingMail
from portal.notifications import inbox
from portal.notifications.fan_out import fan_out_many
from portal.notifications.models import Digest
from portal.notifications.reminders import remind, tasks_to_remind
from portal.notifications.sending import send_digest, send_many
from portal.search.keeping import rebuild

Say = Callable[[str], None]
MAILS_LEFT_TO_SEND_DAYS = 1  # working days
A_DAYS_ROWS = 1000  # at most
_BEFORE_WORK = time_of_day(6, 30)
_DONE_AFTER = timedelta(seconds=2)  # how long the worker took to tell of something, or to send a mail


def is_built() -> bool:
    return Landlord.objects.filter(name=ORGANISATIONS[0].name).exists()


def is_empty() -> bool:
    return not User.objects.exists() and not Case.objects.exists()


@transaction.atomic
def build(say: Say, *, small: bool = False) -> None:
    """All or nothing: a build that is interrupted leaves no half of a demo in the database."""
    begun = time.monotonic()
    hours = WorkingHours(clock.today(), working_calendar())
    crew = build_people(hours, small=small)
    papers, plans = make_papers(SEED), make_plan(hours, small=small)
    say(f"  0 %  {len(SERVICE_PEOPLE)} people, {len(crew.companies)} landlords and {len(plans)} cases are to be made")
    stage = Stage(Progress(say))
    for plan in plans:
        stage.enter(story(Life(plan, crew, hours, papers)))
    for actor in crew.everybody():
        stage.enter(_reads_the_bell(actor, hours))
    with _garbage_left(), trail.together():
        stage.play()
    _settle_old_mails(hours)
    note_last_sign_ins(hours)
    rebuild()
    for organisation, count in organisations(small=small):
        say(f"       {organisation.name}: {count} cases")
    say(f"100 %  Made in {time.monotonic() - begun:.0f} seconds.")


@contextmanager
def _garbage_left() -> Iterator[None]:
    """Queries make rings of objects by the million; looking for them all the time costs a fifth of the build."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Progress:
    """A line each time another twentieth of the stories has been told."""

    def __init__(self, say: Say) -> None:
        self.say, self.spoken = say, 0

    def note(self, moment: datetime, begun: int, ended: int, stories: int) -> None:
        percent = (begun + ended) * 50 // stories
        if self.spoken + 5 <= percent < 100:
            self.spoken = percent
            self.say(f"{percent:3} %  {moment:%B %Y}")


class Stage:
    """Plays all stories at once: always the one whose next act is the earliest, with the clock moved to it."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self._waiting: list[tuple[datetime, int, Beats]] = []
        self._stories, self._begun, self._ended = 0, set[int](), 0

    def enter(self, beats: Beats) -> None:
        self._stories += 1
        heapq.heappush(self._waiting, (next(beats), self._stories, beats))

    def play(self) -> None:
        day = self._waiting[0][0].date()
        while self._waiting:
            moment, number, beats = self._waiting[0]
            if moment.date() != day:
                _tell_everybody(moment)
                day = moment.date()
                _remind_everybody(day)
            self._act(moment, number, beats)
            self.progress.note(moment, len(self._begun), self._ended, self._stories)
        if clock.now().astimezone(clock.LONDON).time() >= _BEFORE_WORK:
            _remind_everybody(clock.today())
        _tell_everybody(clock.now())

    def _act(self, moment: datetime, number: int, beats: Beats) -> None:
        with clock.moved_to(moment.astimezone(UTC)):
            following = next(beats, None)
        self._begun.add(number)
        if following is None:
            heapq.heappop(self._waiting)
            self._ended += 1
        else:
            heapq.heapreplace(self._waiting, (following, number, beats))


def _tell_everybody(until: datetime) -> None:
    """What the worker does, a day at a time, with the clock moved to just after each row's own moment."""
    while fan_out_many(until, limit=A_DAYS_ROWS, told_at=_just_after) == A_DAYS_ROWS:
        pass
    while send_many(until, limit=A_DAYS_ROWS, sent_at=_just_after):
        pass
    for due_at in _digests_due(until):
        with clock.moved_to(due_at + _DONE_AFTER):
            send_digest(clock.now())


def _just_after(row: Claimable) -> datetime:
    return row.claim_due_at + _DONE_AFTER


def _digests_due(until: datetime) -> list[datetime]:
    waiting = Digest.objects.filter(claim_state=ClaimState.WAITING, claim_due_at__lte=until)
    return list(waiting.order_by("claim_due_at", "pk").values_list("claim_due_at", flat=True))


def _remind_everybody(day: date) -> None:
    """What the worker does early in the morning: nobody works yet."""
    with clock.moved_to(datetime.combine(day, _BEFORE_WORK, clock.LONDON).astimezone(UTC)):
        for task_id in tasks_to_remind():
            remind(task_id)


def _reads_the_bell(actor: Actor, hours: WorkingHours) -> Beats:
    """Every other week everything is read; what came in the last days is still new."""
    rng = Random(f"{SEED}/bell/{actor.name}")
    for ago in (*range(WORKING_DAYS_TOLD - rng.randint(0, 4), 9, -10), rng.randint(2, 4)):
        yield hours.moment(ago, rng)
        inbox.mark_all_read(by=actor)


def _settle_old_mails(hours: WorkingHours) -> None:
    """Mails of the past went out in the past.

    Nine months of them would fill the demo's mailbox with thousands that nobody looks for, and the first sign-in code
    would wait behind them. So their rows become what the worker makes of a mail that was accepted at the first attempt,
    without the conversation with a mail server; those of the last working day stay in the outbox and are delivered
    by the demo's own worker, over the same path as every other mail.
    """
    since = datetime.combine(hours.day(MAILS_LEFT_TO_SEND_DAYS), datetime.min.time(), clock.LONDON)
    old = OutgoingMail.objects.filter(created_at__lt=since)
    old.filter(is_secret=True).update(body="")
    old.update(claim_state=ClaimState.DONE, claim_attempts=1, sent_at=F("created_at") + _DONE_AFTER)
