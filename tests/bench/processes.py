"""What processes cost, from /proc: CPU and memory of a server with everything that it started, and of PostgreSQL."""

import os
from pathlib import Path

from django.db import connection

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
PARENT, GROUP = 1, 2  # where these stand in /proc/<pid>/stat after the name of the process
OF_ENDED_CHILDREN = slice(13, 15)  # their time in user mode and in the kernel, in ticks


def _all() -> dict[int, list[str]]:
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                found[int(folder.name)] = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has just ended
    return found


def cpu_of_group(leader: int) -> float:
    """Milliseconds that a process and all that it started have used."""
    return sum(_milliseconds(pid, stat) for pid, stat in _all().items() if int(stat[GROUP]) == leader)


def cpu_of_postgresql() -> float:
    """The same for the database server: its first process and those of the connections."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    stats = _all()
    first = int(stats[own][PARENT])
    return sum(_milliseconds(pid, stat) for pid, stat in stats.items() if pid == first or int(stat[PARENT]) == first)


def _milliseconds(pid: int, stat: list[str]) -> float:
    """Of its threads to the nanosecond: a tick of 10 ms is longer than a page takes."""
    nanoseconds = 0
    for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            nanoseconds += int(thread.read_text().split()[0])
        except OSError:
            continue  # it has just ended
    return nanoseconds / 1e6 + sum(map(int, stat[OF_ENDED_CHILDREN])) * TICK_MS


def memory_of_group(leader: int) -> float:
    """Megabytes, a page that several processes share counted once (PSS)."""
    total = 0
    for pid, stat in _all().items():
        if int(stat[GROUP]) == leader:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024
