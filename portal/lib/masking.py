"""Keeps live secrets out of the logs: what follows the address of a mailed link opens an account or a report (H33)."""

import logging
import re

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
