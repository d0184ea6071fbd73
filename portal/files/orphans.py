"""Stored bytes that no row names, left by a process that died between storing and noting a file. Gone after a day."""

import logging
from datetime import datetime, timedelta

from portal.files import storage
from portal.files.models import StoredFile

KEPT_FOR = timedelta(hours=24)
FOLDERS = 256  # storage.keep spreads its names over two hexadecimal digits
log = logging.getLogger("portal.files")
_swept_minute = -1


def sweep_one_folder(now: datetime) -> bool:
    """The worker's piece: one folder a minute, all of them in some four hours. Whether anything was removed."""
    global _swept_minute
    minute = int(now.timestamp() // 60)
    if minute == _swept_minute:
        return False
    _swept_minute = minute
    return remove_orphans(f"{minute % FOLDERS:02x}", now=now) > 0


def remove_orphans(folder: str, *, now: datetime) -> int:
    """Deletes the folder's files that are older than a day and that no row names. Returns how many."""
    old = [key for key in _keys(folder) if _is_old(key, now)]
    named = set(StoredFile.objects.filter(key__in=old).values_list("key", flat=True))
    orphans = [key for key in old if key not in named]
    for key in orphans:
        log.warning("removed the stored file %s, which no row names", key)
        storage.documents().delete(key)
    return len(orphans)


def _keys(folder: str) -> list[str]:
    try:
        _, names = storage.documents().listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names]


def _is_old(key: str, now: datetime) -> bool:
    try:
        return storage.documents().get_modified_time(key) < now - KEPT_FOR
    except FileNotFoundError:
        return False  # deleted meanwhile
