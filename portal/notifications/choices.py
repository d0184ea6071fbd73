"""What a person chose about their e-mails: reading it with the role's default, and saving it."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction

from portal.access.actor import Actor
from portal.audit import trail
from portal.content.words import working_calendar
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.notifications.hours import SendingHours
from portal.notifications.models import MailChoice
from portal.notifications.topics import Pace, Topic, paces_for, topics_for


def choices_of(person_ids: Iterable[int]) -> dict[int, MailChoice]:
    """person -> choice, also for those who never chose."""
    wanted = list(person_ids)
    saved = {choice.person_id: choice for choice in MailChoice.objects.filter(person_id__in=wanted)}
    return {person_id: saved.get(person_id) or MailChoice(person_id=person_id) for person_id in wanted}


def choice_of(person_id: int) -> MailChoice:
    return choices_of([person_id])[person_id]


def pace_of(choice: MailChoice, topic: Topic, *, role: str) -> Pace:
    """The pace that holds. What a role may no longer choose gives way to its default: an administrator's are never off."""
    allowed, chosen = paces_for(role), choice.paces.get(topic.value)
    return Pace(chosen) if chosen in allowed else allowed[0]


def hours_of(choice: MailChoice) -> SendingHours:
    return SendingHours(settings.SENDING_HOURS, working_calendar(), choice.any_time)


@transaction.atomic
def choose_mails(*, paces: Mapping[str, str], any_time: bool, by: Actor) -> MailChoice:
    """Saves the person's own choice."""
    for topic in topics_for(by):
        if paces.get(topic.value) not in paces_for(by.role):
            raise RuleBroken("Choose when you want these e-mails.", field=topic.value)
    MailChoice.objects.get_or_create(person_id=by.user_id)
    choice = MailChoice.objects.select_for_update().get(person_id=by.user_id)
    choice.landlord_id, choice.any_time, choice.changed_at = by.landlord_id, any_time, clock.now()
    choice.paces = {topic.value: paces[topic.value] for topic in topics_for(by)}
    choice.save()
    trail.record(by, "notification settings changed", choice, paces=choice.paces, any_time=any_time)
    return choice
