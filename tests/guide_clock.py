"""Runs a Python program at the guide's fixed moment: `python -m tests.guide_clock -m module ...` or `... script.py ...`.

So the demo's dates, and with them the guide's pictures, are the same whenever they are taken.
"""

import runpy
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from django.utils import timezone

from portal.lib import clock

MOMENT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def main(arguments: list[str]) -> None:
    """Every thread of the program finds the clock at the moment; what moves the clock in a block still does."""
    clock._moved = ContextVar("moved", default=MOMENT)
    timezone.now = clock.now  # the library that notes sign-ins asks Django
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
