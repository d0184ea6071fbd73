"""For commands that use the tests' people and browser without pytest: import it before anything that knows Django."""

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings.test")
if not apps.ready:
    django.setup()
