"""Compliance order by order: confirmed with evidence, accepted or returned, more time, feedback on recommendations."""

from datetime import timedelta

import pytest

from portal.cases import actions as cases
from portal.cases.diary import Happened
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.determinations import orders
from portal.determinations.kinds import OrderState
from portal.determinations.models import Confirmation, Determination, Order
from portal.documents import actions as documents
from portal.documents.models import Visibility
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.notifications.reminders import remind
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskState
from tests import determination_scene as scene
from tests.cast import Cast, in_days


@pytest.fixture
def determination(cast: Cast) -> Determination:
    return scene.determined(cast)


def order_of(determination: Determination, number: int = 1) -> Order:
    return determination.orders.select_related("case").get(number=number)


def confirm(order: Order, by, **changes) -> Order:
    given = {"done": "We did it.", "done_on": clock.today(), "document_ids": [], **changes}
    return orders.confirm_order(order, by=by, **given)


@pytest.mark.row("S65")
@pytest.mark.row("C19")
def test_an_order_is_confirmed_with_what_when_and_evidence(cast: Cast, determination: Determination) -> None:
    order = scene.confirmed(order_of(determination), cast.amina)
    said = order.confirmations.get()
    assert (order.state, said.done, said.done_on, said.by_name) == (
        OrderState.CONFIRMED,
        "We did it.",
        clock.today(),
        "Amina Yusuf",
    )
    assert said.evidence.get().name == "Proof of order 1.txt"
    assert said.evidence.get().is_relied_on  # so that the landlord cannot withdraw it
    task, case = Task.objects.get(), Case.objects.get(pk=cast.case.pk)
    assert (task.parts_open, task.parts_unaccepted, case.orders_outstanding) == (1, 2, 2)
    assert cast.case.diary.get(kind=Happened.ORDER_CONFIRMED).details["number"] == 1
    with pytest.raises(RuleBroken, match="not waiting"):
        confirm(order, cast.ben)


@pytest.mark.row("S65")
def test_a_confirmation_says_what_was_done_not_in_the_future_and_shows_it(
    cast: Cast, determination: Determination
) -> None:
    order, shown = order_of(determination), scene.proof(cast.case, cast.amina)
    for wrong, field in (
        ({"done": " "}, "done"),
        ({"done_on": in_days(1)}, "done_on"),
        ({"document_ids": []}, "evidence"),
        ({"left": "x" * 2001}, "left"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            confirm(order, cast.amina, **{"document_ids": [shown.pk], **wrong})
        assert refusal.value.field == field
    assert not Confirmation.objects.exists()


@pytest.mark.row("H44")
def test_evidence_of_another_case_landlord_or_of_the_service_is_refused(
    cast: Cast, determination: Determination
) -> None:
    cases.release_case(cast.hidden, by=cast.dev)
    letter = documents.share_document(
        cast.case, name="a.txt", content=b"x\n", category="other", visibility=Visibility.BOTH, by=cast.dev
    )
    own = scene.proof(cast.case, cast.ben)
    for foreign in (
        scene.proof(cast.birch_case, cast.carys),
        scene.proof(cast.hidden, cast.amina),
        letter,
        determination.resident_letter,
    ):
        with pytest.raises(RuleBroken, match="that you have uploaded") as refusal:
            confirm(order_of(determination), cast.amina, document_ids=[own.pk, foreign.pk])
        assert refusal.value.field == "evidence"


@pytest.mark.row("H43")
def test_another_landlord_and_the_service_confirm_nothing(cast: Cast, determination: Determination) -> None:
    shown, recommendation = scene.proof(cast.case, cast.amina), determination.recommendations.get()
    for actor in (cast.carys, cast.dev, cast.hana):
        with pytest.raises(NotAllowed):
            confirm(order_of(determination), actor, document_ids=[shown.pk])
        with pytest.raises(NotAllowed):
            orders.answer_recommendation(recommendation, feedback="accepted", by=actor)
    for attempt in (orders.accept_order, lambda order, by: orders.return_order(order, reason="x", by=by)):
        with pytest.raises(NotAllowed):
            attempt(order_of(determination), by=cast.amina)


@pytest.mark.row("S65")
@pytest.mark.row("S68")
def test_the_task_is_not_completed_while_an_order_has_no_confirmation(cast: Cast, determination: Determination) -> None:
    scene.confirmed(order_of(determination), cast.amina)
    with pytest.raises(RuleBroken, match="still to answer 1 part"):
        tasks.complete_task(Task.objects.get(), completed_on=clock.today(), by=cast.amina)
    scene.confirmed(order_of(determination, 2), cast.ben)
    assert (
        tasks.complete_task(Task.objects.get(), completed_on=clock.today(), by=cast.amina).state == TaskState.CHECKING
    )


@pytest.mark.row("C19")
def test_compliance_in_part_says_what_is_left_and_is_returned_or_accepted(
    cast: Cast, determination: Determination
) -> None:
    order = scene.confirmed(order_of(determination), cast.amina, left="The kitchen, by June.")
    assert order.confirmations.get().is_in_part
    assert cast.case.diary.get(kind=Happened.ORDER_CONFIRMED).details["in_part"]
    returned = orders.return_order(order, reason="Finish the kitchen.", due_on=in_days(60), by=cast.dev)
    assert (returned.state, returned.due_on) == (OrderState.OWED, in_days(60))
    order = scene.confirmed(returned, cast.amina, left="The door, by July.")
    assert order.left == "The door, by July."
    with pytest.raises(RuleBroken, match="Something is still to do") as refusal:
        orders.accept_order(order, by=cast.dev)
    assert refusal.value.field == "reason"
    accepted = orders.accept_order(order, reason="The resident has moved out.", by=cast.dev)
    assert accepted.state == OrderState.ACCEPTED
    assert accepted.confirmations.latest("id").accept_reason == "The resident has moved out."


@pytest.mark.row("C19")
@pytest.mark.row("D7")
@pytest.mark.row("D16")
def test_a_returned_order_brings_the_task_back_and_keeps_the_old_date(cast: Cast, determination: Determination) -> None:
    for number in (1, 2):
        scene.confirmed(order_of(determination, number), cast.amina)
    tasks.complete_task(Task.objects.get(), completed_on=clock.today(), by=cast.amina)
    order = order_of(determination)
    with pytest.raises(RuleBroken) as refusal:
        orders.return_order(order, reason=" ", by=cast.dev)
    assert refusal.value.field == "reason"
    order = orders.return_order(order, reason="The receipt is missing.", due_on=in_days(30), by=cast.dev)
    former, said = order.former_dates.get(), order.confirmations.get()
    assert (former.old_due_on, former.new_due_on, former.by_name) == (in_days(11), in_days(30), "Dev Patel")
    assert (said.return_reason, said.answered_by_name) == ("The receipt is missing.", "Dev Patel")
    task = Task.objects.get()
    assert (task.state, task.due_on, task.parts_open) == (TaskState.OUTSTANDING, in_days(30), 1)
    assert task.deadline_changes.latest("id").old_due_on == in_days(12)
    assert task.deadline_changes.latest("id").reason == "The receipt is missing."
    again = scene.confirmed(order, cast.amina)
    assert (again.confirmations.count(), again.return_reason) == (2, "")


@pytest.mark.row("C19")
@pytest.mark.row("S42")
def test_with_every_order_accepted_the_task_ends_and_the_case_can_close(
    cast: Cast, determination: Determination
) -> None:
    first, second = (scene.confirmed(order_of(determination, number), cast.amina) for number in (1, 2))
    tasks.complete_task(Task.objects.get(), completed_on=clock.today(), by=cast.amina)
    orders.accept_order(first, by=cast.dev)
    with pytest.raises(RuleBroken, match="complied"):
        cases.move_case(cast.case, to=Status.CLOSED, reason="Done.", by=cast.dev)
    accepted = orders.accept_order(second, by=cast.dev)
    assert (accepted.state, accepted.accepted_by_name) == (OrderState.ACCEPTED, "Dev Patel")
    assert Task.objects.get().state == TaskState.COMPLETED
    case = Case.objects.get(pk=cast.case.pk)
    assert (case.orders_outstanding, case.tasks_outstanding) == (0, 0)
    assert not cases.move_case(case, to=Status.CLOSED, reason="Complied.", by=cast.dev).is_open


def test_nothing_is_accepted_or_returned_before_the_landlord_confirmed_it(
    cast: Cast, determination: Determination
) -> None:
    order = order_of(determination)
    for attempt in (
        lambda: orders.accept_order(order, by=cast.dev),
        lambda: orders.return_order(order, reason="x", by=cast.dev),
    ):
        with pytest.raises(RuleBroken, match="confirm order 1 first"):
            attempt()


@pytest.mark.row("C19")
@pytest.mark.row("D16")
def test_more_time_for_an_order_moves_the_task_and_answers_unable_to_complete(
    cast: Cast, determination: Determination
) -> None:
    tasks.report_unable(Task.objects.get(), reason="The builder is late.", by=cast.amina)
    order = order_of(determination)
    orders.extend_order(order, due_on=in_days(50), reason="The builder is late.", by=cast.dev)
    task, entry = Task.objects.get(), cast.case.diary.get(kind=Happened.ORDER_DATE_CHANGED)
    assert (task.state, task.due_on) == (TaskState.OUTSTANDING, in_days(12))  # order 2 is due first now
    assert task.deadline_changes.get().reason == "The builder is late."
    assert entry.details["old_due_on"] == in_days(11).isoformat()
    assert order_of(determination).former_dates.get().reason == "The builder is late."
    with pytest.raises(RuleBroken, match="already"):
        orders.extend_order(order, due_on=in_days(50), reason="x", by=cast.dev)
    with pytest.raises(RuleBroken, match="today or later"):
        orders.extend_order(order, due_on=in_days(-1), reason="x", by=cast.dev)
    with pytest.raises(RuleBroken, match="each order"):
        tasks.extend_task(task, due_on=in_days(60), reason="x", by=cast.dev)


@pytest.mark.row("D16")
def test_the_task_is_due_with_the_first_order_owed_and_moves_on_as_each_is_confirmed(cast: Cast) -> None:
    determination = scene.determined(cast, count=3)
    assert Task.objects.get().due_on == in_days(11)
    tasks.report_unable(Task.objects.get(), reason="The builder is late.", by=cast.amina)
    scene.confirmed(order_of(determination, 2), cast.amina)
    assert not Task.objects.get().deadline_changes.exists()
    scene.confirmed(order_of(determination), cast.amina)
    task, case = Task.objects.get(), Case.objects.get(pk=cast.case.pk)
    moved = task.deadline_changes.get()
    assert (moved.old_due_on, moved.new_due_on, moved.by_name) == (in_days(11), in_days(13), "the portal")
    assert moved.reason == "Order 1 is confirmed. Order 3 is due next."
    assert (task.due_on, case.next_due_on) == (in_days(13), in_days(13))
    assert (task.state, task.unable_reason) == (TaskState.UNABLE, "The builder is late.")
    assert not cast.case.diary.filter(kind=Happened.TASK_DEADLINE_CHANGED).exists()


@pytest.mark.row("D16")
def test_once_nothing_is_owed_the_deadline_is_the_last_date_and_goes_back_only_when_an_order_comes_back(
    cast: Cast, determination: Determination
) -> None:
    scene.confirmed(order_of(determination, 2), cast.amina)
    scene.confirmed(order_of(determination), cast.amina)
    assert Task.objects.get().due_on == in_days(12)
    assert Task.objects.get().deadline_changes.get().reason == "Order 1 is confirmed. Every order is confirmed."
    orders.accept_order(order_of(determination, 2), by=cast.dev)
    assert Task.objects.get().due_on == in_days(12)
    orders.return_order(order_of(determination), reason="The receipt is missing.", by=cast.dev)
    assert Task.objects.get().due_on == in_days(11)


@pytest.mark.row("D16")
def test_the_reminder_follows_the_first_order_owed_and_then_the_next(cast: Cast) -> None:
    determination = scene.determined(cast)
    with clock.moved_to(clock.now() + timedelta(days=11)):
        assert remind(Task.objects.get().pk).due_on == determination.orders.get(number=1).due_on
        scene.confirmed(order_of(determination), cast.amina)
    with clock.moved_to(clock.now() + timedelta(days=12)):
        assert remind(Task.objects.get().pk).due_on == determination.orders.get(number=2).due_on


@pytest.mark.row("C19")
def test_a_return_never_gives_less_time(cast: Cast, determination: Determination) -> None:
    order = scene.confirmed(order_of(determination), cast.amina)
    with pytest.raises(RuleBroken, match="same as or after the present one") as refusal:
        orders.return_order(order, reason="x", due_on=in_days(10), by=cast.dev)
    assert refusal.value.field == "due_on"
    assert order_of(determination).state == OrderState.CONFIRMED
    assert orders.return_order(order, reason="x", due_on=in_days(11), by=cast.dev).due_on == in_days(11)


@pytest.mark.row("D16")
def test_too_much_time_is_taken_back_but_never_to_before_the_date_of_the_determination(
    cast: Cast, determination: Determination
) -> None:
    order = order_of(determination)
    with pytest.raises(RuleBroken, match="the date that the determination gave") as refusal:
        orders.extend_order(order, due_on=in_days(10), reason="x", by=cast.dev)
    assert refusal.value.field == "due_on"
    orders.extend_order(order, due_on=in_days(400), reason="More time.", by=cast.dev)
    orders.extend_order(order, due_on=in_days(35), reason="The year was wrong.", by=cast.dev)
    assert order_of(determination).due_on == in_days(35)
    with pytest.raises(RuleBroken, match="the date that the determination gave"):
        orders.extend_order(order, due_on=in_days(10), reason="x", by=cast.dev)


@pytest.mark.row("S40")
def test_feedback_on_a_recommendation_needs_a_reason_only_when_it_is_not_accepted(
    cast: Cast, determination: Determination
) -> None:
    one = determination.recommendations.get()
    with pytest.raises(RuleBroken) as refusal:
        orders.answer_recommendation(one, feedback="not-accepted", by=cast.amina)
    assert refusal.value.field == "reason"
    with pytest.raises(RuleBroken) as refusal:
        orders.answer_recommendation(one, feedback="perhaps", by=cast.amina)
    assert refusal.value.field == "feedback"
    one = orders.answer_recommendation(one, feedback="not-accepted", reason="We train already.", by=cast.amina)
    assert (one.feedback, one.feedback_reason, one.feedback_by_name) == (
        "not-accepted",
        "We train already.",
        "Amina Yusuf",
    )
    case = Case.objects.get(pk=cast.case.pk)
    assert (case.recommendations_outstanding, case.orders_outstanding) == (0, 2)
    with pytest.raises(RuleBroken, match="already"):
        orders.answer_recommendation(one, feedback="accepted", by=cast.amina)


@pytest.mark.row("S40")
def test_a_task_about_recommendations_alone_is_completed_once_each_has_feedback(cast: Cast) -> None:
    only = scene.determined(cast, count=0, recommendations=1)
    with pytest.raises(RuleBroken, match="1 part"):
        tasks.complete_task(Task.objects.get(), completed_on=clock.today(), by=cast.amina)
    orders.answer_recommendation(only.recommendations.get(), feedback="accepted", by=cast.amina)
    tasks.complete_task(Task.objects.get(), completed_on=clock.today(), by=cast.amina)
    assert tasks.accept_task(Task.objects.get(), by=cast.dev).state == TaskState.COMPLETED


@pytest.mark.row("S103")
def test_a_closed_case_still_takes_work_on_open_orders_and_nothing_else(
    cast: Cast, determination: Determination
) -> None:
    tasks.cancel_task(Task.objects.get(), reason="Asked for elsewhere.", by=cast.dev)
    # the table closes no case with open orders; one that came closed from elsewhere can still be put right
    Case.objects.filter(pk=cast.case.pk).update(status=Status.CLOSED, closed_at=clock.now())
    order = scene.confirmed(order_of(determination), cast.amina)
    assert order.state == OrderState.CONFIRMED
    with pytest.raises(RuleBroken, match="closed"):
        orders.answer_recommendation(determination.recommendations.get(), feedback="accepted", by=cast.amina)
    orders.accept_order(order, by=cast.dev)
    orders.accept_order(scene.confirmed(order_of(determination, 2), cast.amina), by=cast.dev)
    with pytest.raises(RuleBroken, match="closed"):
        scene.proof(Case.objects.get(pk=cast.case.pk), cast.amina)
