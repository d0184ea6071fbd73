"""How long a password link and a sign-in code work, in words: the settings say it in figures."""

from datetime import timedelta

from django.conf import settings

from portal.lib.amounts import in_time

LINK_LIFE = in_time(settings.PASSWORD_LINK_LIFE)
CODE_LIFE = in_time(timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT))
