"""What it takes to decide who is told of some entries: each thing is read once for all of them, when it is first asked."""

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
from portal.notifications.withdrawn import ARRIVALS, who_heard, wholly_withdrawn
from portal.tasks.models import Task
from portal.teams.models import StaffMember
from portal.teams.people import owners


class Facts:
    """Made anew for each piece of work: what it has read is true for one transaction and for these entries."""

    def __init__(self, entries: Sequence[DiaryEntry]) -> None:
        self._entries = entries
        self._choices: dict[int, MailChoice] = {}
        self._heard: dict[int, set[int] | None] = {}

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
        """Whose choices are asked for next: the owners of the cases, and the people read so far."""
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
        """Whether all that the entry tells of as having come was withdrawn or replaced meanwhile."""
        return entry.kind in ARRIVALS and entry.details["submission"] in self._withdrawn

    @cached_property
    def _withdrawn(self) -> set[int]:
        return wholly_withdrawn(entry.details["submission"] for entry in self._entries if entry.kind in ARRIVALS)

    def who_heard(self, entry: DiaryEntry) -> set[int] | None:
        """Of a withdrawal: the people who had been told that the document came. None where that does not matter."""
        if entry.pk not in self._heard:
            self._heard[entry.pk] = who_heard(entry)
        return self._heard[entry.pk]


def mails_since(since: datetime, person_ids: Iterable[int], *, kind: str) -> dict[int, list[datetime]]:
    """person -> when each of their e-mails of this kind was written, the oldest first."""
    found: dict[int, list[datetime]] = {person_id: [] for person_id in person_ids}
    mails = OutgoingMail.objects.filter(user_id__in=found, created_at__gt=since, kind__startswith=kind)
    for person_id, at in mails.order_by("created_at").values_list("user_id", "created_at"):
        if person_id is not None:  # for the type checker: the filter leaves none
            found[person_id].append(at)
    return found
