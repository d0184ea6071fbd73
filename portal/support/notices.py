"""Known issues and service notices: what everybody should know now, and the portal team's edits of it (B28).

Every page asks for the banners, so they are kept for half a minute in each process, as content/words.py keeps words.
"""

import time
from datetime import datetime
from threading import Lock

from django.db import DatabaseError, transaction
from django.db.models import Q

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.audit import trail
from portal.lib import clock, version_tokens
from portal.lib.errors import RuleBroken
from portal.lib.typed import one_line, required
from portal.support.models import Notice, NoticeKind

TEXT_LIMIT = 500
_KEPT_SECONDS = 30.0
_lock = Lock()
_kept: tuple[float, list[Notice]] | None = None


def banners() -> list[Notice]:
    """What stands at the top of every page now. Without a database a page still stands, without banners."""
    try:
        return [notice for notice in _read() if notice.is_banner and notice.is_current(clock.now())]
    except DatabaseError:
        return []


def current(kind: NoticeKind) -> list[Notice]:
    """For the page of known issues, newest first."""
    return list(
        Notice.objects.filter(_not_over(clock.now()), kind=kind, starts_at__lte=clock.now()).order_by(
            "-starts_at", "-id"
        )
    )


def forget() -> None:
    """Read anew next time: after a change."""
    keep(None)


def keep(notices: list[Notice] | None) -> None:
    """Takes what is known without asking; None is nothing. Tests, each with its own empty tables, begin with []."""
    global _kept
    _kept = None if notices is None else (time.monotonic(), notices)


@transaction.atomic
def put_up(
    *, kind: str, text: str, starts_at: datetime | None, ends_at: datetime | None, is_banner: bool, by: Actor
) -> Notice:
    """A new notice; without a start it begins now."""
    by.require(Permission.RUN_SUPPORT)
    notice = Notice(kind=kind, starts_at=starts_at or clock.now())
    return _save(notice, "notice put up", text=text, ends_at=ends_at, is_banner=is_banner, by=by)


@transaction.atomic
def change(
    notice_id: int,
    *,
    kind: str,
    text: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    is_banner: bool,
    by: Actor,
    seen: str | None = None,
) -> Notice:
    by.require(Permission.RUN_SUPPORT)
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    version_tokens.check(notice.version_token, seen, "notice")
    notice.kind, notice.starts_at = kind, starts_at or notice.starts_at
    return _save(notice, "notice changed", text=text, ends_at=ends_at, is_banner=is_banner, by=by)


@transaction.atomic
def take_down(notice_id: int, *, by: Actor) -> Notice:
    """Ends it now. One that has not begun never begins."""
    by.require(Permission.RUN_SUPPORT)
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    if notice.ends_at is not None and notice.ends_at <= clock.now():
        raise RuleBroken("This notice has ended already.")
    ends_at = max(clock.now(), notice.starts_at) if notice.starts_at <= clock.now() else notice.starts_at
    return _save(notice, "notice taken down", text=notice.text, ends_at=ends_at, is_banner=notice.is_banner, by=by)


def _save(notice: Notice, verb: str, *, text: str, ends_at: datetime | None, is_banner: bool, by: Actor) -> Notice:
    notice.text, notice.ends_at, notice.is_banner = _checked(text), ends_at, is_banner
    if notice.kind not in NoticeKind.values:
        raise RuleBroken("Choose the kind of notice", field="kind")
    if ends_at is not None and ends_at < notice.starts_at:
        raise RuleBroken("The end must be after the start", field="ends_on")
    notice.save()
    trail.record(by, verb, notice, text=notice.text)
    transaction.on_commit(forget)
    return notice


def _checked(text: str) -> str:
    return required(one_line(text), "Enter what people should know", field="text", limit=TEXT_LIMIT)


def _read() -> list[Notice]:
    with _lock:
        if _kept is None or time.monotonic() - _kept[0] > _KEPT_SECONDS:
            keep(list(Notice.objects.filter(_not_over(clock.now())).order_by("starts_at", "id")))
        return _kept[1] if _kept else []


def _not_over(now: datetime) -> Q:
    return Q(ends_at__isnull=True) | Q(ends_at__gt=now)
