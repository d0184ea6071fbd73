"""Draws docs/moves.md from the code's table. `python -m tests.rules.moves_drawn` writes it; a test holds it fresh."""

from pathlib import Path

MOVES_DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "moves.md"
HEAD = """# Moves: how a case goes from status to status

Drawn from `portal/cases/lifecycle.py`; do not edit by hand. A move that is not here is refused.
Whoever has the permission “{permission}” may make every move here.
Each asks for a reason, which only the service reads.
A case is closed only when the landlord has no outstanding task on it.
Nobody chooses the two determined statuses: issuing a determination, or the outcome of a review of it, leads there.

| From | To | Needs | Team from then on |
|---|---|---|---|
"""


def moves_document() -> str:
    from portal.access.permissions import Permission
    from portal.cases.lifecycle import DEFAULT_TEAM, MOVES, moves_from
    from portal.cases.statuses import Status

    rows = []
    for status in Status:
        for to in moves_from(status):
            team = DEFAULT_TEAM[to]
            rows.append(
                f"| {status.label} | {to.label} | {MOVES[status][to].value} | {team.label if team else 'stays'} |"
            )
    return HEAD.format(permission=Permission.MOVE_CASES.value) + "\n".join(rows) + "\n"


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings.test")
    django.setup()
    MOVES_DOCUMENT.write_text(moves_document())
