"""Draws docs/events.md from the tables in the code. `python -m tests.house.drawn` writes it anew; a test holds it fresh."""

from typing import TYPE_CHECKING

from tests.house.layers import ROOT

if TYPE_CHECKING:
    from portal.notifications.rules import Rule

EVENTS = ROOT / "docs" / "events.md"
HEAD = """# Events: what happens on a case, who may read it, who is told

Drawn from `portal/cases/diary.py` and `portal/notifications/rules.py`; do not edit by hand.
An entry from before a case's release is never shown to the landlord. The one who did a thing is never told of it.
E-mails hold no case content. They go to the landlord's administrator address, and to whoever else chose the kind of event
or has the case or task assigned to them (`portal/notifications/recipients.py`).

| What happened | Who may read it | Who is told (bell) | E-mail | Chosen as | Where it leads |
|---|---|---|---|---|---|
"""


def events_document() -> str:
    from portal.cases.diary import READERS, Happened
    from portal.notifications.rules import RULES

    rows = [
        f"| {kind.value} | {READERS[kind].value} | {rule.audience.value} | {_mail(rule)} | {_chosen_as(rule)} | {rule.page} |"
        for kind, rule in ((kind, RULES[kind]) for kind in Happened)
    ]
    return HEAD + "\n".join(rows) + "\n"


def _mail(rule: "Rule") -> str:
    return "in a digest, if the owner wants it" if rule.topic == "answers" else rule.mail or "none"


def _chosen_as(rule: "Rule") -> str:
    return rule.topic.label if rule.mail or rule.topic == "answers" else ""


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings.test")
    django.setup()
    EVENTS.write_text(events_document())
