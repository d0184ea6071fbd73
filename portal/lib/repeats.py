"""Repeats: somebody sends what they sent a short while ago once more, as after the browser's Back. It is done only on purpose."""

from datetime import datetime, timedelta

from portal.lib import clock
from portal.lib.errors import RuleBroken

REPEAT_WITHIN = timedelta(hours=1)


class Repeated(RuleBroken):
    """The same person has sent the same form within REPEAT_WITHIN. The caller may ask for it again, on purpose."""

    def __init__(self) -> None:
        super().__init__(
            "You have sent the same a short while ago. It was not sent a second time, and what you typed is still below. "
            "If you want to send it twice, press the button again."
        )


def repeat_since() -> datetime:
    """The moment after which the same is a repeat."""
    return clock.now() - REPEAT_WITHIN
