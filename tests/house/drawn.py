"""Draws docs/events.md from the tables in the code. `python -m tests.house.drawn` writes it anew; a test holds it fresh."""

from tests.house.floors import ROOT

EVENTS = ROOT / "docs" / "events.md"
HEAD = """# Events: what happens on a case, who may read it, who is told

Drawn from `portal/cases/diary.py` and `portal/notifications/rules.py`; do not edit by hand.
An entry from before a case's release is never shown to the landlord. The one who did a thing is never told of it.
E-mails go to the landlord's administrator address and hold no case content.

| What happened | Who may read it | Who is told (bell) | E-mail | Where it leads |
|---|---|---|---|---|
"""


def events_document() -> str:
    from portal.cases.diary import READERS, Happened
    from portal.notifications.rules import RULES

    rows = [
        f"| {kind.value} | {READERS[kind].value} | {rule.told.value} | {rule.mail or 'none'} | {rule.page} |"
        for kind, rule in ((kind, RULES[kind]) for kind in Happened)
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings.test")
    django.setup()
    EVENTS.write_text(events_document())
