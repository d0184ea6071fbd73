"""Draws what was measured: a line for each page on the terminal, and docs/performance.md."""

import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from portal.lib import clock

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
_HEADS = {
    "page": -38,
    "median": 8,
    "p95": 8,
    "CPU ms": 8,
    "ratio": 7,
    "reach": 7,
    "PG ms": 8,
    "SQL": 5,
    "rows": 8,
    "kB": 7,
}
HEAD = (
    "".join(f"{words:<{-width}}" if width < 0 else f"{words:>{width}}" for words, width in _HEADS.items()) + "  a sec"
)
ABOUT = """# What the pages cost

Written by `bin/bench` (see its `--help`), which seeds a PostgreSQL of its own and asks a server that runs as in production:
two processes, the proxy's word that it is https, everybody signed in with password and code. *Ratio* is the CPU time of the
server's processes for one request over that of a bare Django page of 20 rows behind Django's session sign-in, asked by turns
in the same run; of an upload it is the ratio to a bare Django upload of the same file. *PG ms* is the CPU time of PostgreSQL.
*Rows* are what its scans read. *Growth* is the CPU time of both, server and PostgreSQL,
over that of the bare page, divided by the same with the fewest cases. The wall times (median, 95th
percentile, pages a second with 8 clients on the same machine) depend on what else the machine does; the CPU times less so.
"""


def line(page: dict[str, Any]) -> str:
    reach = f"{page['reach']:.1f}" if page["reach"] else ""
    a_second = f"{page['a_second']:.0f}" if page["a_second"] else ""
    return (
        f"{page['name']:<38}{page['median']:>8.1f}{page['late']:>8.1f}{page['cpu']:>8.1f}{_ratio(page):>7.2f}{reach:>7}"
        f"{page['postgresql_cpu']:>8.1f}{page['statements']:>5}{page['rows']:>8}{page['kb']:>7.1f}{a_second:>7}"
    )


def worker_line(work: dict[str, Any]) -> str:
    return (
        f"The worker turns {work['rows_a_second']:.0f} diary rows a second into bell, e-mails and index, with "
        f"{work['statements']:.1f} statements and {work['cpu']:.1f} ms of CPU each. With nothing to do it takes "
        f"{work['idle_cpu']:.2f} ms of CPU and {work['idle_statements']:.1f} statements a second."
    )


def _ratio(page: dict[str, Any]) -> float:
    return float(page["cpu"] / page["bare_cpu"])


def _with_postgresql(page: dict[str, Any]) -> float:
    return float((page["cpu"] + page["postgresql_cpu"]) / page["bare_cpu"])


def document(runs: list[dict[str, Any]]) -> str:
    runs = sorted(runs, key=lambda run: run["cases"])
    smallest = {page["name"]: page for page in runs[0]["pages"]}
    now = clock.now()
    parts = [ABOUT, f"Measured on {now:%d %B %Y} on {_machine()}, {runs[0]['turns']} turns of five requests.\n"]
    for run in runs:
        parts += [_table(run, smallest if run is not runs[0] else {}), _around(run), f"{worker_line(run['worker'])}\n"]
    return "\n".join(parts)


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}"


def _table(run: dict[str, Any], smallest: dict[str, Any]) -> str:
    heads = ["page", "median ms", "p95 ms", "CPU ms", "ratio", "to reach", "PG ms", "SQL", "rows", "kB", "a second"]
    heads += ["growth"] if smallest else []
    rows = [heads, ["---", *["--:"] * (len(heads) - 1)]]
    for page in run["pages"]:
        first = smallest.get(page["name"])
        rows.append(
            _cells(page)
            + ([f"{_with_postgresql(page) / _with_postgresql(first):.2f}" if first else ""] if smallest else [])
        )
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    return f"## {run['cases']:,} cases\n\n{table}\n"


def _cells(page: dict[str, Any]) -> list[str]:
    figures = [f"{page[name]:.1f}" for name in ("median", "late", "cpu")]
    figures += [f"{_ratio(page):.2f}", f"{page['reach']:.1f}" if page["reach"] else ""]
    figures += [f"{page['postgresql_cpu']:.1f}", str(page["statements"]), f"{page['rows']:,}", f"{page['kb']:.1f}"]
    return [page["name"], *figures, f"{page['a_second']:.0f}" if page["a_second"] else ""]


def _around(run: dict[str, Any]) -> str:
    memory, bare = run["memory"], run["bare"]
    return (
        f"The bare page takes {bare['cpu']:.2f} ms of CPU and answers {bare['a_second']:.0f} times a second. Memory (PSS) of all "
        f"the server's processes: {memory['before']:.0f} MB after signing in, {memory['after']:.0f} MB after the run; of the "
        f"bare app's {memory['bare']:.0f} MB.\n"
    )


if __name__ == "__main__":
    DOCUMENT.write_text(document([json.loads(Path(name).read_text()) for name in sys.argv[1:]]))
