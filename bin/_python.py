"""Finds a Python that is new enough. Written so that an old Python can still read it and say so."""

import os
import shutil
import sys

OLDEST = (3, 11)


def ensure() -> None:
    """Return in a Python of at least 3.11: this one, or a newer one on PATH that takes over; else say what to do."""
    if sys.version_info >= OLDEST:
        return
    for minor in (13, 12, 11, 14):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer] + sys.argv)  # noqa: S606
    sys.exit("Python 3.11 or newer is needed and this is {}.{}: install a newer one.".format(*sys.version_info[:2]))
