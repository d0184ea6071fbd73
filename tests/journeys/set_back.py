"""Makes a person's sessions older than they are: `python -m tests.journeys.set_back amina@alder.example 1690`."""

import sys
from datetime import timedelta

import django

if __name__ == "__main__":
    django.setup()
    from django.db.models import F

    from portal.accounts.models import Session

    back = timedelta(seconds=int(sys.argv[2]))
    Session.objects.filter(user__email=sys.argv[1]).update(
        last_active_at=F("last_active_at") - back, started_at=F("started_at") - back
    )
