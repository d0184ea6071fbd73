"""What a notification e-mail says: that there is something to read, on which case. Never what it is about (H54)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from portal.accounts.models import User
from portal.cases.models import DiaryEntry
from portal.notifications.rules import rule_of

MOST_REFERENCES = 50  # of each kind; the rest is counted
_FOOT = "Nobody reads replies to this e-mail. To answer, sign in and send a message on the case."
_CHOOSE = "To choose when you get these e-mails: {}/account/notifications/"


@dataclass(frozen=True)
class EmailText:
    subject: str
    body: str


def email_about(person: User, entry: DiaryEntry) -> EmailText:
    """The e-mail of one thing that happened."""
    words, reference = rule_of(entry).mail, entry.case.reference
    return EmailText(
        f"{words}: case {reference}",
        _body(
            person,
            f"{words}: case {reference}.",
            f"Sign in to read it:\n{settings.PORTAL_URL}/cases/{reference}/",
            _FOOT,
        ),
    )


def digest_email(person: User, entries: Sequence[DiaryEntry]) -> EmailText:
    """The e-mail of several things: for each kind how many there are, and on which cases."""
    groups: dict[str, list[DiaryEntry]] = defaultdict(list)
    for entry in entries:
        groups[rule_of(entry).topic.label].append(entry)
    listed = "\n\n".join(f"{words}: {len(group)}\n{_references(group)}" for words, group in groups.items())
    count = "1 notification" if len(entries) == 1 else f"{len(entries):,} notifications"
    return EmailText(
        f"{count} in the {settings.SERVICE_NAME}",
        _body(
            person,
            f"There is news on your cases: {count}.",
            listed,
            f"Sign in to read it:\n{settings.PORTAL_URL}/notifications/?show=unread",
            "Nobody reads replies to this e-mail.",
        ),
    )


def _references(entries: Sequence[DiaryEntry]) -> str:
    found = list(dict.fromkeys(entry.case.reference for entry in entries))
    more = len(found) - MOST_REFERENCES
    shown = ", ".join(found[:MOST_REFERENCES])
    return f"Cases {shown} and {more:,} more" if more > 0 else f"{'Case' if len(found) == 1 else 'Cases'} {shown}"


def _body(person: User, *parts: str) -> str:
    choose = _CHOOSE.format(settings.PORTAL_URL)
    return "\n\n".join([f"Dear {person.name}", *parts, choose, f"{settings.SERVICE_NAME}\n"])
