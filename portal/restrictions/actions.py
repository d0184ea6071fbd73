"""Restricting a person's access (S8, C22): impose, change the level, review, lift. Two people of the service answer for it.

Whoever imposes or changes names another who approved: a team manager or somebody of the portal team. The person is told
by e-mail in neutral words, and the next request obeys.
"""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from portal.access.actor import Actor
from portal.access.levels import TO_READ, Level
from portal.access.permissions import Permission
from portal.accounts.models import User
from portal.audit import trail
from portal.landlords.models import Membership
from portal.lib import clock, version_tokens
from portal.lib.errors import RuleBroken
from portal.lib.typed import required
from portal.restrictions import emails
from portal.restrictions.approving import approver_named
from portal.restrictions.models import Restriction, Step, StepKind

REASON_LIMIT = 2000  # characters
APPEAL_LIMIT = 2000
_LONGEST = timedelta(days=366)  # a restriction that nobody looks at for more than a year is not managed


def open_restriction(restriction_id: int, *, by: Actor) -> Restriction:
    """For the page that shows it; the opening is recorded. Raises Restriction.DoesNotExist."""
    found = Restriction.objects.visible_to(by).select_related("user", "landlord").get(pk=restriction_id)
    trail.record(by, "restriction opened", found)
    return found


def member_to_restrict(landlord_id: int, user_id: int, *, by: Actor) -> Membership:
    """Raises Membership.DoesNotExist."""
    by.require(Permission.RESTRICT_PEOPLE)
    return Membership.objects.select_related("user", "landlord").get(landlord_id=landlord_id, user_id=user_id)


@transaction.atomic
def impose(
    member: Membership, *, level: str, reason: str, appeal: str, approver_id: int, review_on: date, by: Actor
) -> Restriction:
    """A new restriction of one of a landlord's people. A second one at the same time is refused."""
    by.require(Permission.RESTRICT_PEOPLE)
    approver = approver_named(approver_id, by=by)
    restriction = Restriction(
        user_id=member.user_id,
        landlord_id=member.landlord_id,
        level=_level(level),
        reason=_reason(reason, "Enter why the access is restricted."),
        appeal=required(
            appeal, "Enter how the person can ask us to look at this again.", field="appeal", limit=APPEAL_LIMIT
        ),
        imposed_by_name=by.name,
        approver_id=approver.pk,
        approver_name=approver.name,
        started_at=clock.now(),
        review_on=_review(review_on),
    )
    _save_new(restriction)
    _note(restriction, StepKind.IMPOSED, "access restricted", by=by, approver=approver, reason=restriction.reason)
    emails.imposed(restriction, member.user)
    emails.approved(restriction, approver, by_name=by.name)
    return restriction


@transaction.atomic
def change_level(
    restriction_id: int,
    *,
    level: str,
    reason: str,
    approver_id: int,
    review_on: date,
    by: Actor,
    seen: str | None = None,
) -> Restriction:
    """Another level, milder or harder, with its own reason and approver."""
    by.require(Permission.RESTRICT_PEOPLE)
    restriction = _lock(restriction_id, seen)
    approver = approver_named(approver_id, by=by)
    if _level(level) == restriction.level:
        raise RuleBroken("This is the level already. Choose another, or record a review.", field="level")
    reason = _reason(reason, "Enter why the level changes.")
    before = restriction.level
    restriction.level, restriction.review_on, restriction.read_at = level, _review(review_on), None
    restriction.approver_id, restriction.approver_name = approver.pk, approver.name
    restriction.save()
    _note(restriction, StepKind.CHANGED, "restriction changed", by=by, approver=approver, reason=reason, before=before)
    emails.changed(restriction, restriction.user)
    emails.approved(restriction, approver, by_name=by.name)
    return restriction


@transaction.atomic
def review(restriction_id: int, *, reason: str, review_on: date, by: Actor, seen: str | None = None) -> Restriction:
    """Records a review; the restriction stays until the next one."""
    by.require(Permission.RESTRICT_PEOPLE)
    restriction = _lock(restriction_id, seen)
    reason = _reason(reason, "Enter what you found when you looked at this again.")
    restriction.review_on = _review(review_on)
    restriction.save(update_fields=["review_on"])
    _note(restriction, StepKind.REVIEWED, "restriction reviewed", by=by, reason=reason)
    return restriction


@transaction.atomic
def lift(restriction_id: int, *, reason: str, by: Actor, seen: str | None = None) -> Restriction:
    """Ends the restriction: the person has full access from the next request on."""
    by.require(Permission.RESTRICT_PEOPLE)
    restriction = _lock(restriction_id, seen)
    reason = _reason(reason, "Enter why the restriction ends.")
    restriction.ended_at, restriction.ended_by_name = clock.now(), by.name
    restriction.save(update_fields=["ended_at", "ended_by_name"])
    _note(restriction, StepKind.LIFTED, "restriction lifted", by=by, reason=reason)
    emails.lifted(restriction, restriction.user)
    return restriction


@transaction.atomic
def note_read(*, by: Actor) -> None:
    """The person says that they have read a warning; from the next request on everything works as before."""
    mine = Restriction.objects.select_for_update().filter(
        user_id=by.user_id, ended_at__isnull=True, level__in=TO_READ, read_at__isnull=True
    )
    for restriction in mine:
        restriction.read_at = clock.now()
        restriction.save(update_fields=["read_at"])
        trail.record(by, "warning read", restriction)


def _save_new(restriction: Restriction) -> None:
    try:
        with transaction.atomic():
            restriction.save()
    except IntegrityError:
        raise RuleBroken(
            "This person’s access is restricted already. Open that restriction to change its level or to lift it."
        ) from None


def _lock(restriction_id: int, seen: str | None) -> Restriction:
    """Raises Restriction.DoesNotExist."""
    restriction = Restriction.objects.select_for_update().get(pk=restriction_id)
    if not restriction.is_open:
        raise RuleBroken("This restriction has ended already. Nothing was changed.")
    version_tokens.check(restriction.version_token, seen, "restriction")
    return restriction


def _note(
    restriction: Restriction,
    kind: StepKind,
    verb: str,
    *,
    by: Actor,
    reason: str,
    approver: User | None = None,
    **details: str,
) -> None:
    """Writes the restriction's history and the audit trail. Every action here ends with it."""
    step = Step.objects.create(
        restriction=restriction,
        landlord_id=restriction.landlord_id,
        kind=kind,
        level=restriction.level,
        reason=reason,
        review_on=None if kind == StepKind.LIFTED else restriction.review_on,
        by_name=by.name,
        approver_name=approver.name if approver else "",
        at=clock.now(),
    )
    details |= {"person": str(restriction.user_id), "level": restriction.level, "reason": reason}
    trail.record(by, verb, restriction, approver=step.approver_name, **details)


def _level(level: str) -> str:
    if level not in set(Level):
        raise RuleBroken("Choose the level.", field="level")
    return level


def _reason(reason: str, missing: str) -> str:
    return required(reason, missing, field="reason", limit=REASON_LIMIT)


def _review(review_on: date) -> date:
    if review_on <= clock.today():
        raise RuleBroken("The review date must be in the future.", field="review_on")
    if review_on > clock.today() + _LONGEST:
        raise RuleBroken("Look at the restriction again within a year. Choose an earlier date.", field="review_on")
    return review_on
