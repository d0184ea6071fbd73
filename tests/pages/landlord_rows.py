"""Many cases and tasks of one landlord for the tests of its lists: by the actions, or in bulk."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.cases import actions as cases
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from portal.teams.models import Team
from tests.cast import Cast, in_days


def task_on(
    cast: Cast, case: Case | None = None, *, title: str = "Send the repair log", due_on: date | None = None, **given
) -> Task:
    given.setdefault("kind", TaskKind.RESPOND_TO_REQUEST)
    return tasks.set_task(case or cast.case, title=title, due_on=due_on or in_days(30), by=cast.dev, **given)


def open_cases(cast: Cast, count: int, start: int = 0) -> list[Case]:
    """So many released cases of Alder's, each with one task and one unread message."""
    made = []
    for number in range(20001 + start, 20001 + start + count):
        case = cases.create_case(
            by=cast.dev,
            reference=f"2025{number}",
            landlord=cast.alder,
            resident_name=f"Resident {number}",
            resident_address=f"{number} High Street, Leeds LS1 1AA",
            team=Team.TRIAGE,
            owner_id=cast.dev.user_id,
        )
        case = cases.release_case(case, by=cast.dev)
        task_on(cast, case, title=f"Task of {case.reference}", due_on=in_days(number - 20000))
        messaging.start_thread(case, subject=f"About {case.reference}", body="Please read.", by=cast.dev)
        made.append(case)
    return made


def close(cast: Cast, case: Case) -> Case:
    """Closed, after what the landlord still had to do was cancelled."""
    for task in Task.objects.on_case(case.pk).outstanding():
        tasks.cancel_task(task, reason="Not needed any more.", by=cast.dev)
    return cases.move_case(case, to=Status.CLOSED, reason="Withdrawn.", by=cast.dev)


def in_bulk(cast: Cast, count: int) -> None:
    """So many released cases without their diaries: three in four open, half of them with a deadline."""
    now, statuses, teams = clock.now(), [s for s in Status if s != Status.CLOSED], list(Team)
    rows = []
    for n in range(count):
        closed = n % 4 == 0
        rows.append(
            Case(
                reference=f"19{90 + n // 100000:02d}{n % 100000:05d}",
                landlord=cast.alder,
                resident_name=f"Resident {n}",
                resident_address=f"{n} High Street, Leeds LS1 1AA",
                summary="Damp and mould. " * 20,
                status=Status.CLOSED if closed else statuses[n % len(statuses)],
                team=teams[n % len(teams)],
                owner_id=cast.dev.user_id if n % 3 else None,
                released_at=now,
                closed_at=now if closed else None,
                next_due_on=in_days(n % 200 - 20) if n % 2 and not closed else None,
                tasks_outstanding=1 if n % 2 and not closed else 0,
            )
        )
    Case.objects.bulk_create(rows, batch_size=500)


def statements(ask) -> int:
    """How many SQL statements the request takes, once the editable words are in memory."""
    ask()
    with CaptureQueriesContext(connection) as caught:
        ask()
    return len(caught)
