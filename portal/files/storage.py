"""Where documents lie: a folder by default, any Django storage by setting. Names in it are made here and nowhere else."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages


class FolderStorage(FileSystemStorage):
    """A folder in which a file is on the disk, not only in memory, before save() returns."""

    def _save(self, name: str, content: File[Any]) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]  # Django's own extension point, not in its types
        path = Path(self.path(saved))
        for target in (path, path.parent):
            _sync(target)
        return saved


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def documents() -> Storage:
    return storages["documents"]


def keep(content: File[Any]) -> str:
    """Stores the content under a new name of the portal's own and returns that name."""
    name = uuid.uuid4().hex
    return documents().save(f"{name[:2]}/{name}", content)
