"""One record of every kind in the portal that the environment names, everybody signed in, and names as long as people's
names can be. Prints the visits and the sessions: `python -m tests.journeys.accessible.build_world`.
"""

import json
import logging
from typing import Any

import django

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


def build() -> dict[str, object]:
    from django.conf import settings

    from tests import cast as the_cast
    from tests import visits

    cast = the_cast.build()
    found, visitors = visits.everything(cast)
    lengthen()
    give_birch_work(cast)
    return {
        "cookie": settings.SESSION_COOKIE_NAME,
        "sessions": visitors.sessions(),
        "visits": visits.as_plain(found),
    }


def give_birch_work(cast: Any) -> None:
    """What Carys does on her day: one task, and one question to answer."""
    from portal.messaging import actions as messaging
    from portal.tasks import actions as tasks
    from portal.tasks.models import TaskKind
    from tests.cast import in_days

    kind, due_on = TaskKind.RESPOND_TO_REQUEST, in_days(10)
    tasks.set_task(
        cast.birch_case, kind=kind, title="Send the gas record", details="Since 2024.", due_on=due_on, by=cast.dev
    )
    messaging.start_thread(cast.birch_case, subject="When may we come?", body="Please name a day.", by=cast.dev)


def lengthen() -> None:
    """What people name grows: the names that the pages show are from now on as long as they come."""
    from django.db.models import F, Value
    from django.db.models.functions import Concat

    from portal.accounts.models import User
    from portal.cases.models import Case
    from portal.documents.models import Document
    from portal.files.models import Upload
    from portal.landlords.models import Landlord
    from portal.messaging.models import Thread
    from portal.tasks.models import Task

    for model, name in (
        (User, "name"),
        (Landlord, "name"),
        (Case, "resident_name"),
        (Case, "resident_address"),
        (Document, "name"),
        (Upload, "name"),
        (Thread, "subject"),
        (Task, "title"),
    ):
        # one of each stays short: links of one line stand closest together, and Zoe's landlord is typed by its name
        kept = {f"{name}__in": ("Cedar Homes", "Confirm compliance")}
        model.objects.exclude(**kept).update(**{name: Concat(Value(f"{LONG} "), F(name))})


if __name__ == "__main__":
    django.setup()
    logging.disable()  # asking for every page as everybody is refused often
    print(json.dumps(build()))
