"""Settings of the test run: the same portal, with a throw-away key, fast password hashes and a folder of its own."""

import atexit
import shutil
import tempfile
from pathlib import Path

from portal.config import env as environment
from portal.config.settings.base import *  # noqa: F403
from portal.config.settings.base import ENV, STORAGES

SECRET_KEY = ENV.secret_key or environment.throw_away_key()
TEST_FOLDER = Path(tempfile.mkdtemp(prefix="portal-test-"))
atexit.register(shutil.rmtree, TEST_FOLDER, ignore_errors=True)
STATIC_ROOT = TEST_FOLDER / "static"
STATIC_ROOT.mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PORTAL_URL = "http://testserver"
SENDING_HOURS = None  # the tests run at any hour; those of the sending hours name them
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES["documents"] = {
    "BACKEND": "portal.files.storage.FolderStorage",
    "OPTIONS": {
        "location": TEST_FOLDER / "files",
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    },
}
