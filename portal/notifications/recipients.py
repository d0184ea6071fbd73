"""Who gets an e-mail about a diary entry at this moment. Checked at fan-out and again before the e-mail goes out (H54).

The landlord's administrator always gets one. Its other people get one according to their choice, which by default covers what
is assigned to them. The case owner gets one if they switched the digest on. Events that no longer matter are dropped.
"""

from dataclasses import dataclass
from datetime import date

from portal.access.roles import Role
from portal.cases.diary import Happened
from portal.cases.models import DiaryEntry
from portal.lib import clock
from portal.notifications.choices import hours_of, pace_of
from portal.notifications.facts import Facts
from portal.notifications.hours import SendingHours
from portal.notifications.rules import Audience, rule_of
from portal.notifications.topics import Pace, Topic
from portal.tasks.models import Task

REMINDERS = {Happened.TASK_DUE_SOON, Happened.TASK_OVERDUE}
NO_LONGER = "No longer a recipient: they left, are not assigned any more or chose otherwise."


@dataclass(frozen=True)
class Recipient:
    """A person who gets an e-mail, with their pace and sending hours."""

    person_id: int
    landlord_id: int | None
    pace: Pace
    hours: SendingHours
    is_administrator: bool = False


def recipients(entry: DiaryEntry, facts: Facts) -> list[Recipient]:
    rule = rule_of(entry)
    if why_nobody(entry, facts):
        return []
    if rule.audience is Audience.OWNER:
        return _owner(entry, facts)
    if rule.audience not in {Audience.LANDLORD, Audience.COLLEAGUE} or rule.mail is None:
        return []
    found = _of_landlord(entry, rule.topic, facts)
    if rule.audience is Audience.COLLEAGUE:
        named = entry.details["colleague"]
        return [one for one in found if one.person_id == named and named in _assigned(entry, facts)]
    return found


def why_nobody(entry: DiaryEntry, facts: Facts) -> str:
    """The reason, in words, why the event no longer needs an e-mail; "" while it does."""
    case, rule = entry.case, rule_of(entry)
    to_landlord = rule.audience in {Audience.LANDLORD, Audience.COLLEAGUE}
    if to_landlord and not (entry.landlord_may_read and case.is_released and case.landlord_id == entry.landlord_id):
        return "The landlord does not see this."
    if facts.is_nothing_left(entry):
        return "It was withdrawn first."
    return _why_no_reminder(entry, facts.task_of(entry)) if entry.kind in REMINDERS else ""


def _why_no_reminder(entry: DiaryEntry, task: Task) -> str:
    due_on = date.fromisoformat(entry.details["due_on"])
    if not entry.case.is_open:
        return "The case was closed first."
    if not task.is_outstanding:
        return "The task was done first."
    if task.due_on != due_on:
        return "The deadline was changed first."
    if entry.kind == Happened.TASK_DUE_SOON and clock.today() > due_on:
        return "The deadline passed first."
    return ""


def _of_landlord(entry: DiaryEntry, topic: Topic, facts: Facts) -> list[Recipient]:
    members = [member for member in facts.people_of(entry.landlord_id) if member.user_id != entry.actor_id]
    assigned = _assigned(entry, facts)
    found = []
    for member in members:
        choice = facts.choice_of(member.user_id)
        pace = pace_of(choice, topic, role=member.role)
        if pace is Pace.ASSIGNED:
            pace = Pace.AT_ONCE if member.user_id in assigned else Pace.OFF
        if pace is not Pace.OFF:
            is_administrator = member.role == Role.ADMINISTRATOR
            hours = hours_of(choice)
            found.append(Recipient(member.user_id, entry.landlord_id, pace, hours, is_administrator))
    return found


def _assigned(entry: DiaryEntry, facts: Facts) -> set[int]:
    """The landlord's people to whom the case, or the task that the entry is about, is assigned."""
    ids = {entry.case.colleague_id}
    if "task" in entry.details:
        ids.add(facts.task_of(entry).colleague_id)
    return {user_id for user_id in ids if user_id is not None}


def _owner(entry: DiaryEntry, facts: Facts) -> list[Recipient]:
    owner = next((member for member in facts.owners if member.user_id == entry.case.owner_id), None)
    if owner is None or owner.user_id == entry.actor_id:
        return []
    notified = facts.people_notified(entry)
    if notified is not None and owner.user_id not in notified:
        return []
    choice = facts.choice_of(owner.user_id)
    if pace_of(choice, Topic.ANSWERS, role=owner.role) is Pace.OFF:
        return []
    return [Recipient(owner.user_id, None, Pace.DAILY, hours_of(choice))]
