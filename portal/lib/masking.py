"""What the logs show: no live secret (what follows the address of a mailed link opens an account or a report, H33), and no
traceback of a refusal, which is nobody's fault."""

import logging
import re

from django.core.exceptions import PermissionDenied

_SECRET = re.compile(r"((?:/|%2F)(?:new-password|help(?:/|%2F)follow)(?:/|%2F))[^\s\"'?&<>]+", re.IGNORECASE)


def masked(text: str) -> str:
    return _SECRET.sub(r"\1(secret)", text)


class MaskSecrets(logging.Filter):
    """On a handler or a logger: the line as it is written, with the secrets masked."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if (shown := masked(said)) != said:
            record.msg, record.args = shown, ()
        return True


class OneLineRefusals(logging.Filter):
    """A person who may not do something is a line of the log and no fault of the program."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = record.exc_text = None
        return True
