"""Draws docs/moves.md and its picture from the code's table. `python -m tests.rules.moves_drawn` writes both.

A test holds them fresh.
"""

from pathlib import Path

from tests.rules.moves_picture import moves_picture

DOCS = Path(__file__).resolve().parents[2] / "docs"
MOVES_DOCUMENT, MOVES_PICTURE = DOCS / "moves.md", DOCS / "images" / "moves.svg"
HEAD = """# Moves: how a case goes from status to status

Drawn from `portal/cases/lifecycle.py`; do not edit by hand. A move that is not here is refused.
Whoever has the permission “{permission}” may make every move here.
Each asks for a reason, which only the service reads.
A case is closed only when the landlord has no outstanding task on it and every completed one has been checked.
Nobody chooses the two determined statuses: issuing a determination, or the outcome of a review of it, leads there.

![Every move between the ten statuses. The two tables below say the same in words.](images/moves.svg)

## The moves

| From | To | Needs | Team from then on |
|---|---|---|---|
{moves}

## Every status with every status

A row is where the case is, a column where it should go. A letter in bold is a move, another one why it is refused.

| | {columns} |
|---|{lines}|
{matrix}

{key}
"""


def moves_document() -> str:
    from portal.access.permissions import Permission
    from portal.cases.statuses import Status

    return HEAD.format(
        permission=Permission.MOVE_CASES.value,
        moves="\n".join(_moves()),
        columns=" | ".join(str(number) for number, _ in enumerate(Status, start=1)),
        lines="|".join(":-:" for _ in Status),
        matrix="\n".join(
            f"| {number} {status.label} | {' | '.join(_cell(status, to) for to in Status)} |"
            for number, status in enumerate(Status, start=1)
        ),
        key="\n".join(_key()),
    )


def _moves() -> list[str]:
    from portal.cases.lifecycle import DEFAULT_TEAM, MOVES, moves_from
    from portal.cases.statuses import Status

    rows = []
    for status in Status:
        for to in moves_from(status):
            team = DEFAULT_TEAM[to]
            rows.append(
                f"| {status.label} | {to.label} | {MOVES[status][to].value} | {team.label if team else 'stays'} |"
            )
    return rows


def _letters() -> dict[object, str]:
    """A capital for what a move needs, a small letter for why there is none."""
    from portal.cases.lifecycle import Needs, Refused

    return dict(zip(Needs, "ABCD", strict=True)) | dict(zip(Refused, "stuvwxy", strict=True))


def _cell(status: object, to: object) -> str:
    from portal.cases.lifecycle import MOVES, refused_as

    refused = refused_as(status, to)
    return _letters()[refused] if refused else f"**{_letters()[MOVES[status][to]]}**"


def _key() -> list[str]:
    from portal.cases.lifecycle import Needs

    return [
        f"- **{letter}**: allowed; needs {reason.value}"
        if isinstance(reason, Needs)
        else f"- {letter}: refused: {reason.value}"
        for reason, letter in _letters().items()
    ]


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings.test")
    django.setup()
    MOVES_DOCUMENT.write_text(moves_document())
    MOVES_PICTURE.write_text(moves_picture())
