"""What is needed to decide who is notified about a batch of diary entries. Everything is read once for the whole batch."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property

from portal.cases.models import DiaryEntry
from portal.landlords.models import Membership
from portal.landlords.people import people_of_any
from portal.mail.models import OutgoingMail
from portal.notifications.choices import choices_of
from portal.notifications.models import MailChoice
from portal.notifications.withdrawn import ARRIVALS, people_notified, wholly_withdrawn
from portal.tasks.models import Task
from portal.teams.models import StaffMember
from portal.teams.people import owners


class Facts:
    """Lives for one transaction and one batch of entries."""

    def __init__(self, entries: Sequence[DiaryEntry]) -> None:
        self._entries = entries
        self._choices: dict[int, MailChoice] = {}
        self._notified: dict[int, set[int] | None] = {}

    def people_of(self, landlord_id: int) -> list[Membership]:
        """The landlord's active people, the administrator first."""
        return self._people.get(landlord_id, [])

    @cached_property
    def _people(self) -> dict[int, list[Membership]]:
        found = defaultdict(list)
        landlords = {entry.landlord_id for entry in self._entries} | {entry.case.landlord_id for entry in self._entries}
        for member in people_of_any(landlords):
            found[member.landlord_id].append(member)
        return dict(found)

    @cached_property
    def owners(self) -> list[StaffMember]:
        """The active people of the four teams."""
        return list(owners())

    def choice_of(self, person_id: int) -> MailChoice:
        """What a person chose about their e-mails."""
        if person_id not in self._choices:
            wanted = {person_id, *self._likely()} - set(self._choices)
            self._choices.update(choices_of(wanted))
        return self._choices[person_id]

    def _likely(self) -> set[int]:
        """The people whose choices will be asked for next: the case owners and everybody read so far."""
        people = self.__dict__.get("_people", {}).values()
        owner_ids = {entry.case.owner_id for entry in self._entries if entry.case.owner_id is not None}
        return owner_ids | {member.user_id for members in people for member in members}

    def task_of(self, entry: DiaryEntry) -> Task:
        """The task that the entry is about."""
        return self._tasks[entry.details["task"]]

    @cached_property
    def _tasks(self) -> dict[int, Task]:
        return Task.objects.in_bulk({entry.details["task"] for entry in self._entries if "task" in entry.details})

    def is_nothing_left(self, entry: DiaryEntry) -> bool:
        """Whether everything that the entry announces has since been withdrawn or replaced."""
        return entry.kind in ARRIVALS and entry.details["submission"] in self._withdrawn

    @cached_property
    def _withdrawn(self) -> set[int]:
        return wholly_withdrawn(entry.details["submission"] for entry in self._entries if entry.kind in ARRIVALS)

    def people_notified(self, entry: DiaryEntry) -> set[int] | None:
        """For a withdrawal, the people who were notified about the upload. None for every other kind."""
        if entry.pk not in self._notified:
            self._notified[entry.pk] = people_notified(entry)
        return self._notified[entry.pk]


def mails_since(since: datetime, person_ids: Iterable[int], *, kind: str) -> dict[int, list[datetime]]:
    """The times at which each person's e-mails of this kind were queued, oldest first."""
    found: dict[int, list[datetime]] = {person_id: [] for person_id in person_ids}
    mails = OutgoingMail.objects.filter(user_id__in=found, created_at__gt=since, kind__startswith=kind)
    for person_id, at in mails.order_by("created_at").values_list("user_id", "created_at"):
        if person_id is not None:  # for the type checker: the filter leaves none
            found[person_id].append(at)
    return found
