"""What the worker costs: to turn diary rows into bell, e-mails and index, and to have nothing to do. In this process."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.config import worker
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.messaging.models import Thread
from portal.teams import people
from portal.teams.models import StaffMember

ROWS, IDLE_ROUNDS = 300, 200


@dataclass(frozen=True)
class Work:
    """For each diary row: CPU in milliseconds and SQL statements; of a worker without work the same for each second."""

    rows_a_second: float
    cpu: float
    statements: float
    idle_cpu: float
    idle_statements: float


def measure() -> Work:
    works = {name: kind for name, kind in worker.kinds().items() if name != "mail"}  # there is no mail server here
    one = worker.Worker(works, rest_seconds=0)
    one.look_over_at = clock.now() + timedelta(days=1)
    _work_off(one)
    _write()
    begun, cpu = time.perf_counter(), time.process_time()
    _work_off(one)
    seconds, spent = time.perf_counter() - begun, time.process_time() - cpu
    _write()
    with CaptureQueriesContext(connection) as caught:
        _work_off(one)
    idle, idle_statements = _idle(one)
    return Work(ROWS / seconds, spent * 1000 / ROWS, len(caught) / ROWS, idle, idle_statements)


def _idle(one: worker.Worker) -> tuple[float, float]:
    rounds_a_second = 1 / settings.WORKER_REST_SECONDS
    cpu = time.process_time()
    for _ in range(IDLE_ROUNDS):
        one.run_once()
    spent = (time.process_time() - cpu) * 1000 / IDLE_ROUNDS
    with CaptureQueriesContext(connection) as caught:
        for _ in range(IDLE_ROUNDS):
            one.run_once()
    return spent * rounds_a_second, len(caught) / IDLE_ROUNDS * rounds_a_second


def _work_off(one: worker.Worker) -> None:
    while one.run_once():
        pass


def _write() -> None:
    """A message of the service on each of so many cases, with its row of the diary."""
    open_threads = Thread.objects.filter(case__released_at__isnull=False, case__closed_at__isnull=True)
    threads = open_threads.select_related("case").order_by("case_id").distinct("case_id")[:ROWS]
    dev = people.actor_of(StaffMember.objects.select_related("user").get(user__email="dev@ombudsman.example"))
    for thread in threads:
        messaging.reply(thread, body="When may the contractor come?", by=dev)
