"""Every (status, move): whether it is allowed and which facts it needs. The one table; docs/moves.md is drawn from it.

Any role with Permission.MOVE_CASES may make an allowed move. A move that is not in the table is refused. Whatever the
table says, a case is closed only when no order and no task is left on it: nobody can work on a closed case (S103).
The two determined statuses are never chosen: issuing a determination, or the outcome of a review of it, leads there.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.cases.statuses import Status
from portal.lib.errors import RuleBroken
from portal.teams.models import Team

S = Status


class Needs(StrEnum):
    """A fact that a move asks of the case."""

    NOTHING = "nothing"
    NO_REMEDIES = "a determination without orders or recommendations"
    REMEDIES = "a determination with at least one order or recommendation"
    ORDERS_MET = "no orders outstanding"


@dataclass(frozen=True)
class Facts:
    """What the table looks at: orders, recommendations and tasks that the landlord has still to answer, and tasks that
    the landlord completed and the caseworker has still to check. For a move to one of the determined statuses, the
    orders and recommendations are those that the determination holds."""

    orders_outstanding: int
    recommendations_outstanding: int
    tasks_outstanding: int = 0
    tasks_to_check: int = 0

    @property
    def remedies(self) -> int:
        return self.orders_outstanding + self.recommendations_outstanding


MOVES: dict[Status, dict[Status, Needs]] = {
    S.INITIAL_ASSESSMENT: {
        S.LANDLORD_PROCEDURE: Needs.NOTHING,
        S.REFERRAL_ASSESSMENT: Needs.NOTHING,
        S.CLOSED: Needs.ORDERS_MET,
    },
    S.LANDLORD_PROCEDURE: {
        S.INITIAL_ASSESSMENT: Needs.NOTHING,
        S.REFERRAL_ASSESSMENT: Needs.NOTHING,
        S.CLOSED: Needs.ORDERS_MET,
    },
    S.REFERRAL_ASSESSMENT: {
        S.LANDLORD_PROCEDURE: Needs.NOTHING,
        S.EVIDENCE_GATHERING: Needs.NOTHING,
        S.AWAITING_INVESTIGATION: Needs.NOTHING,
        S.CLOSED: Needs.ORDERS_MET,
    },
    S.EVIDENCE_GATHERING: {
        S.REFERRAL_ASSESSMENT: Needs.NOTHING,
        S.AWAITING_INVESTIGATION: Needs.NOTHING,
        S.UNDER_INVESTIGATION: Needs.NOTHING,
        S.CLOSED: Needs.ORDERS_MET,
    },
    S.AWAITING_INVESTIGATION: {
        S.EVIDENCE_GATHERING: Needs.NOTHING,
        S.UNDER_INVESTIGATION: Needs.NOTHING,
        S.CLOSED: Needs.ORDERS_MET,
    },
    S.UNDER_INVESTIGATION: {
        S.EVIDENCE_GATHERING: Needs.NOTHING,
        S.AWAITING_INVESTIGATION: Needs.NOTHING,
        S.DETERMINED: Needs.NO_REMEDIES,
        S.DETERMINED_AWAITING_ACTION: Needs.REMEDIES,
        S.CLOSED: Needs.ORDERS_MET,
    },
    S.DETERMINED: {
        S.REVIEW: Needs.NOTHING,
        S.CLOSED: Needs.ORDERS_MET,
    },
    S.DETERMINED_AWAITING_ACTION: {
        S.REVIEW: Needs.NOTHING,
        S.CLOSED: Needs.ORDERS_MET,
    },
    S.REVIEW: {
        S.UNDER_INVESTIGATION: Needs.NOTHING,
        S.DETERMINED: Needs.NO_REMEDIES,
        S.DETERMINED_AWAITING_ACTION: Needs.REMEDIES,
        S.CLOSED: Needs.ORDERS_MET,
    },
    S.CLOSED: {
        S.REVIEW: Needs.NOTHING,
    },
}

DEFAULT_TEAM: dict[Status, Team | None] = {
    S.INITIAL_ASSESSMENT: Team.DISPUTE_SUPPORT,
    S.LANDLORD_PROCEDURE: Team.DISPUTE_SUPPORT,
    S.REFERRAL_ASSESSMENT: Team.TRIAGE,
    S.EVIDENCE_GATHERING: Team.TRIAGE,
    S.AWAITING_INVESTIGATION: Team.DISPUTE_RESOLUTION,
    S.UNDER_INVESTIGATION: Team.DISPUTE_RESOLUTION,
    S.DETERMINED: Team.DISPUTE_RESOLUTION,
    S.DETERMINED_AWAITING_ACTION: Team.DISPUTE_RESOLUTION,
    S.REVIEW: Team.REVIEW,
    S.CLOSED: None,  # stays with the team that closed it
}


class Refused(StrEnum):
    """Why a move that is not in the table is refused."""

    SAME = "the case has this status already"
    NO_INVESTIGATION = "only an investigation or a review ends in a determination"
    ENDED = "once a case is determined or closed, only a review leads on"
    NOT_DETERMINED = "there is no determination or decision yet that could be reviewed"
    FROM_REVIEW = "a review leads to the investigation, to a determination, or to the end of the case"
    PAST = "the case is past that status, and goes back by way of those between"
    TOO_EARLY = "another status comes before it"


_REFUSALS: dict[Needs, str] = {
    Needs.NO_REMEDIES: (
        "This determination makes orders or recommendations, so the status must be “Determined – awaiting LL action”."
    ),
    Needs.REMEDIES: (
        "“Determined – awaiting LL action” needs at least one order or recommendation. With none, choose “Determined”."
    ),
    Needs.ORDERS_MET: "The landlord has not yet complied with every order. Accept each order first.",
}
_TASKS_LEFT = "The landlord still has {} on this case. Cancel what is no longer needed before you close it."
_TO_CHECK = "A task that the landlord completed has not been checked. Accept or return it before you close the case."

# The moves that a determination makes: they ask how many orders and recommendations it holds.
DETERMINATIONS = frozenset({S.DETERMINED, S.DETERMINED_AWAITING_ACTION})
_ISSUE_IT = "Nobody chooses “{}”: the status follows when the determination is issued. Go to the case’s determination."


def moves_from(status: Status) -> tuple[Status, ...]:
    """The statuses that a case in `status` may move to, in the guide's order."""
    return tuple(to for to in S if to in MOVES[status])


def chosen_from(status: Status) -> tuple[Status, ...]:
    """Those of them that a person chooses; a determination leads to the others."""
    return tuple(to for to in moves_from(status) if to not in DETERMINATIONS)


def refused_as(status: Status, to: Status) -> Refused | None:
    """Why a case in `status` never moves to `to`; None where the table holds the move."""
    if to in MOVES[status]:
        return None
    place = list(Status).index
    reasons = {
        Refused.SAME: status is to,
        Refused.NO_INVESTIGATION: to in DETERMINATIONS,
        Refused.ENDED: status in DETERMINATIONS or status is S.CLOSED,
        Refused.NOT_DETERMINED: to is S.REVIEW,
        Refused.FROM_REVIEW: status is S.REVIEW,
        Refused.PAST: place(to) < place(status),
        Refused.TOO_EARLY: True,
    }
    return next(reason for reason, holds in reasons.items() if holds)


def check_chosen(status: Status, to: Status) -> None:
    """Raises RuleBroken when somebody chooses a status to which only a determination leads (S39, S40)."""
    if to in DETERMINATIONS and to in MOVES[status]:
        raise RuleBroken(_ISSUE_IT.format(to.label), field="status")


def determined_status(remedies: int) -> Status:
    """The one of the two statuses that fits a determination with so many orders and recommendations (S39, S40)."""
    return S.DETERMINED_AWAITING_ACTION if remedies else S.DETERMINED


def check_move(status: Status, to: Status, facts: Facts) -> None:
    """Raises RuleBroken, in words, when a case in `status` with these facts may not move to `to` (S33-S42)."""
    if refusal := refused_as(status, to):
        raise RuleBroken(
            f"A case cannot go from “{status.label}” to “{to.label}”: {refusal.value}. Choose another status.",
            field="status",
        )
    needs = MOVES[status][to]
    holds = {
        Needs.NOTHING: True,
        Needs.NO_REMEDIES: facts.remedies == 0,
        Needs.REMEDIES: facts.remedies > 0,
        Needs.ORDERS_MET: facts.orders_outstanding == 0,
    }
    if not holds[needs]:
        raise RuleBroken(_REFUSALS[needs], field="status")
    if to is S.CLOSED:
        _check_close(facts)


def _check_close(facts: Facts) -> None:
    if facts.tasks_outstanding:
        left = "1 task to do" if facts.tasks_outstanding == 1 else f"{facts.tasks_outstanding} tasks to do"
        raise RuleBroken(_TASKS_LEFT.format(left), field="status")
    if facts.tasks_to_check:
        raise RuleBroken(_TO_CHECK, field="status")
