"""How far a person's access may be restricted, and what each level takes away. The one place for it (S8, C22)."""

from enum import StrEnum

from portal.access.permissions import Permission as P


class Level(StrEnum):
    """From the mildest to the hardest. A warning takes nothing away: it stands before the next page until it was read."""

    WARN = "warn"
    MESSAGE_BLOCK = "message-block"
    READ_ONLY = "read-only"
    FULL_BLOCK = "full-block"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def must_be_read(self) -> bool:
        """It stands before the next page until the person says that they have read it, and then in nobody's way."""
        return self is Level.WARN

    @property
    def shuts_out(self) -> bool:
        """Nothing but the page that says so, and signing out, is left."""
        return self is Level.FULL_BLOCK


_LABELS = {
    Level.WARN: "Warning",
    Level.MESSAGE_BLOCK: "Message block",
    Level.READ_ONLY: "Read-only",
    Level.FULL_BLOCK: "Full block",
}

TO_READ = frozenset(level for level in Level if level.must_be_read)

# Everything by which one of a landlord's people changes something. A full block leaves nothing at all.
_WRITING = frozenset({P.LANDLORD_WORK_CASES, P.LANDLORD_WRITE_MESSAGES, P.LANDLORD_MANAGE_PEOPLE})
TAKES_AWAY: dict[Level, frozenset[P]] = {
    Level.WARN: frozenset(),
    Level.MESSAGE_BLOCK: frozenset({P.LANDLORD_WRITE_MESSAGES}),
    Level.READ_ONLY: _WRITING,
    Level.FULL_BLOCK: frozenset(P),
}


def left_by(level: Level | None, permissions: frozenset[P]) -> frozenset[P]:
    """What a person may still do."""
    return permissions - TAKES_AWAY[level] if level else permissions
