"""Measures the pages of a running server against the bare app: `python -m tests.bench.measure`, which `bin/bench` runs.

The two are asked by turns, so that a slower or busier machine slows both.
"""

import argparse
import json
import os
import shutil
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.files import storage
from portal.files.models import StoredFile, Upload
from tests.bench import worker
from tests.bench.pages import Page, pages
from tests.bench.processes import cpu_of_group, cpu_of_postgresql, memory_of_group
from tests.bench.report import HEAD, line, worker_line
from tests.bench.visitor import Browser, Inside, Refused, bare_browser, sign_in, visit
from tests.rows_read import rows_read

A_TURN = 5  # requests of each of the two
CLIENTS, BY_CLIENTS = 8, 160
ADDRESSES = {"amina": "amina@alder.example", "carys": "carys@birch.example", "dev": "dev@ombudsman.example"}
SIGNING_IN, WORKER = "signing in with a code", "worker"


@dataclass(frozen=True)
class Figures:
    """What one request of a page costs; milliseconds unless the name says otherwise."""

    name: str
    reach: float
    median: float
    late: float  # the 95th percentile
    cpu: float
    bare_cpu: float
    postgresql_cpu: float
    statements: int
    rows: int
    kb: float
    a_second: float = 0

    @property
    def ratio(self) -> float:
        return self.cpu / self.bare_cpu


@dataclass
class Servers:
    """The two that are compared: their ports and first processes."""

    portal: int
    portal_pid: int
    bare: int
    bare_pid: int


class Spent:
    """What a server and PostgreSQL use while something is done again and again, and how long each time took."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.cpu = self.postgresql = 0.0
        self.times: list[float] = []

    def on(self, doing: Callable[[], object], times: int) -> None:
        cpu, postgresql = cpu_of_group(self.pid), cpu_of_postgresql()
        for _ in range(times):
            begun = time.perf_counter()
            doing()
            self.times.append((time.perf_counter() - begun) * 1000)
        self.cpu += cpu_of_group(self.pid) - cpu
        self.postgresql += cpu_of_postgresql() - postgresql

    @property
    def each(self) -> float:
        return self.cpu / len(self.times)


class Bench:
    """One run over a database that was seeded."""

    def __init__(self, servers: Servers, turns: int) -> None:
        self.servers, self.turns = servers, turns
        self.bare = bare_browser(servers.bare)
        self.browsers = {who: Browser(servers.portal) for who in ADDRESSES}
        for who, browser in self.browsers.items():
            sign_in(browser, ADDRESSES[who])

    def page(self, page: Page) -> Figures:
        browser = self.browsers[page.who]
        inside = Inside(browser.cookies)
        rows = rows_read(lambda: visit(inside, page))
        with CaptureQueriesContext(connection) as caught:
            kb = len(visit(inside, page)) / 1000
        statements = len(caught)
        self._compared(page, 1)  # both servers' processes have done it once
        self._compared(page, 1)
        spent, bare = self._compared(page, self.turns)
        return Figures(
            page.name,
            page.reach,
            *_quantiles(spent.times),
            spent.each,
            bare.each,
            spent.postgresql / len(spent.times),
            statements,
            round(rows.total()),
            kb,
            self.a_second(browser, page) if page.is_busy else 0,
        )

    def _compared(self, page: Page, turns: int) -> tuple[Spent, Spent]:
        spent, bare = Spent(self.servers.portal_pid), Spent(self.servers.bare_pid)
        for _ in range(turns):
            bare.on(lambda: self.ask_bare(page), A_TURN)
            spent.on(lambda: visit(self.browsers[page.who], page), A_TURN)
            if page.is_upload:
                self._clear()
        return spent, bare

    def ask_bare(self, page: Page) -> None:
        if page.is_upload:
            self.bare.ask("/bare/upload/", page.content, page.content_type)
        else:
            self.bare.ask("/bare/")

    def _clear(self) -> None:
        """What was sent and never submitted; else the next page would list it. All of it must have been accepted."""
        if refused := Upload.objects.exclude(refused_rule="").first():
            raise Refused(refused.refused_rule)
        stored = StoredFile.objects.filter(upload__isnull=False)
        kept = list(stored.values_list("pk", "key"))
        Upload.objects.all().delete()
        StoredFile.objects.filter(pk__in=[pk for pk, _ in kept]).delete()
        for _, key in kept:
            storage.documents().delete(key)
        shutil.rmtree(Path(os.environ["BENCH_BARE_DATA"]) / "uploads", ignore_errors=True)

    def signing_in(self) -> Figures:
        """All of it, from the first page to the home page."""
        amina = ADDRESSES["amina"]
        inside = Inside()
        sign_in(inside, amina)
        with CaptureQueriesContext(connection) as caught:
            sign_in(Inside(), amina)
        spent, bare = Spent(self.servers.portal_pid), Spent(self.servers.bare_pid)
        for _ in range(self.turns):
            bare.on(lambda: self.bare.ask("/bare/"), A_TURN)
            spent.on(lambda: sign_in(Browser(self.servers.portal), amina), 1)
        postgresql = spent.postgresql / len(spent.times)
        statements = len(caught) - 2  # the lock was forgotten and the mail read by the bench itself
        rows = round(rows_read(lambda: sign_in(Inside(), amina)).total())
        return Figures(SIGNING_IN, 0, *_quantiles(spent.times), spent.each, bare.each, postgresql, statements, rows, 0)

    def a_second(self, browser: Browser, page: Page) -> float:
        """Answers a second while 8 clients ask, each for the next page as soon as it has one."""

        def ask(_: int) -> None:
            visit(Browser(browser.port, dict(browser.cookies)), page)

        begun = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(ask, range(BY_CLIENTS)))
        return BY_CLIENTS / (time.perf_counter() - begun)


def _quantiles(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), sorted(times)[int(0.95 * len(times))]


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("portal", "portal-pid", "bare", "bare-pid", "turns", "cases"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    servers = Servers(given.portal, given.portal_pid, given.bare, given.bare_pid)
    bench = Bench(servers, given.turns)
    memory = {"before": memory_of_group(servers.portal_pid)}
    found = []
    print(HEAD, flush=True)
    for page in pages():
        if given.only in page.name:
            found.append(bench.page(page))
            print(line(asdict(found[-1])), flush=True)
    if given.only in SIGNING_IN:
        found.append(bench.signing_in())
        print(line(asdict(found[-1])), flush=True)
    bare_page = Page("bare page", "", "/bare/")
    bare_cpu = [one.bare_cpu for one in found] or [0.0]
    bare = {"a_second": bench.a_second(bench.bare, bare_page), "cpu": statistics.median(bare_cpu)}
    memory |= {"after": memory_of_group(servers.portal_pid), "bare": memory_of_group(servers.bare_pid)}
    kept = {"cases": given.cases, "turns": given.turns, "memory": memory, "bare": bare, "worker": {}}
    if not given.only or given.only in WORKER:
        kept["worker"] = asdict(worker.measure())
        print(worker_line(kept["worker"]), flush=True)
    given.out.write_text(json.dumps({**kept, "pages": [asdict(one) for one in found]}))


if __name__ == "__main__":
    main()
