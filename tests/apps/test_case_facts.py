"""The facts kept on the case agree with the tasks after any sequence of actions (docs/adr/0003)."""

import contextlib
import random
from collections.abc import Callable

import pytest
from django.db.models import Min

from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from tests.cast import Cast, in_days

Act = Callable[[Cast, Task, random.Random], object]

ACTS: list[Act] = [
    lambda cast, task, dice: tasks.complete_task(task, completed_on=clock.today(), by=cast.amina),
    lambda cast, task, dice: tasks.report_unable(task, reason="The surveyor is ill.", by=cast.ben),
    lambda cast, task, dice: tasks.accept_task(task, by=cast.dev),
    lambda cast, task, dice: tasks.return_task(
        task, reason="A page is missing.", due_on=in_days(dice.randint(1, 40)), by=cast.dev
    ),
    lambda cast, task, dice: tasks.extend_task(
        task, due_on=in_days(dice.randint(1, 40)), reason="Bank holiday.", by=cast.dev
    ),
    lambda cast, task, dice: tasks.change_task(task, title="Other words", details="", by=cast.dev),
    lambda cast, task, dice: tasks.answer_unable(task, answer="Please do.", by=cast.dev),
    lambda cast, task, dice: tasks.cancel_task(task, reason="Not needed.", by=cast.dev),
    lambda cast, task, dice: tasks.assign_task(task, colleague_id=cast.ben.user_id, by=cast.amina),
]


@pytest.mark.parametrize("seed", range(5))
def test_the_cases_next_deadline_and_count_agree_with_its_tasks(cast: Cast, seed: int) -> None:
    dice, done = random.Random(seed), 0
    for _ in range(3):
        tasks.set_task(
            cast.case, kind=TaskKind.RECORD_COMPLAINT, title="", due_on=in_days(dice.randint(0, 40)), by=cast.dev
        )
    for _ in range(40):
        task = dice.choice(list(Task.objects.filter(case=cast.case).select_related("case")))
        with contextlib.suppress(RuleBroken):
            dice.choice(ACTS)(cast, task, dice)
            done += 1
        cast.case.refresh_from_db()
        left = Task.objects.filter(case=cast.case).outstanding()
        assert cast.case.tasks_outstanding == left.count()
        assert cast.case.tasks_to_check == Task.objects.filter(case=cast.case).checking().count()
        assert cast.case.next_due_on == left.aggregate(first=Min("due_on"))["first"]
    assert done > 5
