"""A case on its way through a determination, by the actions alone: two complaints, two orders, one recommendation."""

from datetime import date, timedelta

from portal.access.actor import Actor
from portal.access.roles import Role
from portal.accounts.models import User
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.content.words import working_calendar
from portal.determinations import drafting, issuing, orders, reviews
from portal.determinations.models import Determination, Order, Review
from portal.documents import actions as documents
from portal.documents.models import Document
from portal.files import actions as files
from portal.lib import clock
from portal.teams import people as team_people
from portal.teams.models import StaffMember, Team
from tests.cast import Cast, in_days

WAY = (Status.REFERRAL_ASSESSMENT, Status.AWAITING_INVESTIGATION, Status.UNDER_INVESTIGATION)


def investigated(case: Case, by: Actor) -> Case:
    for status in WAY:
        case = cases.move_case(case, to=status, reason="Next step.", by=by)
    return case


def drafted(cast: Cast, case: Case | None = None, *, count: int = 2, recommendations: int = 1, by=None) -> Case:
    """Under investigation, with a draft of two complaints and so many orders."""
    by = by or cast.dev
    case = investigated(case or cast.case, by)
    for finding, words in (
        ("maladministration", "The landlord left the damp untreated for a year."),
        ("no-maladministration", "The landlord answered at stage 1 in time."),
    ):
        drafting.write_complaint(case, words=words, finding=finding, by=by)
    for number in range(1, count + 1):
        drafting.write_order(case, kind="repairs", words=f"Do repair {number}.", due_on=in_days(10 + number), by=by)
    for number in range(1, recommendations + 1):
        drafting.write_recommendation(case, kind="training", words=f"Train the team, part {number}.", by=by)
    return case


def issued(case: Case, *, by: Actor, change: str = "") -> Determination:
    """By somebody who has just looked at the draft."""
    return issuing.issue(case, shown=drafting.the_draft(case).version_token, change=change, by=by)


def determined(cast: Cast, case: Case | None = None, *, ago: int = 0, **counts) -> Determination:
    """Issued, `ago` days before today."""
    with clock.moved_to(clock.now() - timedelta(days=ago)):
        case = drafted(cast, case, **counts)
        return issued(case, by=cast.esi)


def proof(case: Case, by: Actor, name: str = "Invoice.txt") -> Document:
    """A document that the landlord put on the case."""
    sent = files.receive(name, [b"Paid and done.\n"], target=documents.target_of(case), by=by)
    return documents.submit_documents(case, categories={sent.pk: "compliance"}, by=by).documents.get()


def confirmed(order: Order, by: Actor, *, left: str = "") -> Order:
    shown = proof(order.case, by, f"Proof of order {order.number}.txt")
    return orders.confirm_order(
        order, done="We did it.", done_on=clock.today(), document_ids=[shown.pk], left=left, by=by
    )


def settled(cast: Cast, determination: Determination) -> None:
    """Every order confirmed and accepted."""
    for order in determination.orders.select_related("case"):
        orders.accept_order(confirmed(order, cast.amina), by=cast.dev)


def asked(cast: Cast, case: Case, late_reason: str = "", by: Actor | None = None) -> Review:
    return reviews.ask_review(
        case,
        on_new_evidence=True,
        on_facts=False,
        text="We found the invoice.",
        late_reason=late_reason,
        by=by or cast.amina,
    )


def reviewer() -> Actor:
    """Somebody of DR2 Review."""
    user = User.objects.create_user(email="rhea@ombudsman.example", name="Rhea Stone", password="long-enough-words")
    member = StaffMember.objects.create(user=user, role=Role.CASEWORKER, team=Team.REVIEW)
    return team_people.actor_of(member)


def working_day(days: int) -> date:
    """The first working day from so many calendar days ahead: what may be typed as a due date."""
    return working_calendar().from_day(in_days(days))


def parts_of(day: date, name: str) -> dict[str, str]:
    """A date as its three fields."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}
