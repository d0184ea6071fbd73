"""What a page costs with many cases: `python -m tests.bench`, which `bin/bench` runs on each kind of database.

Every page is timed against a bare Django page in the same run, turn by turn, so that a slower or busier machine slows both.
"""

import argparse
import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpResponse, HttpResponseBase
from django.template import Context, Engine
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext, setup_databases, setup_test_environment, teardown_databases
from django.urls import path

import tests.outside_pytest  # noqa: F401 - first
from tests import cast as the_cast
from tests.indexed import indexed_in_bulk
from tests.pages.landlord_rows import in_bulk
from tests.signing_in import sign_in

MEGABYTE = 1024 * 1024
BARE = Engine().from_string("{% for number in rows %}<p>Row {{ number }}</p>{% endfor %}")
ADDRESSES = [
    "/",
    "/cases/open/",
    "/cases/closed/",
    "/cases/",
    "/cases/open/?page=1000",
    "/cases/open/?text=street&deadline=later",
    "/cases/?text=gurgles+boiler",
    "/cases/?address=ls11aa",
    "/cases/?sort=-owner",
    "/cases/open/?sort=resident&assigned=nobody",
    "/search/?q=high+street+leeds",
    "/search/?q=residnet+777",
    "/search/?q=199000077",
]


def bare(request: object) -> HttpResponse:
    """The smallest page that is still made by a template: 25 rows, no middleware, no database."""
    return HttpResponse(BARE.render(Context({"rows": range(25)})))


urlpatterns = [path("bare/", bare)]


@dataclass(frozen=True)
class Measured:
    """One page: milliseconds of each turn, of the bare page in the same turns, statements, bytes."""

    address: str
    page: list[float]
    bare: list[float]
    statements: int
    size: int

    def line(self) -> str:
        usual, slowest, measure = statistics.median(self.page), max(self.page), statistics.median(self.bare)
        return (
            f"{self.address:<46}{usual:>9.1f}{slowest:>9.1f}{usual / measure:>8.0f} x"
            f"{self.statements:>8}{self.size / 1000:>9.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=50_000, help="released cases of the landlord (50,000)")
    parser.add_argument("--turns", type=int, default=15, help="how often each page is asked for (15)")
    chosen = parser.parse_args()
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        bench(chosen.cases, chosen.turns)
    finally:
        teardown_databases(made, verbosity=0)


def bench(cases: int, turns: int) -> None:
    settings.DEBUG = False
    client = amina_with(cases)
    print(f"{connection.vendor}, {cases:,} cases of one landlord, {turns} turns", flush=True)
    print(f"{'page':<46}{'median ms':>9}{'slowest':>9}{'of bare':>10}{'SQL':>8}{'kB':>9}", flush=True)
    for address in ADDRESSES:
        print(measured(client, address, turns).line(), flush=True)
    print(f"memory: {memory_of_this_process()} MB after all of it; a bare Django page's process {memory_of_bare()} MB")


def amina_with(cases: int) -> Client:
    cast = the_cast.build()
    in_bulk(cast, cases)
    indexed_in_bulk(cast)
    client = Client()
    sign_in(client, cast.users["amina"])
    return client


def measured(client: Client, address: str, turns: int) -> Measured:
    answer = asked(client, address)  # compiles the templates
    with CaptureQueriesContext(connection) as caught:
        asked(client, address)
    statements = len(caught)  # the next request begins the record anew
    page, measure = [], []
    for _ in range(turns):
        measure.append(milliseconds(ask_bare))
        page.append(milliseconds(lambda: asked(client, address)))
    return Measured(address, page, measure, statements, len(answer.content))


def asked(client: Client, address: str) -> HttpResponse:
    return answered(client.get(address))


def ask_bare() -> None:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        answered(Client().get("/bare/"))


def answered(response: HttpResponseBase) -> HttpResponse:
    if response.status_code != 200 or not isinstance(response, HttpResponse):
        raise SystemExit(f"a page answered {response.status_code}: nothing was measured")
    return response


def milliseconds(doing: Callable[[], object]) -> float:
    gc.collect()
    begun = time.perf_counter()
    doing()
    return (time.perf_counter() - begun) * 1000


def memory_of_this_process() -> int:
    return resident(Path("/proc/self/statm").read_text())


def memory_of_bare() -> int:
    """Megabytes of a process that has Django and one page, and nothing of ours."""
    code = (
        "from django.conf import settings; from django.http import HttpResponse; import django\n"
        "from django.urls import path; from django.test import RequestFactory\n"
        "settings.configure(ROOT_URLCONF='__main__', ALLOWED_HOSTS=['testserver']); django.setup()\n"
        "urlpatterns = [path('', lambda request: HttpResponse('bare'))]\n"
        "from django.core.handlers.wsgi import WSGIHandler\n"
        "assert WSGIHandler().get_response(RequestFactory().get('/')).status_code == 200\n"
        "print(open('/proc/self/statm').read())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return resident(done.stdout)


def resident(statm: str) -> int:
    return int(statm.split()[1]) * 4096 // MEGABYTE


if __name__ == "__main__":
    main()
