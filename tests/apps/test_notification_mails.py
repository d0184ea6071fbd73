"""Who gets which e-mail, when: choices, assignments, sending hours, digests, caps; decided as the e-mail leaves."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from _pytest.mark.structures import ParameterSet
from django.db import transaction

from portal.access.roles import Role
from portal.cases import actions as cases
from portal.cases.diary import Happened
from portal.cases.models import Case, DiaryEntry
from portal.cases.statuses import Status
from portal.config import worker
from portal.landlords.models import Membership
from portal.lib import clock
from portal.lib.clock import LONDON
from portal.lib.errors import RuleBroken
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.messaging import actions as messaging
from portal.notifications.choices import choose_mails
from portal.notifications.fan_out import fan_out_one
from portal.notifications.models import Delivery, Outcome
from portal.notifications.reminders import remind, tasks_to_remind
from portal.notifications.rules import RULES, Audience
from portal.notifications.sending import send_delivery, send_digest
from portal.notifications.topics import LANDLORD_TOPICS, Pace, Topic, paces_for
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from tests.cast import Cast, in_days
from tests.house.test_diary_is_decided import SAMPLE
from tests.smtp import smtp_server

MONDAY_MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=LONDON)
NIGHT = datetime(2026, 11, 23, 21, 0, tzinfo=LONDON)
NEXT_MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=LONDON)


def work(at: datetime) -> None:
    """What the worker does at that moment, but for the sending itself."""
    with clock.moved_to(at):
        while any(_drained(kind, at) for kind in (fan_out_one, send_delivery, send_digest)):
            pass


def _drained(act, at: datetime) -> bool:
    """Everything of this kind is done; whether there was anything."""
    done = 0
    while act(at):
        done += 1
    return done > 0


@pytest.fixture
def quiet(cast: Cast) -> Cast:
    """The cast, with all that its making caused forgotten."""
    DiaryEntry.objects.all().delete()
    return cast


@pytest.fixture
def hours(settings) -> None:
    settings.SENDING_HOURS = (datetime.min.time().replace(hour=7), datetime.min.time().replace(hour=19))


def chosen(actor, pace: Pace | None = None, *, any_time: bool = False, **paces: Pace) -> None:
    topics = (Topic.ANSWERS,) if not actor.is_landlord else LANDLORD_TOPICS
    default = pace or paces_for(actor.role)[0]
    choose_mails(paces={t.value: paces.get(t.value, default).value for t in topics}, any_time=any_time, by=actor)


def message(cast: Cast, at: datetime = MONDAY_MORNING, case: Case | None = None) -> None:
    with clock.moved_to(at):
        messaging.start_thread(case or cast.case, subject="Repairs", body="Secret words.", by=cast.dev)


def sent() -> list[tuple[str, str]]:
    """To whom and of which kind, in the order of sending."""
    rows = OutgoingMail.objects.filter(kind__startswith="notification").order_by("pk")
    return [(row.to_address.split("@")[0], row.kind.removeprefix("notification: ")) for row in rows]


def outcomes() -> Counter[tuple[str, str]]:
    return Counter(Delivery.objects.values_list("person__name", "outcome"))


@pytest.mark.row("S85")
@pytest.mark.row("H52")
@pytest.mark.row("H54")
@pytest.mark.django_db(transaction=True)
def test_one_event_makes_one_mail_end_to_end_without_a_word_of_the_case(cast: Cast) -> None:
    kinds = worker.kinds()
    with smtp_server() as mailbox:
        while sum(kind(clock.now()) for kind in kinds.values()):
            pass
        mailbox.mails.clear()
        thread = messaging.start_thread(cast.case, subject="Damp at Mill Lane", body="Mould grows.", by=cast.dev)
        while sum(kind(clock.now()) for kind in kinds.values()):
            pass
    [mail] = mailbox.mails
    entry = DiaryEntry.objects.get(details__thread=thread.pk)
    assert mail["To"] == "amina@alder.example"
    assert mail["Subject"] == "You have a new message: case 202601234"
    assert mail["Message-ID"].startswith(f"<diary-{entry.pk}-")
    text = mail.get_content()
    assert "/cases/202601234/" in text
    assert not [word for word in ("Mould", "Damp", "Mill Lane", "O’Neil", "Dev Patel") if word in text]


def test_telling_and_sending_once_more_makes_no_second_mail(quiet: Cast) -> None:
    message(quiet)
    work(MONDAY_MORNING)
    DiaryEntry.objects.update(claim_state="waiting")
    Delivery.objects.update(claim_state="waiting", outcome=Outcome.WAITING)
    work(MONDAY_MORNING)
    assert sent() == [("amina", "message from service")]


LANDLORD_KINDS = [
    kind
    for kind in Happened
    if RULES[kind].audience is Audience.LANDLORD and kind.value.split()[-1] not in {"soon", "overdue"}
]
EXPECTED = {  # Ben's pace -> what he gets; `assigned`: whether the case is his
    (Pace.AT_ONCE, False): "at once",
    (Pace.AT_ONCE, True): "at once",
    (Pace.DAILY, False): "digest",
    (Pace.DAILY, True): "digest",
    (Pace.ASSIGNED, False): "",
    (Pace.ASSIGNED, True): "at once",
    (Pace.OFF, False): "",
    (Pace.OFF, True): "",
    (None, False): "",
    (None, True): "at once",
}


def _with_administrators() -> Iterator[ParameterSet]:
    """Each choice of Ben's beside one of the administrator's, and in a thorough run beside the other as well: the two are
    decided apart, and over the kinds each meets each."""
    for number, (pace, assigned) in enumerate(EXPECTED):
        for turn, administrator in enumerate((Pace.AT_ONCE, Pace.DAILY)):
            marks = [pytest.mark.thorough] if (number + turn) % 2 else []
            yield pytest.param(pace, assigned, administrator, marks=marks)


@pytest.mark.once(on="sqlite")  # for their number: what is decided for each is the same
@pytest.mark.row("H55")
@pytest.mark.row("D2")
@pytest.mark.parametrize("kind", LANDLORD_KINDS)
@pytest.mark.parametrize(("pace", "assigned", "administrator"), _with_administrators())
def test_each_preference_and_event_makes_exactly_these_mails(
    quiet: Cast, kind: Happened, pace: Pace | None, assigned: bool, administrator: Pace
) -> None:
    topic = RULES[kind].topic.value
    task = _task(quiet)
    if assigned:
        Case.objects.filter(pk=quiet.case.pk).update(colleague_id=quiet.ben.user_id)
    # Everything else is chosen the other way round, so that only the event's own topic can explain the mails.
    chosen(quiet.amina, Pace.DAILY if administrator is Pace.AT_ONCE else Pace.AT_ONCE, **{topic: administrator})
    if pace is not None:
        chosen(quiet.ben, Pace.OFF if pace is not Pace.OFF else Pace.AT_ONCE, **{topic: pace})
    _happens(quiet, kind, task)
    work(MONDAY_MORNING)
    at_once = [("amina", kind.value)] if administrator is Pace.AT_ONCE else []
    at_once += [("ben", kind.value)] if EXPECTED[pace, assigned] == "at once" else []
    assert sorted(sent()) == at_once
    work(MONDAY_MORNING + timedelta(days=1))
    later = [("amina", "digest")] if administrator is Pace.DAILY else []
    later += [("ben", "digest")] if EXPECTED[pace, assigned] == "digest" else []
    assert sorted(sent()[len(at_once) :]) == later


STAFF_KINDS = [
    kind for kind in Happened if RULES[kind].audience in {Audience.OWNER, Audience.NEW_OWNER, Audience.NOBODY}
]


@pytest.mark.once(on="sqlite")
@pytest.mark.row("H55")
@pytest.mark.parametrize("kind", STAFF_KINDS)
@pytest.mark.parametrize("pace", [None, Pace.OFF, Pace.DAILY])
def test_the_owner_gets_a_digest_only_if_switched_on_and_nobody_else_gets_anything(
    quiet: Cast, kind: Happened, pace: Pace | None
) -> None:
    task = _task(quiet)
    if pace is not None:
        chosen(quiet.dev, pace)
        chosen(quiet.esi, pace)
    _happens(quiet, kind, task, by=quiet.amina)
    work(MONDAY_MORNING)
    assert sent() == []
    work(MONDAY_MORNING + timedelta(days=1))
    wanted = pace is Pace.DAILY and RULES[kind].audience is Audience.OWNER
    assert sent() == ([("dev", "digest")] if wanted else [])


@pytest.mark.row("H55")
def test_the_owner_gets_no_digest_of_what_they_did_themselves(quiet: Cast) -> None:
    task = _task(quiet)
    chosen(quiet.dev, Pace.DAILY)
    _happens(quiet, Happened.TASK_COMPLETED, task, by=quiet.dev)
    work(MONDAY_MORNING)
    work(MONDAY_MORNING + timedelta(days=1))
    assert sent() == []
    _happens(quiet, Happened.TASK_COMPLETED, task, by=quiet.amina)
    work(MONDAY_MORNING)
    work(MONDAY_MORNING + timedelta(days=1))
    assert sent() == [("dev", "digest")]


def _task(cast: Cast) -> Task:
    with transaction.atomic():
        task = tasks.set_task(cast.case, kind=TaskKind.RESPOND_TO_REQUEST, title="Log", due_on=in_days(60), by=cast.dev)
    DiaryEntry.objects.filter(claim_state="waiting").delete()
    return task


def _happens(cast: Cast, kind: Happened, task: Task, by=None, at: datetime = MONDAY_MORNING) -> None:
    from portal.cases import diary_writer

    if kind is Happened.DOCUMENT_WITHDRAWN:  # who has not heard of the upload hears nothing of its end
        _happens(cast, Happened.DOCUMENTS_UPLOADED, task, by=by)
        work(MONDAY_MORNING)
    people = {"owner": cast.dev.user_id, "colleague": cast.ben.user_id}
    details = {**SAMPLE, **people, "task": task.pk, "due_on": task.due_on.isoformat()}
    with clock.moved_to(at):
        diary_writer.write(Case.objects.get(pk=cast.case.pk), kind, by=by or cast.dev, **details)


@pytest.mark.row("B8")
def test_the_colleague_to_whom_something_is_assigned_hears_of_it_and_only_they(quiet: Cast) -> None:
    task = _task(quiet)
    with clock.moved_to(MONDAY_MORNING):
        tasks.assign_task(task, colleague_id=quiet.ben.user_id, by=quiet.amina)
    work(MONDAY_MORNING)
    assert sent() == [("ben", "task assigned")]
    with clock.moved_to(MONDAY_MORNING):
        tasks.change_task(task, title="Another", details="", by=quiet.dev)
    message(quiet)  # the task is Ben's, the case is not
    work(MONDAY_MORNING)
    assert sorted(sent()[1:]) == [("amina", "message from service"), ("amina", "task changed"), ("ben", "task changed")]


@pytest.mark.row("H54")
@pytest.mark.parametrize("leaving", ["deactivated", "another landlord", "switched off", "assigned to another"])
def test_somebody_who_stops_being_a_recipient_before_it_leaves_gets_nothing(quiet: Cast, hours, leaving: str) -> None:
    cases.assign_colleague(quiet.case, colleague_id=quiet.ben.user_id, by=quiet.ben)
    message(quiet, NIGHT)
    work(NIGHT)
    assert sent() == []
    ben = quiet.users["ben"]
    if leaving == "deactivated":
        ben.is_active = False
        ben.save()
    elif leaving == "another landlord":
        Membership.objects.filter(user=ben).update(landlord=quiet.birch)
    elif leaving == "switched off":
        chosen(quiet.ben, Pace.OFF)
    else:
        cases.assign_colleague(quiet.case, colleague_id=None, by=quiet.ben)
    work(NEXT_MORNING)
    assert sent() == [("amina", "message from service")]
    row = Delivery.objects.get(person=ben, entry__kind="message from service")
    assert (row.outcome, row.reason.split(":")[0]) == (Outcome.NOT_SENT, "No longer a recipient")


@pytest.mark.row("H54")
def test_a_case_that_is_hidden_again_before_it_leaves_is_not_told_of(quiet: Cast, hours) -> None:
    message(quiet, NIGHT)
    work(NIGHT)
    Case.objects.filter(pk=quiet.case.pk).update(released_at=None)
    work(NEXT_MORNING)
    assert sent() == []
    assert Delivery.objects.get().reason == "The landlord does not see this."


@pytest.mark.row("H54")
@pytest.mark.parametrize("change", ["closed", "done", "another deadline", "passed"])
def test_a_reminder_that_is_out_of_date_before_it_leaves_is_not_sent(quiet: Cast, hours, change: str) -> None:
    task = _task(quiet)
    with clock.moved_to(NIGHT):
        due_on = clock.today()
    Task.objects.filter(pk=task.pk).update(due_on=due_on)
    task.refresh_from_db()
    _happens(quiet, Happened.TASK_DUE_SOON, task, at=NIGHT)
    work(NIGHT)
    assert sent() == []
    if change == "closed":
        Case.objects.filter(pk=quiet.case.pk).update(status=Status.CLOSED, closed_at=NIGHT)
    elif change == "done":
        tasks.complete_task(task, completed_on=MONDAY_MORNING.date(), by=quiet.amina)
    elif change == "another deadline":
        Task.objects.filter(pk=task.pk).update(due_on=in_days(90))
    work(NEXT_MORNING)
    told = Delivery.objects.get(entry__kind=Happened.TASK_DUE_SOON)
    reasons = {
        "closed": "The case was closed first.",
        "done": "The task was done first.",
        "another deadline": "The deadline was changed first.",
        "passed": "The deadline passed first.",
    }
    assert (told.outcome, told.reason) == (Outcome.NOT_SENT, reasons[change])
    assert "task due soon" not in [kind for _, kind in sent()]


@pytest.mark.row("H54")
@pytest.mark.row("S85")
def test_what_waits_for_the_administrator_goes_to_whoever_is_it_when_it_leaves(quiet: Cast, hours) -> None:
    message(quiet, NIGHT)
    work(NIGHT)
    Membership.objects.filter(user=quiet.users["amina"]).update(role=Role.SUB_ACCOUNT)
    Membership.objects.filter(user=quiet.users["ben"]).update(role=Role.ADMINISTRATOR)
    work(NEXT_MORNING)
    work(NEXT_MORNING)
    assert sent() == [("ben", "message from service")]


@pytest.mark.row("H54")
def test_it_goes_to_the_address_that_the_person_has_when_it_leaves(quiet: Cast, hours) -> None:
    message(quiet, NIGHT)
    work(NIGHT)
    quiet.users["amina"].email = "amina.new@alder.example"
    quiet.users["amina"].save()
    work(NEXT_MORNING)
    assert sent() == [("amina.new", "message from service")]


@pytest.mark.row("H61")
@pytest.mark.row("D2")
def test_nothing_leaves_outside_the_sending_hours_unless_the_person_chose_so(quiet: Cast, hours) -> None:
    chosen(quiet.ben, Pace.AT_ONCE, any_time=True)
    message(quiet, NIGHT)
    work(NIGHT)
    assert sent() == [("ben", "message from service")]
    work(NEXT_MORNING - timedelta(seconds=1))
    assert len(sent()) == 1
    work(NEXT_MORNING)
    assert sent()[1:] == [("amina", "message from service")]


def test_who_takes_back_any_time_during_the_night_waits_for_the_morning(quiet: Cast, hours) -> None:
    chosen(quiet.amina, any_time=True)
    message(quiet, NIGHT)
    with clock.moved_to(NIGHT):
        fan_out_one(NIGHT)
        chosen(quiet.amina, any_time=False)
    work(NIGHT)
    assert sent() == []
    work(NEXT_MORNING)
    assert sent() == [("amina", "message from service")]


@pytest.mark.row("D2")
def test_codes_and_links_are_neither_delayed_nor_counted(quiet: Cast, hours, settings) -> None:
    settings.MAILS_AN_HOUR = 2
    for number in range(5):
        with clock.moved_to(MONDAY_MORNING):
            outbox.post(
                to="amina@alder.example", subject="c", body="1", kind="sign-in code", user_id=quiet.amina.user_id
            )
        message(quiet, case=_another(quiet, number))
    work(MONDAY_MORNING)
    assert Counter(sent())["amina", "message from service"] == 2
    with clock.moved_to(NIGHT):
        code = outbox.post(
            to="a@alder.example", subject="c", body="1", kind="sign-in code", user_id=quiet.amina.user_id
        )
    assert code.claim_due_at == NIGHT


def _another(cast: Cast, number: int) -> Case:
    case = cases.create_case(
        by=cast.dev,
        reference=f"2024{number:05}",
        landlord=cast.alder,
        resident_name="R",
        resident_address="A",
        team="triage",
        owner_id=cast.dev.user_id,
    )
    case = cases.release_case(case, by=cast.dev)
    DiaryEntry.objects.filter(case=case).update(claim_state="done")
    return case


@pytest.mark.row("D2")
def test_a_digest_lists_references_and_counts_by_kind_and_no_more(quiet: Cast) -> None:
    chosen(quiet.amina, Pace.DAILY)
    other = _another(quiet, 7)
    message(quiet)
    message(quiet, MONDAY_MORNING + timedelta(minutes=1))
    message(quiet, case=other)
    with clock.moved_to(MONDAY_MORNING):
        tasks.set_task(other, kind=TaskKind.RESPOND_TO_REQUEST, title="Secret", due_on=in_days(60), by=quiet.dev)
    work(MONDAY_MORNING + timedelta(hours=1))
    assert sent() == []
    work(MONDAY_MORNING + timedelta(days=1))
    work(MONDAY_MORNING + timedelta(days=2))
    [mail] = OutgoingMail.objects.all()
    assert mail.subject == "4 notifications in the Landlord Portal"
    assert "Messages: 3\nCases 202601234, 202400007" in mail.body
    assert "New tasks and changes to tasks: 1\nCase 202400007" in mail.body
    assert "Secret" not in mail.body
    assert mail.message_id.startswith("<digest-")


@pytest.mark.row("H54")
@pytest.mark.parametrize("pace", [Pace.AT_ONCE, Pace.DAILY])
@pytest.mark.parametrize("kind", [kind for kind in Happened if RULES[kind].mail])
def test_no_mail_of_any_kind_says_a_word_of_the_case(quiet: Cast, kind: Happened, pace: Pace) -> None:
    for person in (quiet.amina, quiet.ben):
        chosen(person, pace)
    Case.objects.filter(pk=quiet.case.pk).update(colleague_id=quiet.ben.user_id)
    task = _task(quiet)
    _happens(quiet, kind, task)
    work(MONDAY_MORNING)
    work(MONDAY_MORNING + timedelta(days=1))
    case, said = quiet.case, [value for value in SAMPLE.values() if isinstance(value, str) and " " in value]
    words = [case.resident_name, case.resident_address, "Mill Lane", "Damp", task.title, quiet.dev.name, *said]
    mails = OutgoingMail.objects.filter(kind__startswith="notification")
    assert mails
    for row in mails:
        assert not [word for word in words if word in row.subject + row.body], row.body
        assert case.reference in row.body


@pytest.mark.row("H54")
def test_a_digest_leaves_out_what_its_person_should_no_longer_hear_and_is_not_sent_empty(quiet: Cast) -> None:
    chosen(quiet.ben, Pace.DAILY)
    message(quiet)
    work(MONDAY_MORNING)
    chosen(quiet.ben, Pace.OFF)
    work(MONDAY_MORNING + timedelta(days=1))
    assert sent() == [("amina", "message from service")]
    assert outcomes()["Ben Carter", Outcome.NOT_SENT] == 1


@pytest.mark.long
@pytest.mark.once(on="sqlite")  # the longest of these; the tests beside it try the same rules on both databases
@pytest.mark.row("H51")
def test_the_deadlines_of_a_thousand_cases_on_one_day_make_a_few_mails_and_a_digest(quiet: Cast, hours) -> None:
    midnight = datetime(2026, 11, 23, 0, 0, 5, tzinfo=LONDON)
    long_ago = midnight - timedelta(days=90)
    made = Case.objects.bulk_create(
        Case(reference=f"20251{number:04d}", landlord=quiet.alder, resident_name="R", released_at=long_ago)
        for number in range(1000)
    )
    Task.objects.bulk_create(
        Task(
            case=case,
            landlord=quiet.alder,
            kind=TaskKind.RESPOND_TO_REQUEST,
            title=f"Task of {case.reference}",
            due_on=midnight.date(),
            set_at=midnight - timedelta(days=60),
        )
        for case in made
    )
    with clock.moved_to(midnight):
        for task_id in tasks_to_remind():
            remind(task_id)
        assert tasks_to_remind() == []
    work(midnight)
    assert sent() == []
    work(NEXT_MORNING - timedelta(days=1))
    assert sent() == [("amina", "task due soon")] * 10
    work(MONDAY_MORNING - timedelta(hours=2))
    assert sent()[10:] == [("amina", "digest")]
    assert "Reminders of deadlines: 990" in OutgoingMail.objects.latest("pk").body
    assert outcomes() == {("Amina Yusuf", Outcome.MAILED): 1000}


@pytest.mark.row("H51")
def test_no_hour_brings_more_than_the_cap_and_one_digest(quiet: Cast, hours, settings) -> None:
    settings.MAILS_AN_HOUR = 3
    start = MONDAY_MORNING
    for minute in range(0, 180, 4):
        at = start + timedelta(minutes=minute)
        message(quiet, at)
        work(at)
    work(start + timedelta(hours=4))
    at = [row.created_at for row in OutgoingMail.objects.order_by("created_at")]
    for moment in at:
        assert len([other for other in at if moment <= other < moment + timedelta(hours=1)]) <= 4
    assert set(outcomes()) == {("Amina Yusuf", Outcome.MAILED)}


@pytest.mark.row("H51")
def test_an_address_that_bounces_is_not_stormed(quiet: Cast, settings) -> None:
    settings.MAILS_AN_HOUR = 3
    with smtp_server() as mailbox:
        mailbox.to_address = "550 no such user"
        for _ in range(30):
            message(quiet)
        work(MONDAY_MORNING)
        with clock.moved_to(MONDAY_MORNING):
            while outbox.send_one(MONDAY_MORNING):
                pass
    assert OutgoingMail.objects.filter(claim_state="failed").count() == 3
    assert OutgoingMail.objects.count() == 3


@pytest.mark.row("D2")
@pytest.mark.parametrize("pace", [Pace.OFF, Pace.ASSIGNED, "nonsense", None])
def test_an_administrators_emails_cannot_be_switched_off(quiet: Cast, pace: object) -> None:
    with pytest.raises(RuleBroken):
        choose_mails(paces={topic.value: pace for topic in LANDLORD_TOPICS}, any_time=False, by=quiet.amina)
    chosen(quiet.ben, Pace.OFF)
    Membership.objects.filter(user=quiet.users["amina"]).update(role=Role.SUB_ACCOUNT)
    Membership.objects.filter(user=quiet.users["ben"]).update(role=Role.ADMINISTRATOR)
    message(quiet)
    work(MONDAY_MORNING)
    assert sent() == [("ben", "message from service")]
