"""Maps each kind of event to its audience and its words. The only such table; docs/events.md is generated from it.

`line` is the text on the timeline and in notifications; it may name people and documents, since it is read inside the portal.
`mail` is the text of an e-mail: that there is something to read, never what it says and never a resident's name. A mail of None
means no immediate e-mail. recipients.py decides who gets the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.cases.diary import Happened as H
from portal.cases.models import DiaryEntry
from portal.cases.statuses import Status
from portal.determinations.kinds import Asker, Feedback, Outcome, SentHow
from portal.lib.days import day_in_words
from portal.lib.errors import RuleBroken
from portal.notifications.topics import Topic
from portal.teams.models import Team


class Audience(StrEnum):
    """Who is notified. The person who did it never is."""

    LANDLORD = "the landlord"  # the bell of each of its active people; e-mails to the administrator and as chosen
    OWNER = "the case owner"  # the bell of the owner; of the team's people while the case has none who is active
    COLLEAGUE = "the colleague named"  # the bell of that one person of the landlord
    NEW_OWNER = "the new owner"
    REVIEW_TEAM = "DR2 Review"  # the bell of each of the team's people; of the owner while the team has none
    NOBODY = "nobody"


Line = Callable[[DiaryEntry], str]


@dataclass(frozen=True)
class Rule:
    audience: Audience
    line: Line
    mail: str | None
    page: str  # where the words lead, one of _TOPIC_OF_PAGE
    about: Topic | None = None  # as which kind of event people choose its e-mails; None: by the page
    urgent: bool = False  # never waits for a daily digest

    @property
    def topic(self) -> Topic:
        if self.audience is Audience.OWNER:
            return Topic.ANSWERS
        return self.about or _TOPIC_OF_PAGE[self.page]


_TOPIC_OF_PAGE = {
    "overview": Topic.STATUS,
    "task": Topic.TASKS,
    "documents": Topic.DOCUMENTS,
    "thread": Topic.MESSAGES,
    "determination": Topic.DETERMINATIONS,
}


def _day(text: Any) -> str:
    return day_in_words(date.fromisoformat(str(text)))


def _files(entry: DiaryEntry) -> str:
    count = int(entry.details["count"])
    return "1 document" if count == 1 else f"{count} documents"


def _changed(entry: DiaryEntry) -> str:
    """Early entries do not have the former title."""
    former, now = entry.details.get("old_title", ""), entry.details["title"]
    what = {"": "", now: ". What we ask for is described anew"}.get(former, f", before “{former}”")
    return f"Task changed: {_title(entry)}{what}"


def _title(entry: DiaryEntry) -> str:
    return f"“{entry.details['title']}”"


def _due(entry: DiaryEntry) -> str:
    return _day(entry.details["task_due_on"])


def _assigned(entry: DiaryEntry, what: str) -> str:
    name = entry.details.get("name")
    return f"{what} assigned to {name}" if name else f"{what} no longer assigned to anybody"


def _team(entry: DiaryEntry) -> str:
    return f"Team changed to {Team(entry.details['team']).label}"


def _owner(entry: DiaryEntry) -> str:
    name = entry.details.get("name")
    return f"{name} now owns the case" if name else "The case has no owner"


def _completed(entry: DiaryEntry) -> str:
    day = _day(entry.details["completed_on"])
    return f"Task completed on {day}: {_title(entry)}"


def _order(entry: DiaryEntry) -> str:
    return f"order {entry.details['number']}"


def _issued(entry: DiaryEntry) -> str:
    version = int(entry.details["version"])
    return "Determination issued" if version == 1 else f"Determination issued anew, version {version}"


def _confirmed(entry: DiaryEntry) -> str:
    part = " in part" if entry.details.get("in_part") else ""
    return f"Compliance with {_order(entry)} confirmed{part}"


def _returned(entry: DiaryEntry) -> str:
    return f"Returned to you, due {_day(entry.details['due_on'])}: {_order(entry)}"


def _date_changed(entry: DiaryEntry) -> str:
    dates = f"from {_day(entry.details['old_due_on'])} to {_day(entry.details['due_on'])}"
    return f"Due date of {_order(entry)} changed {dates}"


def _feedback(entry: DiaryEntry) -> str:
    said = Feedback(entry.details["feedback"]).label.lower()
    return f"Recommendation {entry.details['number']}: {said}"


def _asked(entry: DiaryEntry) -> str:
    return f"Review asked for by {Asker(entry.details['asker']).label}"


def _taken(entry: DiaryEntry) -> str:
    return f"Late request for a review {'taken on' if entry.details['taken'] else 'not taken on'}"


RULES: dict[H, Rule] = {
    H.CASE_CREATED: Rule(Audience.NOBODY, lambda e: "Case created", None, "overview"),
    H.CASE_RELEASED: Rule(
        Audience.LANDLORD,
        lambda e: "Case opened to you in the portal",
        "A case has been added to the portal",
        "overview",
    ),
    H.STATUS_CHANGED: Rule(
        Audience.LANDLORD,
        lambda e: f"Status changed to “{Status(e.details['status']).label}”",
        "The status of a case has changed",
        "overview",
    ),
    H.TEAM_CHANGED: Rule(Audience.NOBODY, _team, None, "overview"),
    H.OWNER_CHANGED: Rule(Audience.NEW_OWNER, _owner, None, "overview"),
    H.COLLEAGUE_CHANGED: Rule(
        Audience.COLLEAGUE, lambda e: _assigned(e, "Case"), "A case is assigned to you", "overview", Topic.TASKS
    ),
    H.TASK_SET: Rule(
        Audience.LANDLORD, lambda e: f"New task, due {_due(e)}: {_title(e)}", "There is a new task for you", "task"
    ),
    H.TASK_COMPLETED: Rule(Audience.OWNER, _completed, None, "task"),
    H.TASK_UNABLE: Rule(Audience.OWNER, lambda e: f"Unable to complete: {_title(e)}", None, "task"),
    H.TASK_ANSWERED: Rule(
        Audience.LANDLORD,
        lambda e: f"Answer to your “unable to complete”: {_title(e)}",
        "We answered your “unable to complete”",
        "task",
    ),
    H.TASK_DEADLINE_CHANGED: Rule(
        Audience.LANDLORD,
        lambda e: f"Deadline changed from {_day(e.details['old_due_on'])} to {_day(e.details['due_on'])}: {_title(e)}",
        "The deadline of a task has changed",
        "task",
        Topic.DEADLINES,
    ),
    H.TASK_CHANGED: Rule(Audience.LANDLORD, _changed, "A task has changed", "task"),
    H.TASK_CANCELLED: Rule(
        Audience.LANDLORD, lambda e: f"Task cancelled: {_title(e)}", "A task has been cancelled", "task"
    ),
    H.TASK_ACCEPTED: Rule(
        Audience.LANDLORD, lambda e: f"Task accepted: {_title(e)}", "We accepted a task that you completed", "task"
    ),
    H.TASK_RETURNED: Rule(
        Audience.LANDLORD,
        lambda e: f"Task returned to you, now due {_day(e.details['due_on'])}: {_title(e)}",
        "We returned a task to you",
        "task",
    ),
    H.TASK_ASSIGNED: Rule(
        Audience.COLLEAGUE, lambda e: _assigned(e, f"Task {_title(e)}"), "A task is assigned to you", "task"
    ),
    H.TASK_DUE_SOON: Rule(
        Audience.LANDLORD,
        lambda e: f"Reminder: task due {_day(e.details['due_on'])}: {_title(e)}",
        "A task is due soon",
        "task",
        Topic.REMINDERS,
    ),
    H.TASK_OVERDUE: Rule(
        Audience.LANDLORD,
        lambda e: f"Reminder: task overdue since {_day(e.details['due_on'])}: {_title(e)}",
        "A task is overdue",
        "task",
        Topic.REMINDERS,
        urgent=True,
    ),
    H.DOCUMENTS_UPLOADED: Rule(Audience.OWNER, lambda e: f"{_files(e)} uploaded", None, "documents"),
    H.DOCUMENT_WITHDRAWN: Rule(Audience.OWNER, lambda e: f"Document withdrawn: {e.details['name']}", None, "documents"),
    H.DOCUMENT_REPLACED: Rule(
        Audience.OWNER,
        lambda e: f"Document replaced: {e.details['name']} by {e.details['new_name']}",
        None,
        "documents",
    ),
    H.DOCUMENT_RECATEGORISED: Rule(
        Audience.NOBODY,
        lambda e: f"Category of {e.details['name']} changed from {e.details['was']} to {e.details['now']}",
        None,
        "documents",
    ),
    H.DOCUMENT_SHARED: Rule(
        Audience.LANDLORD,
        lambda e: f"Document added by the service: {e.details['name']}",
        "We added a document to a case",
        "documents",
    ),
    H.DOCUMENT_KEPT: Rule(
        Audience.NOBODY, lambda e: f"Document added for the service only: {e.details['name']}", None, "documents"
    ),
    H.MESSAGE_FROM_SERVICE: Rule(
        Audience.LANDLORD,
        lambda e: f"Message from the service: “{e.details['subject']}”",
        "You have a new message",
        "thread",
    ),
    H.MESSAGE_FROM_LANDLORD: Rule(
        Audience.OWNER, lambda e: f"Message from the landlord: “{e.details['subject']}”", None, "thread"
    ),
    H.DETERMINATION_ISSUED: Rule(Audience.LANDLORD, _issued, "We have issued a determination", "determination"),
    H.RESIDENT_LETTER_SENT: Rule(
        Audience.NOBODY,
        lambda e: f"Letter sent to the resident on {_day(e.details['on'])}: {SentHow(e.details['how']).label.lower()}",
        None,
        "determination",
    ),
    H.ORDER_CONFIRMED: Rule(Audience.OWNER, _confirmed, None, "determination"),
    H.ORDER_ACCEPTED: Rule(
        Audience.LANDLORD,
        lambda e: f"Compliance with {_order(e)} accepted",
        "We accepted your compliance with an order",
        "determination",
    ),
    H.ORDER_RETURNED: Rule(Audience.LANDLORD, _returned, "We returned an order to you", "determination"),
    H.ORDER_DATE_CHANGED: Rule(
        Audience.LANDLORD, _date_changed, "The due date of an order has changed", "determination", Topic.DEADLINES
    ),
    H.RECOMMENDATION_ANSWERED: Rule(Audience.OWNER, _feedback, None, "determination"),
    H.REVIEW_ASKED: Rule(Audience.REVIEW_TEAM, _asked, None, "determination"),
    H.REVIEW_ASKED_LATE: Rule(Audience.REVIEW_TEAM, lambda e: f"{_asked(e)}, late", None, "determination"),
    H.LATE_REVIEW_DECIDED: Rule(
        Audience.LANDLORD, _taken, "We decided on a late request for a review", "determination"
    ),
    H.REVIEW_DECIDED: Rule(
        Audience.LANDLORD,
        lambda e: f"Review decided: {Outcome(e.details['outcome']).label.lower()}",
        "A review has been decided",
        "determination",
    ),
}


# What the service's own timeline says where the words above speak to the landlord.
SERVICE_LINES: dict[H, Line] = {
    H.CASE_RELEASED: lambda e: "Case released to the landlord",
    H.TASK_SET: lambda e: f"Task set, due {_due(e)}: {_title(e)}",
    H.TASK_ANSWERED: lambda e: f"“Unable to complete” answered: {_title(e)}",
    H.TASK_RETURNED: lambda e: f"Task returned to the landlord, now due {_day(e.details['due_on'])}: {_title(e)}",
    H.MESSAGE_FROM_SERVICE: lambda e: f"Message to the landlord: “{e.details['subject']}”",
    H.ORDER_RETURNED: lambda e: f"Returned to the landlord, due {_day(e.details['due_on'])}: {_order(e)}",
}


def rule_of(entry: DiaryEntry) -> Rule:
    try:
        return RULES[H(entry.kind)]
    except (KeyError, ValueError):
        raise RuleBroken(f"Nobody decided who is told of “{entry.kind}”.") from None


def line(entry: DiaryEntry, *, for_service: bool = False) -> str:
    """The entry in words, for the timeline and for notifications."""
    rule = rule_of(entry)
    if for_service:
        return SERVICE_LINES.get(H(entry.kind), rule.line)(entry)
    return rule.line(entry)
