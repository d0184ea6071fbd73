"""Decides which uploads the portal accepts, from the content of a file and the extension of its name together.

Pure: no Django, no database. `decision` orders the checks; every other module makes one of them.
"""

from .decision import inspect, judge, read_into
from .kinds import ACCEPTED_EXTENSIONS, ACCEPTED_KINDS
from .limit import LIMIT_BYTES, LIMIT_WORDS
from .reading import Received
from .verdicts import Accepted, Reason, Refused

__all__ = [
    "ACCEPTED_EXTENSIONS",
    "ACCEPTED_KINDS",
    "LIMIT_BYTES",
    "LIMIT_WORDS",
    "Accepted",
    "Reason",
    "Received",
    "Refused",
    "inspect",
    "judge",
    "read_into",
]
