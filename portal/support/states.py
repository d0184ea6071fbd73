"""The states of a support ticket, and the one table of what may be done in each and where it leads (C27)."""

from enum import StrEnum

from django.db import models

from portal.lib.errors import RuleBroken


class State(models.TextChoices):
    NEW = "new", "New"
    WITH_PORTAL_TEAM = "with-portal-team", "With the portal team"
    WITH_IT = "with-it", "Referred to IT"
    RESOLVED = "resolved", "Resolved"
    REOPENED = "reopened", "Reopened"


class Step(StrEnum):
    """What somebody does to a ticket."""

    ANSWER = "answer"
    REFER = "refer"
    UPDATE = "update"  # by IT support
    RESOLVE = "resolve"
    REOPEN = "reopen"
    WRITE = "write"  # by the one who reported


# A pair that is not here is refused.
TABLE: dict[tuple[State, Step], State] = {
    (State.NEW, Step.ANSWER): State.WITH_PORTAL_TEAM,
    (State.NEW, Step.REFER): State.WITH_IT,
    (State.NEW, Step.RESOLVE): State.RESOLVED,
    (State.NEW, Step.WRITE): State.NEW,
    (State.WITH_PORTAL_TEAM, Step.ANSWER): State.WITH_PORTAL_TEAM,
    (State.WITH_PORTAL_TEAM, Step.REFER): State.WITH_IT,
    (State.WITH_PORTAL_TEAM, Step.RESOLVE): State.RESOLVED,
    (State.WITH_PORTAL_TEAM, Step.WRITE): State.WITH_PORTAL_TEAM,
    (State.WITH_IT, Step.ANSWER): State.WITH_IT,
    (State.WITH_IT, Step.UPDATE): State.WITH_IT,
    (State.WITH_IT, Step.RESOLVE): State.RESOLVED,
    (State.WITH_IT, Step.WRITE): State.WITH_IT,
    (State.RESOLVED, Step.REOPEN): State.REOPENED,
    (State.RESOLVED, Step.WRITE): State.REOPENED,
    (State.REOPENED, Step.ANSWER): State.WITH_PORTAL_TEAM,
    (State.REOPENED, Step.REFER): State.WITH_IT,
    (State.REOPENED, Step.RESOLVE): State.RESOLVED,
    (State.REOPENED, Step.WRITE): State.REOPENED,
}

_REFUSED: dict[State, str] = {
    State.WITH_IT: "This report is with IT support already. Write an answer, or resolve it.",
    State.RESOLVED: "This report is resolved. Reopen it first.",
}


def after(state: str, step: Step) -> State:
    """The state that follows, or RuleBroken with what to do instead."""
    found = TABLE.get((State(state), step))
    if found is None:
        raise RuleBroken(_REFUSED.get(State(state), f"This cannot be done while a report is “{State(state).label}”."))
    return found


def allowed(state: str, step: Step) -> bool:
    return (State(state), step) in TABLE
