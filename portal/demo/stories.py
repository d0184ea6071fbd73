"""What happens on a demo case from its first day until today: a chapter for each status, then how it stands now."""

from collections.abc import Callable
from datetime import date

from portal.cases.statuses import Status as S
from portal.demo import wording
from portal.demo.life import Beats, Life
from portal.demo.plan import Extra
from portal.demo.plan import Outcome as O
from portal.tasks.models import Task, TaskKind

ASKS: dict[S, tuple[TaskKind, ...]] = {
    S.INITIAL_ASSESSMENT: (TaskKind.RECORD_COMPLAINT,),
    S.LANDLORD_PROCEDURE: (TaskKind.RECORD_COMPLAINT, TaskKind.ESCALATE_COMPLAINT),
    S.REFERRAL_ASSESSMENT: (TaskKind.FOR_INFORMATION,),
    S.EVIDENCE_GATHERING: (TaskKind.RESPOND_TO_REQUEST,),
    S.AWAITING_INVESTIGATION: (TaskKind.RESPOND_TO_REQUEST,),
    S.UNDER_INVESTIGATION: (TaskKind.RESPOND_TO_REQUEST,),
    S.DETERMINED: (TaskKind.FOR_INFORMATION,),
    S.DETERMINED_AWAITING_ACTION: (TaskKind.CONFIRM_COMPLIANCE,),
    S.REVIEW: (TaskKind.FOR_INFORMATION,),
}
SEND_DOCUMENTS = (TaskKind.RECORD_COMPLAINT, TaskKind.RESPOND_TO_REQUEST, TaskKind.CONFIRM_COMPLIANCE)


def story(life: Life) -> Beats:
    """The case's whole life. When it ends, the case stands as its plan says."""
    plan = life.plan
    yield from life.create(plan.entered_ago[0])
    if not life.has(Extra.HIDDEN):
        yield from life.release(plan.entered_ago[0])
    for status, begin, end in zip(plan.path, plan.entered_ago, plan.entered_ago[1:], strict=False):
        yield from _passed(life, status, begin, end)
        life.due_on = _orders_due(life, plan.path[plan.path.index(status) + 1])
        yield from life.move(end, plan.path[plan.path.index(status) + 1])
        yield from _announced(life, end)
    if plan.status != S.CLOSED:
        yield from _present(life)


def _orders_due(life: Life, to: S) -> date | None:
    """When the orders of a determination are due, so that its task stands today as the plan says."""
    is_last = to == S.DETERMINED_AWAITING_ACTION and life.plan.status == to and life.plan.outcome in ENDINGS
    return _deadline(life, ENDINGS[life.plan.outcome][0]) if is_last else None


def _announced(life: Life, ago: int) -> Beats:
    """The letter that goes with a new status; that of a determination is made when it is issued."""
    if life.case.status == S.REFERRAL_ASSESSMENT and life.rng.random() < 0.2:
        yield from life.share(ago, "referral")


def _passed(life: Life, status: S, begin: int, end: int) -> Beats:
    """A chapter that is over: what was asked for was done, and checked, before the status changed."""
    if status == S.DETERMINED_AWAITING_ACTION and life.plan.status != S.REVIEW:
        yield from _done(life, TaskKind.CONFIRM_COMPLIANCE, begin, end)
    elif status in {S.EVIDENCE_GATHERING, S.LANDLORD_PROCEDURE} and life.rng.random() < 0.45:
        yield from _done(life, life.rng.choice(ASKS[status]), begin, end)
    if status == S.UNDER_INVESTIGATION and life.rng.random() < 0.3:
        yield from life.exchange(end + 1, life.rng.choice(wording.EXCHANGES))


def _done(life: Life, kind: TaskKind, begin: int, end: int) -> Beats:
    """A task from asking to acceptance; now and then with a detour."""
    days = begin - end
    task = yield from life.ask(begin, kind)
    if kind in SEND_DOCUMENTS:
        yield from life.open(begin - days // 4, task)
    detour = life.rng.random()
    if detour < 0.08:
        yield from life.unable(begin - days // 3, task)
        yield from life.extend(begin - days // 3, task)
    if kind in SEND_DOCUMENTS:
        yield from _sent(life, kind, begin - days // 2)
    yield from life.complete(begin - days // 2, task)
    if detour > 0.92:
        yield from life.give_back(begin - days * 2 // 3, task)
        yield from life.complete(end + 1, task)
    yield from life.look_at_uploads(end)
    yield from life.accept(end, task)


def _sent(life: Life, kind: TaskKind, ago: int) -> Beats:
    if kind == TaskKind.CONFIRM_COMPLIANCE:
        yield from life.upload(ago, life.proofs())
    elif kind == TaskKind.RECORD_COMPLAINT:
        yield from life.upload(ago, life.evidence(1))
    else:
        yield from life.upload(ago, life.evidence(life.rng.randint(1, 4)))


# the present: how the last chapter stands today


def _present(life: Life) -> Beats:
    plan = life.plan
    if plan.outcome is not O.NOTHING_ASKED:
        yield from _asked(life, life.rng.choice(ASKS[plan.status]), plan.asked_ago)
    if not life.has(Extra.HIDDEN) and life.rng.random() < 0.15:
        yield from life.assign_case(max(1, plan.asked_ago // 2))
    yield from _extras(life)


def _asked(life: Life, kind: TaskKind, ago: int) -> Beats:
    """One task, brought to the outcome that the plan names."""
    due_on, tell = ENDINGS[life.plan.outcome]
    task = yield from life.ask(ago, kind, _deadline(life, due_on))
    yield from tell(life, task, ago)


def _deadline(life: Life, span: tuple[int, int] | None) -> date | None:
    return None if span is None else life.hours.due(life.rng.randint(*span))


def _untouched(life: Life, task: Task, ago: int) -> Beats:
    yield from ()


def _read(life: Life, task: Task, ago: int) -> Beats:
    yield from life.open(max(1, ago - 1), task)
    if life.rng.random() < 0.2:
        yield from life.assign(max(1, ago - 1), task)


def _perhaps_read(life: Life, task: Task, ago: int) -> Beats:
    if life.rng.random() < 0.7:
        yield from _read(life, task, ago)


def _unable(life: Life, task: Task, ago: int) -> Beats:
    yield from life.open(ago - 1, task)
    yield from life.unable(life.rng.randint(1, 3), task)


def _answered(life: Life, task: Task, ago: int) -> Beats:
    yield from life.unable(ago // 2 + 1, task)
    yield from life.answer(ago // 2, task)


def _extended(life: Life, task: Task, ago: int) -> Beats:
    yield from life.unable(ago // 2 + 1, task)
    yield from life.extend(ago // 2, task, _deadline(life, (2, 9)))


def _changed(life: Life, task: Task, ago: int) -> Beats:
    yield from life.unable(ago // 2 + 1, task)
    yield from life.change(ago // 2, task)


def _to_be_checked(life: Life, task: Task, ago: int) -> Beats:
    done_ago = life.rng.randint(1, min(4, ago - 1))
    yield from life.open(ago - 1, task)
    if task.kind in SEND_DOCUMENTS:
        yield from _sent(life, TaskKind(task.kind), done_ago)
    yield from life.complete(done_ago, task)


def _returned(life: Life, task: Task, ago: int) -> Beats:
    yield from _sent(life, TaskKind(task.kind), ago // 2 + 1)
    yield from life.complete(ago // 2 + 1, task)
    yield from life.look_at_uploads(ago // 2)
    yield from life.give_back(ago // 2, task, _deadline(life, (1, 8)))


def _accepted(life: Life, task: Task, ago: int) -> Beats:
    if task.kind in SEND_DOCUMENTS:
        yield from _sent(life, TaskKind(task.kind), ago // 2)
    yield from life.complete(ago // 2, task)
    if task.kind != TaskKind.FOR_INFORMATION:
        yield from life.look_at_uploads(max(1, ago // 2 - 1))
        yield from life.accept(max(1, ago // 2 - 1), task)


def _cancelled(life: Life, task: Task, ago: int) -> Beats:
    yield from life.cancel(max(1, ago - 2), task)


# For each outcome the deadline in working days from today (None: ten after it was set), and how it comes about.
ENDINGS: dict[O, tuple[tuple[int, int] | None, Callable[[Life, Task, int], Beats]]] = {
    O.NEW: ((7, 15), _untouched),
    O.PENDING: ((7, 15), _read),
    O.APPROACHING: ((1, 5), _perhaps_read),
    O.OVERDUE: ((-8, -1), _perhaps_read),
    O.UNABLE: ((1, 9), _unable),
    O.UNABLE_OVERDUE: ((-5, -1), _unable),
    O.ANSWERED: ((1, 9), _answered),
    O.EXTENDED: (None, _extended),
    O.CHANGED: ((1, 9), _changed),
    O.CHECKING: ((1, 9), _to_be_checked),
    O.RETURNED: (None, _returned),
    O.ACCEPTED: (None, _accepted),
    O.CANCELLED: ((1, 9), _cancelled),
}


# extras


def _extras(life: Life) -> Beats:
    for extra, tell in EXTRAS.items():
        if life.has(extra):
            yield from tell(life)


def _unread_by_landlord(life: Life) -> Beats:
    yield from life.exchange(life.rng.randint(1, 4), life.topic(last_from_service=True), read=False)


def _unread_by_service(life: Life) -> Beats:
    yield from life.exchange(life.rng.randint(1, 4), life.topic(last_from_service=False), read=False)


def _every_exchange(life: Life) -> Beats:
    for number, topic in enumerate(wording.EXCHANGES):
        yield from life.exchange(7 - number, topic)


def _eleven_more_tasks(life: Life) -> Beats:
    for number in range(11):
        kind = (TaskKind.RESPOND_TO_REQUEST, TaskKind.RESPOND_TO_REQUEST, TaskKind.FOR_INFORMATION)[number % 3]
        yield from life.ask(2, kind, life.hours.due(2 + number * 2))


def _each_kind(life: Life) -> Beats:
    """Of each kind that may be asked before a determination: only orders and recommendations are complied with."""
    for number, kind in enumerate(kind for kind in TaskKind if kind != TaskKind.CONFIRM_COMPLIANCE):
        task = yield from life.ask(2, kind, life.hours.due(6 + number))
        yield from life.open(1, task)


def _sixty_documents(life: Life) -> Beats:
    for size in (20, 20, 18):
        yield from life.upload(2, life.evidence(size))
    yield from life.put_right(1)


EXTRAS: dict[Extra, Callable[[Life], Beats]] = {
    Extra.EVERY_EXCHANGE: _every_exchange,
    Extra.TWELVE_TASKS: _eleven_more_tasks,
    Extra.EVERY_KIND: _each_kind,
    Extra.SIXTY_DOCUMENTS: _sixty_documents,
    Extra.UNREAD_BY_LANDLORD: _unread_by_landlord,
    Extra.UNREAD_BY_SERVICE: _unread_by_service,
}
