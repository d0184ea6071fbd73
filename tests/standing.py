"""The cast's rows, made once for many tests: they stand in a transaction around the tests' own, which is never committed.

Each test gets a copy of the objects. A test that does not ask for the cast, or that uses real transactions, begins without.
"""

import pickle
from datetime import date

from django.db import transaction

from portal.lib import clock
from tests import cast as the_cast

_around: transaction.Atomic | None = None
_kept: tuple[date, bytes] | None = None


def is_built() -> bool:
    return _around is not None


def cast() -> the_cast.Cast | None:
    """A copy of the people and cases whose rows stand; None if none do."""
    return pickle.loads(_kept[1]) if _kept else None


def build() -> None:
    """Make the rows, unless they stand already since today."""
    global _around, _kept
    if _kept and _kept[0] == clock.today():
        return
    remove()
    _around = transaction.atomic()
    _around.__enter__()
    _kept = (clock.today(), pickle.dumps(the_cast.build()))


def remove() -> None:
    """Take the rows away again, if they stand."""
    global _around, _kept
    if _around is not None:
        transaction.set_rollback(True)
        _around.__exit__(None, None, None)
    _around = _kept = None
