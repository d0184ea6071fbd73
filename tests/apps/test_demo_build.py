"""The demo as it was built: every timeline explains its status, nothing happens at night, everybody was told.

The small demo is built once for all of these tests and rolled back; they look at the rows it left.
"""

import io
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test.utils import override_settings

from portal.access.actor import Actor
from portal.access.roles import Role
from portal.accounts.models import User
from portal.cases.diary import Happened
from portal.cases.models import Case, DiaryEntry
from portal.cases.statuses import Status
from portal.content import words
from portal.demo.build import build
from portal.documents.models import Document
from portal.landlords.models import Landlord, LandlordState
from portal.lib import clock
from portal.lib.working_days import WorkingCalendar
from portal.mail.models import OutgoingMail
from portal.messaging.models import Message, Thread
from portal.notifications.models import Notification
from portal.notifications.rules import line
from portal.pages.office.landlords.forms import InviteForm
from portal.tasks.deadlines import Nearness, horizon
from portal.tasks.models import Task, TaskKind, TaskState

MORNING = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)
EVENING = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@dataclass
class Built:
    """The rows of a small demo, after they were rolled back, and what the command printed."""

    lines: list[str]
    again: str
    people: str
    rows: dict[type, list[dict]] = field(default_factory=dict)
    timeline: list[str] = field(default_factory=list)

    def of(self, model):
        return self.rows[model]

    def by_case(self, model):
        grouped = defaultdict(list)
        for row in self.of(model):
            grouped[row["case_id"]].append(row)
        return grouped


MODELS = (Case, DiaryEntry, Task, Document, Thread, Message, Notification, OutgoingMail, Landlord, User)


def build_at(moment: datetime, blocker) -> Built:
    words.forget()
    lines: list[str] = []
    with blocker.unblock(), transaction.atomic(), clock.moved_to(moment), override_settings(PORTAL_DEMO=True):
        build(lines.append, small=True)
        counts = [model.objects.count() for model in MODELS]
        built = Built(lines, printed("build_demo"), printed("demo_people"))
        assert [model.objects.count() for model in MODELS] == counts
        built.rows = {model: list(model.objects.order_by("pk").values()) for model in MODELS}
        built.rows[Document] = list(
            Document.objects.order_by("pk").values("case_id", "name", "category", "stored__kind")
        )
        built.timeline = [line(entry) for entry in DiaryEntry.objects.all()]
        transaction.set_rollback(True)
    return built


def printed(command: str) -> str:
    out = io.StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def built(empty_database, django_db_blocker) -> Built:
    return build_at(MORNING, django_db_blocker)


def test_every_status_can_be_seen(built):
    assert {row["status"] for row in built.of(Case)} == set(Status.values)


@pytest.mark.row("D11")
def test_the_timeline_of_every_case_explains_its_status(built):
    diary = built.by_case(DiaryEntry)
    for case in built.of(Case):
        kinds = [row["kind"] for row in diary[case["id"]]]
        assert kinds[0] == Happened.CASE_CREATED
        assert kinds.count(Happened.CASE_RELEASED) == (case["released_at"] is not None)
        moves = [row["details"]["status"] for row in diary[case["id"]] if row["kind"] == Happened.STATUS_CHANGED]
        assert (moves or [Status.INITIAL_ASSESSMENT])[-1] == case["status"]


def test_the_team_and_owner_of_every_case_follow_from_its_diary(built):
    diary = built.by_case(DiaryEntry)
    for case in built.of(Case):
        owners = [row["details"]["owner"] for row in diary[case["id"]] if row["kind"] == Happened.OWNER_CHANGED]
        assert not owners or owners[-1] == case["owner_id"]


FOLLOWS = {
    Happened.TASK_SET: TaskState.OUTSTANDING,
    Happened.TASK_UNABLE: TaskState.UNABLE,
    Happened.TASK_ANSWERED: TaskState.OUTSTANDING,
    Happened.TASK_DEADLINE_CHANGED: TaskState.OUTSTANDING,
    Happened.TASK_CHANGED: TaskState.OUTSTANDING,
    Happened.TASK_RETURNED: TaskState.OUTSTANDING,
    Happened.TASK_ACCEPTED: TaskState.COMPLETED,
    Happened.TASK_CANCELLED: TaskState.CANCELLED,
    Happened.ORDER_RETURNED: TaskState.OUTSTANDING,
    Happened.ORDER_DATE_CHANGED: TaskState.OUTSTANDING,
}


def state_after(entry: dict) -> TaskState | None:
    if entry["kind"] == Happened.TASK_COMPLETED:
        return TaskState.COMPLETED if entry["details"]["closed"] else TaskState.CHECKING
    return FOLLOWS.get(Happened(entry["kind"]))


def test_the_state_of_every_task_follows_from_its_diary(built):
    last: dict[int, TaskState] = {}
    for entry in built.of(DiaryEntry):
        if state := state_after(entry):
            last[entry["details"]["task"]] = state
    assert last == {task["id"]: task["state"] for task in built.of(Task)}


def test_tasks_of_every_kind_and_state_are_there(built):
    assert {task["kind"] for task in built.of(Task)} == set(TaskKind.values)
    assert {task["state"] for task in built.of(Task)} == set(TaskState.values)


def test_every_colour_of_a_deadline_is_there(built):
    today = horizon(TODAY, WorkingCalendar())
    outstanding = [task for task in built.of(Task) if task["state"] == TaskState.OUTSTANDING]
    shown = {today.nearness(task["due_on"], opened=task["opened_at"] is not None) for task in outstanding}
    assert shown == set(Nearness)


def test_the_details_of_the_diary_can_all_be_put_into_words(built):
    assert len(built.timeline) == len(built.of(DiaryEntry))
    assert "Status changed to “Determined – awaiting LL action”" in built.timeline


def test_no_deadline_was_set_in_the_past_of_its_own_day(built):
    for entry in built.of(DiaryEntry):
        due_on = entry["details"].get("due_on") or entry["details"].get("task_due_on")
        if due_on and entry["kind"] in {
            Happened.TASK_SET,
            Happened.TASK_DEADLINE_CHANGED,
            Happened.TASK_RETURNED,
            Happened.ORDER_DATE_CHANGED,
        }:
            assert date.fromisoformat(due_on) >= entry["at"].astimezone(clock.LONDON).date()


@pytest.mark.row("D14")
def test_everything_happens_on_working_days_in_office_hours_before_today(built):
    calendar = WorkingCalendar()
    for entry in built.of(DiaryEntry):
        at = entry["at"].astimezone(clock.LONDON)
        if entry["actor_id"] is None:  # the portal itself reminds early in the morning
            continue
        assert calendar.is_working_day(at.date())
        assert time(9) <= at.time() <= time(19)
        assert date(2026, 2, 1) < at.date() < TODAY


def test_ids_grow_with_time_as_in_a_portal_that_was_used(built):
    for model, moment in ((Case, "created_at"), (DiaryEntry, "at"), (Message, "sent_at"), (Notification, "at")):
        moments = [row[moment] for row in built.of(model)]
        assert moments == sorted(moments), model


def test_facts_kept_on_a_case_agree_with_its_tasks(built):
    tasks = built.by_case(Task)
    for case in built.of(Case):
        due = [
            task["due_on"] for task in tasks[case["id"]] if task["state"] in {TaskState.OUTSTANDING, TaskState.UNABLE}
        ]
        assert (case["tasks_outstanding"], case["next_due_on"]) == (len(due), min(due, default=None))
        assert case["status"] != Status.CLOSED or not due


def test_the_cases_worth_showing_are_there(built):
    most_tasks = Counter(task["case_id"] for task in built.of(Task)).most_common(1)[0][1]
    most_documents = Counter(document["case_id"] for document in built.of(Document)).most_common(1)[0][1]
    assert most_tasks >= 12
    assert most_documents >= 60
    assert any(len(case["resident_name"]) > 90 for case in built.of(Case))
    assert any(case["released_at"] is None for case in built.of(Case))
    assert any(case["owner_id"] is None for case in built.of(Case))
    assert any("👍" in message["body"] for message in built.of(Message))
    assert any("Diolch" in message["body"] for message in built.of(Message))


def test_both_sides_write_and_both_have_something_to_read(built):
    sides = defaultdict(set)
    for message in built.of(Message):
        sides[message["thread_id"]].add(message["by_landlord"])
    assert {True, False} in sides.values()
    assert any(thread["unread_by_landlord"] for thread in built.of(Thread))
    assert any(thread["unread_by_service"] for thread in built.of(Thread))


def test_documents_are_of_all_the_formats_of_daily_work(built):
    kinds = {document["stored__kind"] for document in built.of(Document)}
    assert {"pdf", "docx", "xlsx", "jpg", "eml"} <= kinds


def test_everybody_was_told_and_what_is_old_was_read(built):
    assert {entry["claim_state"] for entry in built.of(DiaryEntry)} == {"done"}
    rung = built.of(Notification)
    assert all(entry["read_at"] for entry in rung if entry["at"] < MORNING - timedelta(days=21))
    assert any(entry["read_at"] is None for entry in rung)


def test_a_person_hears_of_a_thing_just_after_it_happened(built):
    at = {entry["id"]: entry["at"] for entry in built.of(DiaryEntry)}
    assert {bell["at"] - at[bell["entry_id"]] for bell in built.of(Notification)} == {timedelta(seconds=2)}


def test_only_mails_of_the_last_working_day_wait_to_be_delivered(built):
    waiting = [mail for mail in built.of(OutgoingMail) if mail["claim_state"] == "waiting"]
    sent = [mail for mail in built.of(OutgoingMail) if mail["claim_state"] == "done"]
    assert 0 < len(waiting) < 60 < len(sent)
    assert len(waiting) + len(sent) == len(built.of(OutgoingMail))
    friday = datetime(2026, 11, 20, tzinfo=clock.LONDON)
    assert min(mail["created_at"] for mail in waiting) >= friday > max(mail["created_at"] for mail in sent)
    assert all(mail["sent_at"] > mail["created_at"] and mail["claim_attempts"] == 1 for mail in sent)
    assert all(mail["to_address"].endswith(".example") for mail in built.of(OutgoingMail))


def test_every_landlord_has_signed_in_before(built):
    assert {row["state"] for row in built.of(Landlord)} == {LandlordState.ACTIVE}


def test_landlords_signed_in_some_hours_after_the_invitation_on_a_working_day(built):
    calendar = WorkingCalendar()
    for row in built.of(Landlord):
        invited, came = (row[name].astimezone(clock.LONDON) for name in ("invited_at", "activated_at"))
        assert calendar.is_working_day(came.date())
        assert timedelta(hours=1) < came - invited < timedelta(days=2)
        assert row["kind"] in InviteForm.KINDS


def test_nobody_who_acted_has_never_signed_in(built):
    last = {row["id"]: row["last_login"] for row in built.of(User)}
    acted = [entry for entry in built.of(DiaryEntry) if entry["actor_id"]]  # the portal itself reminds of deadlines
    assert acted
    for entry in acted:
        assert last[entry["actor_id"]].date() >= entry["at"].date()
    assert all(last.values())


def test_only_a_determination_with_orders_asks_for_compliance(built):
    """Whatever is asked on a case fits the status that the case had when it was asked."""
    for entries in built.by_case(DiaryEntry).values():
        status = Status.INITIAL_ASSESSMENT
        for entry in entries:
            status = Status(entry["details"]["status"]) if entry["kind"] == Happened.STATUS_CHANGED else status
            if entry["kind"] == Happened.TASK_SET:
                kind = entry["details"]["task_kind"]
                assert (kind == TaskKind.CONFIRM_COMPLIANCE) == (status == Status.DETERMINED_AWAITING_ACTION)
                early = kind in {TaskKind.RECORD_COMPLAINT, TaskKind.ESCALATE_COMPLAINT}
                assert not early or status in {Status.INITIAL_ASSESSMENT, Status.LANDLORD_PROCEDURE}


def comparable(built: Built) -> list[object]:
    """What must be alike in two builds: everything but ids, hashes and the names of stored files."""
    cases = [
        (row["reference"], row["resident_name"], row["resident_address"], row["status"], row["created_at"], row["due"])
        for row in ({**row, "due": row["next_due_on"]} for row in built.of(Case))
    ]
    diary = [(row["kind"], row["at"], row["actor_name"]) for row in built.of(DiaryEntry)]
    documents = [(row["name"], row["category"]) for row in built.of(Document)]
    return [cases, diary, documents, [len(built.of(model)) for model in MODELS], built.people]


def test_two_builds_of_one_day_are_alike_whatever_the_hour(built, django_db_blocker):
    later = build_at(EVENING, django_db_blocker)
    assert comparable(later) == comparable(built)


def test_progress_is_shown_and_grows_to_the_end(built):
    shown = [int(words[: words.index("%")]) for words in built.lines if "%" in words]
    assert shown == sorted(shown)
    assert (shown[0], shown[-1]) == (0, 100)
    assert len(shown) > 10
    assert "Hazel Court Housing: 30 cases" in "".join(built.lines)


def test_a_second_build_changes_nothing_and_says_so(built):
    assert built.again == "The demo is there already. Nothing was changed.\n"


def test_the_table_of_people_names_everybody_of_this_demo_and_the_password(built):
    assert all(user["email"] in built.people and user["name"] in built.people for user in built.of(User))
    assert "meridian.example" not in built.people
    assert "tea-and-two-biscuits" in built.people


def refusal(command: str) -> str:
    with pytest.raises(Exception) as caught:
        call_command(command)
    return str(caught.value)


@pytest.mark.django_db
def test_build_demo_refuses_a_portal_that_is_not_a_demo():
    with override_settings(PORTAL_DEMO=False):
        assert "PORTAL_DEMO=1" in refusal("build_demo")
    assert not User.objects.exists()


def test_build_demo_refuses_a_portal_with_people_of_its_own(cast):
    assert isinstance(cast.amina, Actor)
    assert cast.amina.role == Role.ADMINISTRATOR
    people = User.objects.count()
    with override_settings(PORTAL_DEMO=True):
        assert "empty database" in refusal("build_demo")
    assert User.objects.count() == people
