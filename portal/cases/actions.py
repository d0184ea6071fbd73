"""Actions on a case: create, release, move, hand over, open. Each one locks the row, checks the rule, changes it and writes the
diary."""

from enum import Enum

from django.db import IntegrityError, transaction

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.audit import trail
from portal.cases import diary_writer, lifecycle
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.cases.statuses import Status
from portal.landlords.models import Landlord
from portal.landlords.people import colleague_name
from portal.lib import clock, pasted, version_tokens
from portal.lib.errors import NotAllowed, RuleBroken
from portal.lib.references import OLDEST_YEAR, has_plausible_year, is_case_reference
from portal.lib.typed import one_line, required, tidied
from portal.teams.models import Team
from portal.teams.people import owner_name, works_in


class Owner(Enum):
    """What happens to the owner when a move names nobody."""

    KEPT_IN_TEAM = "kept while they work in the team that then manages the case"


REASON_LIMIT = 2000  # characters
NO_REASON = "Say why the status changes. The landlord does not see the reason."


def create_case(
    *,
    by: Actor,
    reference: str,
    landlord: Landlord,
    resident_name: str,
    resident_address: str,
    summary: str = "",
    team: Team = Team.DISPUTE_SUPPORT,
    owner_id: int | None = None,
) -> Case:
    """A new case, hidden from the landlord until it is released (C5, D11)."""
    by.require(Permission.CREATE_CASES)
    reference = pasted.reference(reference)
    if not is_case_reference(reference):
        raise RuleBroken(
            "Enter the case reference as nine digits: the year and the number, such as 202601234.", field="reference"
        )
    year = clock.today().year
    if not has_plausible_year(reference, this_year=year):
        raise RuleBroken(
            f"A case reference begins with a year from {OLDEST_YEAR} to {year + 1}. Check the first four digits.",
            field="reference",
        )
    owner_name(owner_id)
    resident_name, resident_address = one_line(resident_name), tidied(resident_address)
    if not resident_name:
        raise RuleBroken("Enter the resident’s name.", field="resident_name")
    if not resident_address:
        raise RuleBroken("Enter the address of the home.", field="resident_address")
    try:
        with transaction.atomic():
            case = Case.objects.create(
                reference=reference,
                landlord=landlord,
                resident_name=resident_name,
                resident_address=resident_address,
                summary=tidied(summary),
                team=team,
                owner_id=owner_id,
            )
            diary_writer.write(case, Happened.CASE_CREATED, by=by)
    except IntegrityError:
        raise RuleBroken(f"Case {reference} exists already. Check the reference.", field="reference") from None
    return case


@transaction.atomic
def release_case(case: Case, *, by: Actor) -> Case:
    """Shows the case to the landlord and notifies it about everything that waits on the case."""
    by.require(Permission.CREATE_CASES)
    case = lock(case, by=by)
    if case.is_released:
        raise RuleBroken("The landlord can see this case already.")
    case.released_at = clock.now()
    case.save(update_fields=["released_at"])
    diary_writer.write(case, Happened.CASE_RELEASED, by=by, status=case.status)
    diary_writer.tell_at_release(case, by=by)
    return case


@transaction.atomic
def move_case(
    case: Case,
    *,
    to: Status,
    reason: str,
    by: Actor,
    team: Team | None = None,
    owner_id: int | Owner | None = Owner.KEPT_IN_TEAM,
    seen: str | None = None,
) -> Case:
    """Changes the status along the table of moves, the team to the status's own unless another is named, and the owner.

    “Determined” and “Determined – awaiting LL action” are not among them: a determination leads there when it is issued.
    """
    by.require(Permission.MOVE_CASES)
    case = lock(case, by=by)
    version_tokens.check(case.version_token, seen, "case")
    lifecycle.check_chosen(Status(case.status), to)
    reason = required(reason, NO_REASON, field="reason", limit=REASON_LIMIT)
    return _move(case, to, _facts(case), reason, team=team, owner_id=owner_id, by=by)


@transaction.atomic
def follow_determination(
    case: Case, *, to: Status, reason: str, by: Actor, orders: int = 0, recommendations: int = 0
) -> Case:
    """The status to which a determination or a review of it leads (S39-S41). Only the determinations' package calls it,
    after it has asked whether the actor may. `orders` and `recommendations` are those that the determination holds.
    """
    case = lock(case, by=by)
    facts = _facts(case) if to == Status.CLOSED else lifecycle.Facts(orders, recommendations)
    return _move(case, to, facts, reason, by=by)


def _move(
    case: Case,
    to: Status,
    facts: lifecycle.Facts,
    reason: str,
    *,
    team: Team | None = None,
    owner_id: int | Owner | None = Owner.KEPT_IN_TEAM,
    by: Actor,
) -> Case:
    before, former_team, former_owner = Status(case.status), Team(case.team), case.owner_id
    lifecycle.check_move(before, to, facts)
    case.status, case.status_since = to, clock.now()
    case.closed_at = clock.now() if to == Status.CLOSED else None
    case.team = team or lifecycle.DEFAULT_TEAM[to] or former_team
    case.owner_id, name = _owner_after(case, owner_id)
    case.save()
    # the reason is the service's own: it goes to the audit trail and the staff timeline, never to the landlord
    diary_writer.write(case, Happened.STATUS_CHANGED, by=by, before=before.value, status=to.value, staff_reason=reason)
    if case.team != former_team:
        diary_writer.write(case, Happened.TEAM_CHANGED, by=by, before=former_team.value, team=Team(case.team).value)
    if case.owner_id != former_owner:
        diary_writer.write(case, Happened.OWNER_CHANGED, by=by, before=former_owner, owner=case.owner_id, name=name)
    return case


@transaction.atomic
def hand_over(case: Case, *, team: Team, owner_id: int | None, by: Actor, seen: str | None = None) -> Case:
    """Gives the case to a team and an owner (C8). The owner must be one of the service's active people."""
    by.require(Permission.MOVE_CASES)
    case = lock(case, by=by)
    version_tokens.check(case.version_token, seen, "case")
    name = owner_name(owner_id) if owner_id != case.owner_id else ""  # one who has left stays until another is chosen
    former_team, former_owner = case.team, case.owner_id
    case.team, case.owner_id = team, owner_id
    case.save(update_fields=["team", "owner"])
    if team != former_team:
        diary_writer.write(case, Happened.TEAM_CHANGED, by=by, before=former_team, team=team.value)
    if owner_id != former_owner:
        diary_writer.write(case, Happened.OWNER_CHANGED, by=by, before=former_owner, owner=owner_id, name=name)
    return case


@transaction.atomic
def assign_colleague(case: Case, *, colleague_id: int | None, by: Actor) -> Case:
    """Sets the landlord's person who works on the case (D5)."""
    by.require(Permission.LANDLORD_WORK_CASES)
    case = lock(case, by=by)
    require_open(case)
    if colleague_id != case.colleague_id:
        name = colleague_name(colleague_id, landlord_id=case.landlord_id)
        case.colleague_id = colleague_id
        case.save(update_fields=["colleague"])
        diary_writer.write(case, Happened.COLLEAGUE_CHANGED, by=by, colleague=colleague_id, name=name)
    return case


def open_case(reference: str, *, by: Actor) -> Case:
    """The case for a page that shows it: loaded through the wall, the opening recorded. Raises Case.DoesNotExist."""
    case = _seen.one(by, reference=reference)
    trail.record(by, "case opened", case, case_reference=case.reference)
    return case


@kept
def _seen(by: Actor, reference: str) -> CaseQuerySet:
    return Case.objects.visible_to(by).select_related("landlord", "owner", "colleague").filter(reference=reference)


def require_visible(case: Case, *, by: Actor) -> None:
    """Refuses a case that the actor cannot see, where nothing of it changes and so nothing is locked (H44)."""
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise NotAllowed("You cannot work on this case.")


def lock(case: Case, *, by: Actor) -> Case:
    """The case as it is now, held until the transaction ends. Refuses one that the actor cannot see."""
    try:
        return _held.one(by, case_id=case.pk)
    except Case.DoesNotExist:
        raise NotAllowed("You cannot work on this case.") from None


@kept
def _held(by: Actor, case_id: int) -> CaseQuerySet:
    return Case.objects.visible_to(by).select_for_update().filter(pk=case_id)


def _facts(case: Case) -> lifecycle.Facts:
    return lifecycle.Facts(
        case.orders_outstanding, case.recommendations_outstanding, case.tasks_outstanding, case.tasks_to_check
    )


def _owner_after(case: Case, owner_id: int | Owner | None) -> tuple[int | None, str]:
    """Who owns a case that was moved to the team it now has, and the name. The landlord reads of nobody from elsewhere."""
    if owner_id is Owner.KEPT_IN_TEAM:
        return (case.owner_id, "") if works_in(case.owner_id, case.team) else (None, "")
    name = owner_name(owner_id)
    if owner_id is not None and not works_in(owner_id, case.team):
        team = Team(case.team).label
        raise RuleBroken(
            f"{name} does not work in {team}, which then manages the case. Choose one of {team}.", field="owner"
        )
    return owner_id, name


def require_open(case: Case, *, or_owing: bool = False) -> None:
    """Raises RuleBroken when the case is closed: nothing is added to a closed case (S103), except, with `or_owing`,
    what belongs to orders that are still open."""
    if not case.is_open and not (or_owing and case.orders_outstanding):
        raise RuleBroken(
            "This case is closed, so nothing can be added to it. If you need to tell us something about it, contact us."
        )
