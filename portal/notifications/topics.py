"""The kinds of event by which people choose their e-mails, the paces there are, and what is offered to whom (D2)."""

from django.db import models

from portal.access.actor import Actor
from portal.access.roles import Role


class Topic(models.TextChoices):
    TASKS = "tasks", "New tasks and changes to tasks"
    DEADLINES = "deadlines", "Changed deadlines"
    MESSAGES = "messages", "Messages"
    STATUS = "status", "New cases and changes of status"
    DETERMINATIONS = "determinations", "Determinations, orders and reviews"
    DOCUMENTS = "documents", "Documents"
    REMINDERS = "reminders", "Reminders of deadlines"
    ANSWERS = "answers", "Uploads and replies from landlords"


class Pace(models.TextChoices):
    AT_ONCE = "at-once", "At once"
    DAILY = "daily", "Once a day, all in one e-mail"
    ASSIGNED = "assigned", "At once, only about cases and tasks assigned to me"
    OFF = "off", "No e-mails"


LANDLORD_TOPICS = tuple(topic for topic in Topic if topic is not Topic.ANSWERS)


def topics_for(actor: Actor) -> tuple[Topic, ...]:
    """What this person may choose; nothing for the service's people who own no cases."""
    if actor.is_landlord:
        return LANDLORD_TOPICS
    return (Topic.ANSWERS,) if actor.team is not None else ()


def topics_for_bell(actor: Actor) -> tuple[Topic, ...]:
    """The topics on which this person can get notifications. A new owner is notified under “status”, DR2 Review under
    “determinations”."""
    return LANDLORD_TOPICS if actor.is_landlord else (Topic.ANSWERS, Topic.STATUS, Topic.DETERMINATIONS)


def paces_for(role: str) -> tuple[Pace, ...]:
    """The paces that a role may choose, its default first. An administrator's e-mails cannot be off (S85)."""
    if role == Role.ADMINISTRATOR:
        return (Pace.AT_ONCE, Pace.DAILY)
    if role == Role.SUB_ACCOUNT:
        return (Pace.ASSIGNED, Pace.AT_ONCE, Pace.DAILY, Pace.OFF)
    return (Pace.OFF, Pace.DAILY)
