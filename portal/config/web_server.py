"""What the web server does beyond gunicorn's own: no thread waits long for a silent client, no log shows a secret, and what
every process needs is loaded before there are several. It is gunicorn's configuration, too: it calls `on_starting`.

A client that sends a byte now and then is still waited for: a buffering proxy keeps such away (docs/operations.md).
"""

import ctypes
import gc
import socket
import struct
from typing import Any

from gunicorn.glogging import Logger as PlainLogger
from gunicorn.workers.gthread import TConn, ThreadWorker

from portal.lib.masking import MaskSecrets

M_ARENA_MAX = -8  # of glibc's malloc.h
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


def on_starting(server: Any) -> None:
    """Called once, when the application is loaded and before its processes are made."""
    _keep_few_arenas()
    _load()
    gc.collect()
    gc.freeze()  # the collector leaves alone what is there now: to look through it would copy it for each process


def _load() -> None:
    """What a first request would load otherwise: views, templates, bank holidays."""
    from django.template import engines
    from django.urls import get_resolver

    from portal.lib import clock
    from portal.lib.working_days import bank_holidays

    get_resolver().url_patterns  # noqa: B018 - reading them imports every view
    environment = engines.all()[0].env  # type: ignore[attr-defined]
    for name in environment.list_templates(filter_func=lambda name: name.endswith(".html")):
        environment.get_template(name)
    bank_holidays(clock.today().year)


def _keep_few_arenas() -> None:
    """glibc keeps a pool of memory for each thread, up to eight for each core, and gives hardly any of it back."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 2)
