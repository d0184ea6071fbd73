"""Which uploads the portal takes: decided by what a file holds and by the ending of its name together.

Pure: no Django, no database. `decision` holds the order of the questions, the other modules answer one each.
"""

from .decision import LIMIT_BYTES, inspect
from .kinds import ACCEPTED_EXTENSIONS, ACCEPTED_KINDS
from .verdicts import Accepted, Reason, Refused

__all__ = ["ACCEPTED_EXTENSIONS", "ACCEPTED_KINDS", "LIMIT_BYTES", "Accepted", "Reason", "Refused", "inspect"]
