"""A portal on one's own machine: the demo, or manage.py by hand."""

from portal.config import env as environment
from portal.config.settings.base import *  # noqa: F403
from portal.config.settings.base import ENV

SECRET_KEY = ENV.secret_key or environment.throw_away_key()
