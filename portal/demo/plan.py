"""What the demo holds, as data: how many cases of which status, and what became of the last task of each."""

from bisect import insort
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from random import Random

from portal.cases.statuses import Status as S
from portal.demo.people import organisations
from portal.demo.working_hours import WORKING_DAYS_TOLD, WorkingHours

SEED = "landlord-portal-demo"
SHOWPIECES_OF = "hazelcourt"  # the landlord that has one case of everything, in the small demo too


class Outcome(StrEnum):
    """What has become of the last thing that the landlord was asked for, as it stands today."""

    NOTHING_ASKED = "nothing asked"
    NEW = "new"
    PENDING = "pending"
    APPROACHING = "approaching"
    OVERDUE = "overdue"
    UNABLE = "unable to complete, unanswered"
    UNABLE_OVERDUE = "unable to complete, unanswered, overdue"
    ANSWERED = "unable to complete, answered"
    EXTENDED = "unable to complete, extended"
    CHANGED = "unable to complete, changed"
    CHECKING = "completed, to be checked"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class Extra(StrEnum):
    """What makes a case worth opening in a demonstration."""

    HIDDEN = "not released to the landlord"
    NO_OWNER = "without an owner"
    LONG_NAMES = "long names"
    TWELVE_TASKS = "twelve tasks"
    SIXTY_DOCUMENTS = "sixty documents"
    EVERY_EXCHANGE = "every exchange of messages"
    UNREAD_BY_LANDLORD = "a message that the landlord has not read"
    UNREAD_BY_SERVICE = "a message that the service has not read"
    EVERY_KIND = "a task of each kind that comes before a determination"


O, X = Outcome, Extra  # noqa: E741

# How long the task has stood, in working days, for each outcome: the range from which it is drawn.
ASKED_AGO: dict[Outcome, tuple[int, int]] = {
    O.NOTHING_ASKED: (1, 12),
    O.NEW: (1, 4),
    O.PENDING: (2, 8),
    O.APPROACHING: (5, 12),
    O.OVERDUE: (14, 28),
    O.UNABLE: (5, 12),
    O.UNABLE_OVERDUE: (14, 24),
    O.ANSWERED: (7, 14),
    O.EXTENDED: (8, 16),
    O.CHANGED: (8, 14),
    O.CHECKING: (6, 16),
    O.RETURNED: (9, 18),
    O.ACCEPTED: (8, 20),
    O.CANCELLED: (5, 15),
}
_ASKED = (
    *(O.NEW, O.NEW, O.PENDING, O.PENDING, O.PENDING, O.APPROACHING, O.APPROACHING, O.OVERDUE, O.UNABLE),
    *(O.ANSWERED, O.EXTENDED, O.CHECKING, O.CHECKING, O.RETURNED, O.ACCEPTED),
)
_READ = (O.NEW, O.PENDING, O.APPROACHING, O.OVERDUE, O.ACCEPTED, O.ACCEPTED)
_SELDOM = (O.NOTHING_ASKED, O.NOTHING_ASKED, O.NOTHING_ASKED, O.ACCEPTED, O.CANCELLED, O.CHECKING, O.PENDING)
OUTCOMES: dict[S, tuple[Outcome, ...]] = {
    S.INITIAL_ASSESSMENT: (O.NOTHING_ASKED, O.NOTHING_ASKED, O.NEW, O.PENDING),
    S.LANDLORD_PROCEDURE: _ASKED,
    S.REFERRAL_ASSESSMENT: (O.NOTHING_ASKED, *_READ),
    S.EVIDENCE_GATHERING: _ASKED,
    S.AWAITING_INVESTIGATION: _SELDOM,
    S.UNDER_INVESTIGATION: _SELDOM,
    S.DETERMINED: _READ,
    S.DETERMINED_AWAITING_ACTION: tuple(one for one in _ASKED if one is not O.ACCEPTED),
    S.REVIEW: (O.NOTHING_ASKED, *_READ),
    S.CLOSED: (O.NOTHING_ASKED,),
}
WEIGHTS: dict[S, int] = {
    S.INITIAL_ASSESSMENT: 7,
    S.LANDLORD_PROCEDURE: 9,
    S.REFERRAL_ASSESSMENT: 6,
    S.EVIDENCE_GATHERING: 11,
    S.AWAITING_INVESTIGATION: 6,
    S.UNDER_INVESTIGATION: 6,
    S.DETERMINED: 3,
    S.DETERMINED_AWAITING_ACTION: 4,
    S.REVIEW: 2,
    S.CLOSED: 46,
}
_START = (S.INITIAL_ASSESSMENT, S.LANDLORD_PROCEDURE, S.REFERRAL_ASSESSMENT)
_INQUIRY = (*_START, S.EVIDENCE_GATHERING, S.AWAITING_INVESTIGATION, S.UNDER_INVESTIGATION)
# The ways by which a case may have come to its status; the first element of each is where every case begins.
PATHS: dict[S, tuple[tuple[S, ...], ...]] = {
    S.INITIAL_ASSESSMENT: (_START[:1],),
    S.LANDLORD_PROCEDURE: (_START[:2],),
    S.REFERRAL_ASSESSMENT: (_START, (S.INITIAL_ASSESSMENT, S.REFERRAL_ASSESSMENT)),
    S.EVIDENCE_GATHERING: (_INQUIRY[:4], (S.INITIAL_ASSESSMENT, *_INQUIRY[2:4])),
    S.AWAITING_INVESTIGATION: (_INQUIRY[:5],),
    S.UNDER_INVESTIGATION: (_INQUIRY, (*_INQUIRY[:4], S.UNDER_INVESTIGATION)),
    S.DETERMINED: ((*_INQUIRY, S.DETERMINED),),
    S.DETERMINED_AWAITING_ACTION: ((*_INQUIRY, S.DETERMINED_AWAITING_ACTION),),
    S.REVIEW: ((*_INQUIRY, S.DETERMINED, S.REVIEW), (*_INQUIRY, S.DETERMINED_AWAITING_ACTION, S.REVIEW)),
    S.CLOSED: (
        *((S.INITIAL_ASSESSMENT, S.CLOSED),) * 4,
        *((*_START[:2], S.CLOSED),) * 4,
        *((*_START, S.CLOSED),) * 2,
        (*_INQUIRY, S.DETERMINED, S.CLOSED),
        (*_INQUIRY, S.DETERMINED_AWAITING_ACTION, S.CLOSED),
    ),
}
# How many working days a case stays in a status before it goes on.
STAYS: dict[S, tuple[int, int]] = {
    S.INITIAL_ASSESSMENT: (3, 6),
    S.LANDLORD_PROCEDURE: (12, 28),
    S.REFERRAL_ASSESSMENT: (3, 9),
    S.EVIDENCE_GATHERING: (14, 26),
    S.AWAITING_INVESTIGATION: (3, 22),
    S.UNDER_INVESTIGATION: (6, 24),
    S.DETERMINED: (6, 12),
    S.DETERMINED_AWAITING_ACTION: (14, 24),
}


@dataclass(frozen=True)
class CasePlan:
    """One case: the statuses it goes through and since how many working days ago each holds."""

    landlord: str
    number: int
    path: tuple[S, ...]
    entered_ago: tuple[int, ...]  # beside `path`
    outcome: Outcome
    asked_ago: int
    extras: frozenset[Extra] = frozenset()
    reference: str = ""

    @property
    def status(self) -> S:
        return self.path[-1]


SHOWPIECES: tuple[tuple[S, Outcome, tuple[Extra, ...]], ...] = (
    (S.EVIDENCE_GATHERING, O.PENDING, (X.TWELVE_TASKS, X.UNREAD_BY_LANDLORD)),
    (S.EVIDENCE_GATHERING, O.CHECKING, (X.SIXTY_DOCUMENTS,)),
    (S.UNDER_INVESTIGATION, O.PENDING, (X.LONG_NAMES, X.EVERY_EXCHANGE)),
    (S.INITIAL_ASSESSMENT, O.NOTHING_ASKED, (X.HIDDEN,)),
    (S.INITIAL_ASSESSMENT, O.NEW, (X.NO_OWNER,)),
    (S.LANDLORD_PROCEDURE, O.APPROACHING, (X.UNREAD_BY_SERVICE,)),
    (S.LANDLORD_PROCEDURE, O.UNABLE, (X.EVERY_KIND,)),
    (S.REFERRAL_ASSESSMENT, O.OVERDUE, ()),
    (S.EVIDENCE_GATHERING, O.OVERDUE, ()),
    (S.EVIDENCE_GATHERING, O.UNABLE_OVERDUE, ()),
    (S.EVIDENCE_GATHERING, O.ANSWERED, ()),
    (S.EVIDENCE_GATHERING, O.EXTENDED, (X.UNREAD_BY_LANDLORD,)),
    (S.EVIDENCE_GATHERING, O.CHANGED, ()),
    (S.EVIDENCE_GATHERING, O.RETURNED, ()),
    (S.AWAITING_INVESTIGATION, O.ACCEPTED, ()),
    (S.UNDER_INVESTIGATION, O.CANCELLED, ()),
    (S.DETERMINED, O.NEW, ()),
    (S.DETERMINED_AWAITING_ACTION, O.APPROACHING, ()),
    (S.DETERMINED_AWAITING_ACTION, O.CHECKING, (X.UNREAD_BY_SERVICE,)),
    (S.REVIEW, O.NOTHING_ASKED, (X.UNREAD_BY_SERVICE,)),
    (S.CLOSED, O.NOTHING_ASKED, ()),
)


def make_plan(hours: WorkingHours, *, small: bool) -> list[CasePlan]:
    """Every case of the demo, the oldest first, with references that grow as a year's do."""
    plans = [
        _plan(key.key, number, Random(f"{SEED}/plan/{key.key}/{number}"))
        for key, count in organisations(small=small)
        for number in range(count)
    ]
    plans.sort(key=lambda plan: (-plan.entered_ago[0], plan.landlord, plan.number))
    taken: list[str] = []
    return [replace(plan, reference=_reference(hours.day(plan.entered_ago[0]), taken)) for plan in plans]


def _plan(landlord: str, number: int, rng: Random) -> CasePlan:
    if landlord == SHOWPIECES_OF and number < len(SHOWPIECES):
        status, outcome, extras = SHOWPIECES[number]
    else:
        status = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        outcome, extras = rng.choice(OUTCOMES[status]), _extras(status, rng)
        if X.HIDDEN in extras:
            outcome = O.NOTHING_ASKED
    path = rng.choice(PATHS[status])
    asked_ago = rng.randint(*ASKED_AGO[outcome])
    return CasePlan(landlord, number, path, _entered(path, asked_ago, rng), outcome, asked_ago, frozenset(extras))


def _extras(status: S, rng: Random) -> tuple[Extra, ...]:
    if status == S.INITIAL_ASSESSMENT:
        return (X.HIDDEN,) if rng.random() < 0.3 else (X.NO_OWNER,) if rng.random() < 0.3 else ()
    chance = rng.random()
    if status != S.CLOSED and chance < 0.16:
        return (X.UNREAD_BY_LANDLORD,)
    return (X.UNREAD_BY_SERVICE,) if status != S.CLOSED and chance < 0.28 else ()


def _entered(path: tuple[S, ...], asked_ago: int, rng: Random) -> tuple[int, ...]:
    """Backwards from today: how long ago the case came into each status of its path."""
    earlier = [rng.randint(*STAYS[status]) for status in path[:-1]]
    if path[-1] == S.CLOSED:
        last = rng.randint(2, max(3, WORKING_DAYS_TOLD - sum(earlier)))
    else:
        last = asked_ago + rng.randint(1, 4)
    room = WORKING_DAYS_TOLD - last
    if sum(earlier) > room:
        earlier = [max(2, days * room // sum(earlier)) for days in earlier]
    agos = [last]
    for days in reversed(earlier):
        agos.append(agos[-1] + days)
    return tuple(reversed(agos))


def _reference(created: date, taken: list[str]) -> str:
    """The year and a serial: about 50,000 cases are opened in a year."""
    serial = created.timetuple().tm_yday * 137 + Random(f"{SEED}/{len(taken)}").randint(0, 100)
    while (reference := f"{created.year}{serial:05d}") in taken:
        serial += 1
    insort(taken, reference)
    return reference
