"""Tasks from setting to ending: the five kinds, deadlines and their history, checking, and what cannot be done."""

from datetime import date, timedelta

import pytest

from portal.audit.models import AuditRow
from portal.cases import actions as cases
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.documents.models import Document, Visibility
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.notifications import fan_out, inbox
from portal.notifications.rules import line
from portal.tasks import actions, parts
from portal.tasks.actions import NewLetter
from portal.tasks.models import DeadlineChange, Task, TaskKind, TaskState
from tests.cast import Cast, in_days
from tests.pages.casework_scene import PDF, letter, new_task, overdue_task


def completed(cast: Cast, **changes) -> Task:
    task = actions.set_task(
        cast.case, **{"kind": TaskKind.RESPOND_TO_REQUEST, "title": "", "due_on": in_days(9), "by": cast.dev, **changes}
    )
    return actions.complete_task(task, completed_on=clock.today(), by=cast.amina)


def unable(cast: Cast) -> Task:
    return actions.report_unable(new_task(cast.case, cast.dev), reason="Our surveyor is away.", by=cast.amina)


def last_entry(case: Case):
    return case.diary.latest("id")


@pytest.mark.row("S59")
@pytest.mark.row("S61")
@pytest.mark.row("S62")
@pytest.mark.row("S64")
@pytest.mark.row("S65")
@pytest.mark.parametrize("kind", [kind for kind in TaskKind if kind is not TaskKind.FOR_INFORMATION])
def test_a_task_without_a_title_is_called_after_its_kind(cast: Cast, kind: TaskKind) -> None:
    task = actions.set_task(cast.case, kind=kind, title=" ", due_on=in_days(9), by=cast.dev)
    assert task.title == kind.label
    assert (
        actions.set_task(cast.case, kind=kind, title=" Own words ", due_on=in_days(9), by=cast.dev).title == "Own words"
    )


@pytest.mark.row("S60")
@pytest.mark.parametrize("days", [-1, -400, 366 * 4])
def test_a_deadline_lies_in_the_next_three_years(cast: Cast, days: int) -> None:
    with pytest.raises(RuleBroken) as refusal:
        new_task(cast.case, cast.dev, due_on=in_days(days))
    assert refusal.value.field == "due_on"
    assert not Task.objects.exists()


@pytest.mark.row("S60")
def test_a_deadline_may_be_today(cast: Cast) -> None:
    assert new_task(cast.case, cast.dev, due_on=clock.today()).due_on == clock.today()


@pytest.mark.parametrize(("words", "field"), [({"title": "x" * 201}, "title"), ({"details": "x" * 5001}, "details")])
def test_words_that_are_too_long_are_refused_before_the_database(cast: Cast, words: dict, field: str) -> None:
    with pytest.raises(RuleBroken, match="characters or fewer") as refusal:
        actions.set_task(
            cast.case, **{"kind": TaskKind.RECORD_COMPLAINT, "title": "", "due_on": in_days(9), "by": cast.dev, **words}
        )
    assert refusal.value.field == field


@pytest.mark.row("S63")
def test_for_information_needs_a_letter_and_ends_when_it_is_completed(cast: Cast) -> None:
    given = {"kind": TaskKind.FOR_INFORMATION, "title": "", "due_on": in_days(9), "by": cast.dev}
    with pytest.raises(RuleBroken) as refusal:
        actions.set_task(cast.case, **given)
    assert refusal.value.field == "letter"
    task = actions.set_task(cast.case, letter=letter(cast.case, cast.dev), **given)
    task = actions.complete_task(task, completed_on=clock.today(), by=cast.amina)
    assert (task.state, task.ended_at is not None) == (TaskState.COMPLETED, True)


@pytest.mark.row("S63")
def test_a_letter_that_comes_with_the_task_is_told_of_once(cast: Cast) -> None:
    task = actions.set_task(
        cast.case,
        kind=TaskKind.FOR_INFORMATION,
        title="",
        due_on=in_days(9),
        letter=NewLetter("a.pdf", PDF),
        by=cast.dev,
    )
    assert task.letter is not None
    assert (task.letter.case_id, task.letter.name, task.letter.visibility) == (cast.case.pk, "a.pdf", Visibility.BOTH)
    assert not cast.case.diary.filter(kind=Happened.DOCUMENT_SHARED).exists()
    assert AuditRow.objects.filter(verb="document added", record_id=str(task.letter.pk)).exists()


@pytest.mark.row("S63")
def test_a_letter_that_is_refused_leaves_neither_task_nor_document(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as refusal:
        actions.set_task(
            cast.case,
            kind=TaskKind.FOR_INFORMATION,
            title="",
            due_on=in_days(9),
            letter=NewLetter("a.pdf", b"PK\3\4"),
            by=cast.dev,
        )
    assert refusal.value.field == "letter_file"
    assert not Task.objects.exists()
    assert not Document.objects.exists()


@pytest.mark.row("H44")
def test_the_letter_of_another_case_or_one_for_staff_only_is_refused(cast: Cast) -> None:
    foreign = letter(cast.birch_case, cast.dev)
    hidden = letter(cast.case, cast.dev, visibility=Visibility.STAFF)
    for wrong in (foreign, hidden):
        with pytest.raises(RuleBroken, match="this case that the landlord may see"):
            actions.set_task(
                cast.case, kind=TaskKind.FOR_INFORMATION, title="", due_on=in_days(9), letter=wrong, by=cast.dev
            )


@pytest.mark.row("D7")
@pytest.mark.row("S68")
def test_completed_ends_the_landlords_part_and_keeps_both_dates(cast: Cast) -> None:
    task = new_task(cast.case, cast.dev)
    said = clock.today() - timedelta(days=2)
    task = actions.complete_task(task, completed_on=said, by=cast.amina)
    assert (task.state, task.completed_on) == (TaskState.CHECKING, said)
    assert task.completed_at is not None
    assert task.completed_at.date() != said
    assert not Task.objects.visible_to(cast.amina).outstanding().exists()


@pytest.mark.row("S68")
def test_the_date_completed_is_not_in_the_future(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="future"):
        actions.complete_task(new_task(cast.case, cast.dev), completed_on=in_days(1), by=cast.amina)


@pytest.mark.row("C12")
@pytest.mark.row("D7")
def test_accepted_is_the_end(cast: Cast) -> None:
    task = actions.accept_task(completed(cast), by=cast.dev)
    assert (task.state, task.ended_at is not None) == (TaskState.COMPLETED, True)
    with pytest.raises(RuleBroken, match="completed can be accepted"):
        actions.accept_task(task, by=cast.dev)


@pytest.mark.row("C12")
@pytest.mark.row("D16")
def test_returned_comes_back_with_a_reason_a_new_deadline_and_the_old_one_kept(cast: Cast) -> None:
    task = completed(cast)
    old = task.due_on
    task = actions.return_task(task, reason="Page 3 is missing.", due_on=in_days(20), by=cast.dev)
    assert (task.state, task.due_on, task.return_reason) == (TaskState.OUTSTANDING, in_days(20), "Page 3 is missing.")
    assert (task.completed_on, task.completed_at) == (None, None)
    change = DeadlineChange.objects.get(task=task)
    assert (change.old_due_on, change.new_due_on, change.reason) == (old, in_days(20), "Page 3 is missing.")
    cast.case.refresh_from_db()
    assert (cast.case.tasks_outstanding, cast.case.next_due_on) == (1, in_days(20))


@pytest.mark.row("C12")
@pytest.mark.parametrize(("changes", "field"), [({"reason": " "}, "reason"), ({"due_on": in_days(-1)}, "due_on")])
def test_a_return_needs_a_reason_and_a_day_to_come(cast: Cast, changes: dict, field: str) -> None:
    task = completed(cast)
    with pytest.raises(RuleBroken) as refusal:
        actions.return_task(task, **{"reason": "Missing.", "due_on": in_days(5), "by": cast.dev, **changes})
    assert refusal.value.field == field
    task.refresh_from_db()
    assert task.state == TaskState.CHECKING


@pytest.mark.row("S69")
@pytest.mark.row("S70")
def test_unable_to_complete_does_not_end_the_task(cast: Cast) -> None:
    task = unable(cast)
    assert (task.state, task.unable_reason) == (TaskState.UNABLE, "Our surveyor is away.")
    assert Task.objects.outstanding().filter(pk=task.pk).exists()
    with pytest.raises(RuleBroken):
        actions.report_unable(task, reason="  ", by=cast.amina)


def test_completing_answers_an_open_unable_to_complete_and_an_earlier_return(cast: Cast) -> None:
    task = actions.complete_task(unable(cast), completed_on=clock.today(), by=cast.amina)
    assert (task.state, task.unable_reason) == (TaskState.CHECKING, "")
    task = actions.return_task(task, reason="A page is missing.", due_on=in_days(20), by=cast.dev)
    assert task.return_reason == "A page is missing."
    task = actions.complete_task(task, completed_on=clock.today(), by=cast.amina)
    assert task.return_reason == ""


@pytest.mark.row("S70")
def test_unable_to_complete_is_answered_by_extending_changing_cancelling_or_a_reply(cast: Cast) -> None:
    answers = {
        Happened.TASK_DEADLINE_CHANGED: lambda t: actions.extend_task(
            t, due_on=in_days(60), reason="Granted.", by=cast.dev
        ),
        Happened.TASK_CHANGED: lambda t: actions.change_task(t, title="Only the photographs", details="", by=cast.dev),
        Happened.TASK_CANCELLED: lambda t: actions.cancel_task(t, reason="Not needed.", by=cast.dev),
        Happened.TASK_ANSWERED: lambda t: actions.answer_unable(t, answer="Please try.", by=cast.dev),
    }
    for kind, answer in answers.items():
        task = answer(unable(cast))
        entry = last_entry(cast.case)
        assert (entry.kind, entry.landlord_may_read) == (kind, True)
        wanted = TaskState.CANCELLED if kind is Happened.TASK_CANCELLED else TaskState.OUTSTANDING
        assert task.state == wanted
        assert entry.details["task"] == task.pk


@pytest.mark.row("S70")
@pytest.mark.row("C11")
def test_the_landlord_is_told_of_every_answer(cast: Cast) -> None:
    actions.extend_task(unable(cast), due_on=in_days(60), reason="Granted.", by=cast.dev)
    while fan_out.fan_out_one(clock.now()):
        pass
    assert inbox.unread(cast.amina).filter(entry__kind=Happened.TASK_DEADLINE_CHANGED).count() == 1
    assert inbox.unread(cast.ben).filter(entry__kind=Happened.TASK_DEADLINE_CHANGED).count() == 1
    assert not inbox.bell_of(cast.carys).filter(entry__case=cast.case).exists()


@pytest.mark.row("C11")
@pytest.mark.row("D16")
def test_every_date_that_ever_stood_there_is_kept_in_order_with_who_and_why(cast: Cast) -> None:
    task = new_task(cast.case, cast.dev, due_on=in_days(10))
    task = actions.extend_task(task, due_on=in_days(20), reason="First.", by=cast.dev)
    task = actions.extend_task(task, due_on=in_days(15), reason="Second.", by=cast.farid)
    kept = [(c.old_due_on, c.new_due_on, c.reason, c.by_name) for c in task.deadline_changes.order_by("id")]
    assert kept == [
        (in_days(10), in_days(20), "First.", "Dev Patel"),
        (in_days(20), in_days(15), "Second.", "Farid Haddad"),
    ]


def test_the_same_deadline_again_is_refused(cast: Cast) -> None:
    task = new_task(cast.case, cast.dev, due_on=in_days(10))
    with pytest.raises(RuleBroken, match="already"):
        actions.extend_task(task, due_on=in_days(10), reason="Why not.", by=cast.dev)


def test_a_change_that_changes_nothing_is_refused_and_tells_nobody(cast: Cast) -> None:
    task = unable(cast)
    with pytest.raises(RuleBroken, match="not changed"):
        actions.change_task(task, title=task.title, details=" ", by=cast.dev)
    task.refresh_from_db()
    assert task.state == TaskState.UNABLE


@pytest.mark.row("C11")
def test_a_task_that_ended_cannot_be_changed_in_any_way(cast: Cast) -> None:
    cancelled = actions.cancel_task(new_task(cast.case, cast.dev), reason="Not needed.", by=cast.dev)
    accepted = actions.accept_task(completed(cast), by=cast.dev)
    for task in (cancelled, accepted):
        for attempt in (
            lambda t: actions.complete_task(t, completed_on=clock.today(), by=cast.amina),
            lambda t: actions.report_unable(t, reason="x", by=cast.amina),
            lambda t: actions.extend_task(t, due_on=in_days(99), reason="x", by=cast.dev),
            lambda t: actions.change_task(t, title="y", details="", by=cast.dev),
            lambda t: actions.cancel_task(t, reason="x", by=cast.dev),
            lambda t: actions.return_task(t, reason="x", due_on=in_days(9), by=cast.dev),
            lambda t: actions.answer_unable(t, answer="x", by=cast.dev),
            lambda t: actions.accept_task(t, by=cast.dev),
        ):
            with pytest.raises(RuleBroken):
                attempt(task)
        state = task.state
        task.refresh_from_db()
        assert task.state == state


@pytest.mark.row("C11")
def test_a_completed_task_that_waits_for_its_check_can_still_be_cancelled(cast: Cast) -> None:
    assert actions.cancel_task(completed(cast), reason="Overtaken.", by=cast.dev).state == TaskState.CANCELLED


@pytest.mark.row("S65")
@pytest.mark.row("C12")
def test_a_task_of_several_parts_is_completed_and_accepted_part_by_part(cast: Cast) -> None:
    kind = TaskKind.CONFIRM_COMPLIANCE
    task = actions.set_task(cast.case, kind=kind, title="", due_on=in_days(9), by=cast.dev)
    task = parts.follow(task, unanswered=2, unaccepted=2, due_on=task.due_on, by=cast.dev)
    with pytest.raises(RuleBroken, match="still to answer 2 parts"):
        actions.complete_task(task, completed_on=clock.today(), by=cast.amina)
    parts.follow(task, unanswered=0, unaccepted=2, due_on=task.due_on, by=cast.amina)
    task = actions.complete_task(task, completed_on=clock.today(), by=cast.amina)
    for attempt in (
        lambda: actions.accept_task(task, by=cast.dev),
        lambda: actions.return_task(task, reason="Not all.", due_on=in_days(9), by=cast.dev),
    ):
        with pytest.raises(RuleBroken, match="each order"):
            attempt()
    back = parts.follow(task, unanswered=1, unaccepted=2, due_on=in_days(40), reason="A receipt.", by=cast.dev)
    assert (back.state, back.due_on, back.return_reason) == (TaskState.OUTSTANDING, in_days(40), "A receipt.")
    assert back.deadline_changes.get().old_due_on == task.due_on
    with pytest.raises(RuleBroken, match="each order"):
        actions.extend_task(back, due_on=in_days(50), reason="More time.", by=cast.dev)
    ended = parts.follow(back, unanswered=0, unaccepted=0, due_on=in_days(40), by=cast.dev)
    assert ended.state == TaskState.COMPLETED
    cast.case.refresh_from_db()
    assert (cast.case.tasks_outstanding, cast.case.next_due_on) == (0, None)


@pytest.mark.row("S103")
def test_no_task_is_set_on_a_closed_case(cast: Cast) -> None:
    case = cases.move_case(cast.case, to=Status.CLOSED, reason="Withdrawn.", by=cast.dev)
    with pytest.raises(RuleBroken, match="closed"):
        new_task(case, cast.dev)


@pytest.mark.row("D11")
def test_a_task_of_a_hidden_case_is_not_seen_until_the_release(cast: Cast) -> None:
    task = new_task(cast.hidden, cast.dev)
    assert not Task.objects.visible_to(cast.amina).filter(pk=task.pk).exists()
    with pytest.raises(Task.DoesNotExist):
        actions.open_task(task.pk, by=cast.amina)
    cases.release_case(cast.hidden, by=cast.dev)
    assert actions.open_task(task.pk, by=cast.amina).pk == task.pk


@pytest.mark.row("D3")
def test_only_the_landlords_first_opening_makes_a_task_pending(cast: Cast) -> None:
    task = new_task(cast.case, cast.dev)
    actions.open_task(task.pk, by=cast.dev)
    task.refresh_from_db()
    assert task.opened_at is None
    actions.open_task(task.pk, by=cast.ben)
    task.refresh_from_db()
    assert task.opened_at is not None


@pytest.mark.row("H44")
def test_nobody_works_on_a_task_of_another_landlord(cast: Cast) -> None:
    task = new_task(cast.case, cast.dev)
    for attempt in (
        lambda: actions.complete_task(task, completed_on=clock.today(), by=cast.carys),
        lambda: actions.report_unable(task, reason="x", by=cast.carys),
        lambda: actions.assign_task(task, colleague_id=cast.carys.user_id, by=cast.carys),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    with pytest.raises(RuleBroken, match="colleagues"):
        actions.assign_task(task, colleague_id=cast.carys.user_id, by=cast.amina)


@pytest.mark.row("D5")
def test_only_a_task_with_something_to_do_is_assigned(cast: Cast) -> None:
    task = new_task(cast.case, cast.dev)
    assert actions.assign_task(task, colleague_id=cast.ben.user_id, by=cast.amina).colleague_id == cast.ben.user_id
    actions.complete_task(task, completed_on=clock.today(), by=cast.ben)
    with pytest.raises(RuleBroken, match="not outstanding any more"):
        actions.assign_task(task, colleague_id=None, by=cast.amina)
    task.refresh_from_db()
    assert task.colleague_id == cast.ben.user_id


@pytest.mark.parametrize("who", ["hana", "gwen", "amina"])
def test_only_caseworkers_set_and_check_tasks(cast: Cast, who: str) -> None:
    actor, task = cast.actors[who], completed(cast)
    for attempt in (
        lambda: new_task(cast.case, actor),
        lambda: actions.accept_task(task, by=actor),
        lambda: actions.return_task(task, reason="x", due_on=in_days(9), by=actor),
        lambda: actions.cancel_task(task, reason="x", by=actor),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_the_case_knows_its_earliest_deadline_and_how_many_tasks_are_left(cast: Cast) -> None:
    late, early = new_task(cast.case, cast.dev, due_on=in_days(20)), new_task(cast.case, cast.dev, due_on=in_days(5))
    overdue_task(cast.hidden, cast.dev)
    cast.case.refresh_from_db()
    assert (cast.case.tasks_outstanding, cast.case.next_due_on) == (2, in_days(5))
    actions.cancel_task(early, reason="x", by=cast.dev)
    actions.complete_task(late, completed_on=date(2026, 1, 1), by=cast.amina)
    cast.case.refresh_from_db()
    assert (cast.case.tasks_outstanding, cast.case.next_due_on) == (0, None)


@pytest.mark.row("S70")
def test_the_timeline_says_what_of_a_task_has_changed(cast: Cast) -> None:
    task = new_task(cast.case, cast.dev, "Send the log")
    actions.change_task(task, title="Send the repair log", details="", by=cast.dev)
    actions.change_task(task, title="Send the repair log", details="From January on.", by=cast.dev)
    said = [line(entry) for entry in cast.case.diary.filter(kind=Happened.TASK_CHANGED).order_by("id")]
    assert said == [
        "Task changed: “Send the repair log”, before “Send the log”",
        "Task changed: “Send the repair log”. What we ask for is described anew",
    ]
