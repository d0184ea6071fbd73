"""What the web server does beyond gunicorn's own: no thread waits long for a silent client, no log shows a secret.

A client that sends a byte now and then is still waited for: a buffering proxy keeps such away (docs/operations.md).
"""

import socket
import struct
from typing import Any

from gunicorn.glogging import Logger as PlainLogger
from gunicorn.workers.gthread import TConn, ThreadWorker

from portal.lib.masking import MaskSecrets

SILENCE_SECONDS = 20
_AS_TIMEVAL = struct.pack("ll", SILENCE_SECONDS, 0)


class Worker(ThreadWorker):
    """A request that stops halfway, in its head or its body, is given up: its thread serves somebody else."""

    def handle(self, conn: TConn) -> Any:
        if conn.sock.family != socket.AF_UNIX:
            for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                conn.sock.setsockopt(socket.SOL_SOCKET, direction, _AS_TIMEVAL)
        return super().handle(conn)


class Logger(PlainLogger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.addFilter(MaskSecrets())
