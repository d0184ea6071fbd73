"""Version tokens: a form that replaces something carries the token of what it was made from, and the action checks it under
the row's lock. So nobody overwrites what a colleague changed meanwhile without having seen it.
"""

import hashlib

from portal.lib.errors import RuleBroken


class Stale(RuleBroken):
    """The form was made from an earlier version. `now` is the token of the present one."""

    def __init__(self, words: str, now: str) -> None:
        super().__init__(words)
        self.now = now


def token(*values: object) -> str:
    """Of everything whose change makes a form out of date."""
    return hashlib.sha256(repr([str(value) for value in values]).encode()).hexdigest()[:32]


def check(now: str, seen: str | None, thing: str) -> None:
    """Raises Stale unless the token `seen` is the present one. None: the caller did not come from a form."""
    if seen is not None and seen != now:
        raise Stale(changed(thing, "Nothing was changed, and what you typed is still below."), now)


def changed(thing: str, undone: str) -> str:
    """The words for somebody whose form is out of date; `undone` says what was not done."""
    return (
        f"Somebody has changed this {thing} since you opened this page. {undone} Look at it as it is now, then press the "
        "button again."
    )
