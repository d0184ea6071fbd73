"""Settings of the bare Django app: what `startproject` gives, on the database and the template engine of the portal."""

import os
import secrets
from pathlib import Path

from portal.config import env

ENV = env.read()
SECRET_KEY = secrets.token_urlsafe(50)
ALLOWED_HOSTS = list(ENV.hosts)
ROOT_URLCONF = "tests.bare.app"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.database(ENV) | {"ENGINE": "django.db.backends.postgresql"}}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "tests.bare",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {},
    }
]
MEDIA_ROOT = os.environ.get("PORTAL_DATA", "")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
USE_TZ = True
