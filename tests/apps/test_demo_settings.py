"""Demo mode and a real portal exclude each other."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def started(**surroundings: str) -> subprocess.CompletedProcess[str]:
    """A process that only reads the production settings."""
    settings = {"PORTAL_SECRET_KEY": "a-key-of-32-characters-for-this-test", "PYTHONPATH": str(ROOT), **surroundings}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DATABASE_URL"))}
    command = [sys.executable, "-c", "import portal.config.settings.production"]
    return subprocess.run(command, env={**kept, **settings}, capture_output=True, text=True, cwd=ROOT)


def test_production_settings_refuse_demo_mode():
    refused = started(PORTAL_DEMO="1")
    assert refused.returncode == 1
    assert "PORTAL_DEMO must not be set" in refused.stderr


def test_production_settings_start_without_demo_mode():
    assert started().returncode == 0


def test_only_the_making_of_the_demos_data_does_not_wait_for_the_disk():
    ask = "import sys, importlib; print(importlib.import_module(sys.argv[1]).DATABASES['default']['OPTIONS'])"
    for settings, expected in (("building", "synchronous=OFF"), ("development", "FULL"), ("production", "FULL")):
        env = {
            "PORTAL_SECRET_KEY": "a-key-of-32-characters-for-this-test",
            "PYTHONPATH": str(ROOT),
            "PATH": os.environ["PATH"],
        }
        command = [sys.executable, "-c", ask, f"portal.config.settings.{settings}"]
        assert expected in subprocess.run(command, env=env, capture_output=True, text=True, cwd=ROOT, check=True).stdout
