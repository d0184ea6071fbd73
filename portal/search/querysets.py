"""Reading the index. It may lag behind the cases by a worker's round; what it may show is decided by the cases, now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from portal.access.actor import Actor
from portal.determinations.models import Determination
from portal.documents.models import Document
from portal.messaging.models import Thread
from portal.search.holding import Ask, Form
from portal.tasks.models import Task

if TYPE_CHECKING:
    from portal.search.models import Entry  # noqa: F401

# Characters for private use, which no folded text holds.
OF_LANDLORD, OF_KIND = "\ue000", "\ue001"


def marks(landlord_id: int, kind: int) -> set[str]:
    """What the words of an entry hold beside the text's own."""
    return {f"{OF_LANDLORD}{landlord_id}", f"{OF_KIND}{kind}"}


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, actor: Actor) -> EntryQuerySet:
        """Entries whose thing the actor may open. That the case is visible is for the caller, who goes through it."""
        found = self.filter(landlord_id=actor.landlord_id) if actor.is_landlord else self
        return found.filter(
            Q(task__isnull=True) | Exists(Task.objects.visible_to(actor).filter(pk=OuterRef("task_id"))),
            Q(thread__isnull=True) | Exists(Thread.objects.visible_to(actor).filter(pk=OuterRef("thread_id"))),
            Q(document__isnull=True) | Exists(Document.objects.visible_to(actor).filter(pk=OuterRef("document_id"))),
            Q(determination__isnull=True)
            | Exists(Determination.objects.visible_to(actor).filter(pk=OuterRef("determination_id"))),
        )

    def holding(self, ask: Ask, actor: Actor, kinds: tuple[int, ...] = ()) -> EntryQuerySet:
        """Those of the actor's entries, of one of the kinds, that meet every group of the question."""
        own = ((Form(f"{OF_LANDLORD}{actor.landlord_id}"),),) if actor.is_landlord else ()
        of_kind = (tuple(Form(f"{OF_KIND}{kind}") for kind in kinds),) if kinds else ()
        return self.visible_to(actor).filter(words__holds=(*ask, *own, *of_kind))
