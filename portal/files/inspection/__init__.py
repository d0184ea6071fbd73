"""Which uploads the portal takes: decided by what a file holds and by the ending of its name together.

Pure: no Django, no database. `decision` holds the order of the questions, the other modules answer one each.
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
