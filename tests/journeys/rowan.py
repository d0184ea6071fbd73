"""Rowan Homes, the landlord of the guide's journeys: a case in every status, and one with tasks of every kind and colour.

`python -m tests.journeys.rowan` puts it into the portal that the environment names, beside the tests' cast.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.cases.statuses import Status

if TYPE_CHECKING:
    from portal.access.actor import Actor
    from portal.cases.models import Case
    from portal.landlords.models import Landlord

NIA, OWEN = "nia@rowan.example", "owen@rowan.example"
YEW = "sian@yew.example"  # invited, and never here before
REFERENCES = {status: f"2026700{number:02}" for number, status in enumerate(Status, start=1)}
CASE = REFERENCES[Status.EVIDENCE_GATHERING]
OVERDUE, APPROACHING, NEW, LETTER = (
    "Send the complaint file",
    "Send the repair log",
    "Record the complaint",
    "Read our letter",
)
_START = (Status.REFERRAL_ASSESSMENT, Status.EVIDENCE_GATHERING)
WAYS = {
    Status.INITIAL_ASSESSMENT: (),
    Status.LANDLORD_PROCEDURE: (Status.LANDLORD_PROCEDURE,),
    Status.REFERRAL_ASSESSMENT: _START[:1],
    Status.EVIDENCE_GATHERING: _START,
    Status.AWAITING_INVESTIGATION: (*_START, Status.AWAITING_INVESTIGATION),
    Status.UNDER_INVESTIGATION: (*_START, Status.UNDER_INVESTIGATION),
    Status.CLOSED: (Status.CLOSED,),
}


def build() -> None:
    from portal.access.roles import Role
    from portal.accounts.models import User
    from portal.landlords import actions as landlords
    from portal.landlords import people
    from portal.landlords.models import Landlord, LandlordState, Membership
    from portal.teams import people as team_people
    from portal.teams.models import StaffMember
    from tests.cast import PASSWORD

    rowan = Landlord.objects.create(name="Rowan Homes", homes=3100, state=LandlordState.ACTIVE)
    for email, name, role in ((NIA, "Nia Bevan", Role.ADMINISTRATOR), (OWEN, "Owen Marsh", Role.SUB_ACCOUNT)):
        user = User.objects.create_user(email=email, name=name, password=PASSWORD)
        Membership.objects.create(landlord=rowan, user=user, role=role)
    service = {member.user.name: team_people.actor_of(member) for member in StaffMember.objects.select_related("user")}
    nia = people.actor_of(people.administrator_of(rowan.pk))
    cases = {status: _case(rowan, status, service["Dev Patel"]) for status in Status}
    _determine(cases, by=service["Esi Mensah"], nia=nia)
    _ask(cases[Status.EVIDENCE_GATHERING], by=service["Dev Patel"])
    landlords.invite_landlord(
        name="Yew Homes", administrator_name="Siân Rees", email=YEW, kind="", homes=None, by=service["Gwen Okafor"]
    )


def _case(rowan: "Landlord", status: Status, by: "Actor") -> "Case":
    """Released, and on the way of its status; the statuses that a determination leads to follow later."""
    from portal.cases import actions
    from portal.teams.models import Team

    case = actions.create_case(
        by=by,
        reference=REFERENCES[status],
        landlord=rowan,
        resident_name=f"Resident {REFERENCES[status][-2:]}",
        resident_address="5 Quarry Street, Leeds LS9 1AB",
        summary="Damp in the hall.",
        team=Team.TRIAGE,
        owner_id=by.user_id,
    )
    case = actions.release_case(case, by=by)
    for step in WAYS.get(status, ()):
        case = actions.move_case(case, to=step, reason="Next step.", by=by)
    return case


def _determine(cases: "dict[Status, Case]", *, by: "Actor", nia: "Actor") -> None:
    from portal.determinations import reviews
    from tests import determination_scene as scene

    for status, orders in ((Status.DETERMINED, 0), (Status.DETERMINED_AWAITING_ACTION, 1), (Status.REVIEW, 0)):
        case = scene.drafted(None, cases[status], count=orders, recommendations=orders, by=by)
        scene.issued(case, by=by)
    asked = {"on_new_evidence": True, "on_facts": False, "text": "We found the invoice."}
    reviews.ask_review(cases[Status.REVIEW], **asked, by=nia)


def _ask(case: "Case", *, by: "Actor") -> None:
    """Seven tasks, of which one is overdue and one approaching, and a message."""
    from portal.lib import clock
    from portal.messaging import actions as messaging
    from portal.tasks import actions as tasks
    from portal.tasks.actions import NewLetter
    from portal.tasks.models import TaskKind

    today = clock.today()
    with clock.moved_to(clock.now() - timedelta(days=40)):
        tasks.set_task(case, kind=TaskKind.RESPOND_TO_REQUEST, title=OVERDUE, due_on=today - timedelta(days=3), by=by)
    wishes = (
        (TaskKind.RESPOND_TO_REQUEST, APPROACHING, 1),
        (TaskKind.RECORD_COMPLAINT, NEW, 40),
        (TaskKind.ESCALATE_COMPLAINT, "Escalate the complaint to stage 2", 45),
        (TaskKind.RESPOND_TO_REQUEST, "Tell us about mediation", 50),
        (TaskKind.RESPOND_TO_REQUEST, "Send the rent account", 60),
    )
    for kind, title, days in wishes:
        tasks.set_task(case, kind=kind, title=title, due_on=today + timedelta(days=days), by=by)
    letter = NewLetter("Our letter.txt", b"Thank you for your answer.\n")
    due_on = today + timedelta(days=70)
    tasks.set_task(case, kind=TaskKind.FOR_INFORMATION, title=LETTER, due_on=due_on, letter=letter, by=by)
    messaging.start_thread(case, subject="The inspection", body="When did the surveyor visit?", by=by)


if __name__ == "__main__":
    import django

    django.setup()
    build()
