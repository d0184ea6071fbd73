"""The demo while its data is made: nothing waits for the disk, since data that is half made is recognised and made anew."""

from portal.config import env as environment
from portal.config.settings.base import ENV, STORAGES
from portal.config.settings.development import *  # noqa: F403

DATABASES = {"default": environment.database(ENV, waits_for_disk=False)}
STORAGES["documents"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {
        "location": ENV.data / "files",
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    },
}
