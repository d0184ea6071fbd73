"""Reading the index. It may lag behind the cases by a worker's round; what it may show is decided by the cases, now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.determinations.models import Determination
from portal.documents.models import Document
from portal.messaging.models import Thread
from portal.search.holding import Ask, Form
from portal.search.kinds import OF_THE_CASE, Kind
from portal.tasks.models import Task

if TYPE_CHECKING:
    from portal.search.models import Entry, Word  # noqa: F401

OF_LANDLORD, OF_KIND = "\ue000", "\ue001"  # for private use: no folded text holds them


def marks(landlord_id: int, kind: int) -> set[str]:
    """What the words of an entry hold beside the text's own."""
    return {f"{OF_LANDLORD}{landlord_id}", f"{OF_KIND}{kind}"}


class EntryQuerySet(models.QuerySet["Entry"]):
    def of_cases_of(self, actor: Actor) -> EntryQuerySet:
        """Entries of the landlord's cases; of every case for the service. Which of the cases is visible the caller asks."""
        return self if actor.landlord_id is None else self.filter(landlord_id=actor.landlord_id)

    def visible_to(self, actor: Actor) -> EntryQuerySet:
        """Those whose task, messages, document or determination the actor may open."""
        return self.of_cases_of(actor).filter(
            Q(task__isnull=True) | Exists(Task.objects.visible_to(actor).filter(pk=OuterRef("task_id"))),
            Q(thread__isnull=True) | Exists(Thread.objects.visible_to(actor).filter(pk=OuterRef("thread_id"))),
            Q(document__isnull=True) | Exists(Document.objects.visible_to(actor).filter(pk=OuterRef("document_id"))),
            Q(determination__isnull=True)
            | Exists(Determination.objects.visible_to(actor).filter(pk=OuterRef("determination_id"))),
        )

    def holding(self, ask: Ask, actor: Actor, kinds: tuple[Kind, ...] = ()) -> EntryQuerySet:
        """Those of the actor's entries, of one of the kinds, that meet every group of the question."""
        own = ((Form(f"{OF_LANDLORD}{actor.landlord_id}"),),) if actor.is_landlord else ()
        of_kind = (tuple(Form(f"{OF_KIND}{kind}") for kind in kinds),) if kinds else ()
        found = self.of_cases_of(actor) if kinds and OF_THE_CASE.issuperset(kinds) else self.visible_to(actor)
        return found.filter(words__holds=(*ask, *own, *of_kind))


class WordQuerySet(models.QuerySet["Word"]):
    def visible_to(self, actor: Actor) -> WordQuerySet:
        """The words in use at the person's landlord; at every landlord for the service. None for who sees no cases."""
        if actor.landlord_id is not None and actor.may(Permission.LANDLORD_SEE_CASES):
            return self.filter(landlord_id=actor.landlord_id)
        return self.all() if not actor.is_landlord and actor.may(Permission.SEE_CASES) else self.none()
