"""Reading the index. It may lag behind the cases by a worker's round; what it may show is decided by the cases, now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.determinations.models import Determination
from portal.documents.models import Document
from portal.messaging.models import Thread
from portal.search import holding
from portal.search.holding import Group
from portal.tasks.models import Task

if TYPE_CHECKING:
    from portal.search.models import CaseWords, Entry, Word  # noqa: F401


def of_landlord(landlord_id: int | None) -> Q:
    """The rows of one landlord; without one those of the service."""
    return Q(landlord__isnull=True) if landlord_id is None else Q(landlord_id=landlord_id)


def _may_be_opened(thing: str, visible: models.QuerySet[Any]) -> Q:
    """Matches entries without such a thing, or with a visible one. Adds no condition for people who see all of them."""
    if not visible.query.where:
        return Q()
    return Q(**{f"{thing}__isnull": True}) | Q(Exists(visible.filter(pk=OuterRef(f"{thing}_id"))))


class EntryQuerySet(models.QuerySet["Entry"]):
    def of_cases_of(self, actor: Actor) -> EntryQuerySet:
        """Entries of the landlord's cases; of every case for the service. Which of the cases is visible the caller asks."""
        return self if actor.landlord_id is None else self.filter(landlord_id=actor.landlord_id)

    def visible_to(self, actor: Actor) -> EntryQuerySet:
        """Those whose task, messages, document or determination the actor may open."""
        return self.of_cases_of(actor).filter(
            _may_be_opened("task", Task.objects.visible_to(actor)),
            _may_be_opened("thread", Thread.objects.visible_to(actor)),
            _may_be_opened("document", Document.objects.visible_to(actor)),
            _may_be_opened("determination", Determination.objects.visible_to(actor)),
        )

    def mentioning(self, words: Sequence[str]) -> EntryQuerySet:
        """Entries with any of the (padded) words. Uses no index, so it is meant for the entries of a few cases."""
        return self.filter(words__mentions=words)


class CaseWordsQuerySet(models.QuerySet["CaseWords"]):
    def of(self, actor: Actor) -> CaseWordsQuerySet:
        """The rows of the person's landlord; for the service its own."""
        return self.filter(of_landlord(actor.landlord_id))

    def where_open(self, words: Iterable[tuple[Group, EntryQuerySet]]) -> CaseWordsQuerySet:
        """Those where each word is sure, by its forms, or stands in one of the entries, which are those that may be opened.

        A single value is asked for, not whether there is one: PostgreSQL might answer that by reading every entry first.
        """
        rows = self
        for at, (sure, entries) in enumerate(words):
            one, name = entries.filter(case=OuterRef("case_id")).order_by().values("pk")[:1], f"entry_{at}"
            rows = rows.alias(**{name: Subquery(one)}).filter(
                Q(words__shows=holding.spelt((sure,))) | Q(**{f"{name}__isnull": False})
            )
        return rows


class WordQuerySet(models.QuerySet["Word"]):
    def visible_to(self, actor: Actor) -> WordQuerySet:
        """The words in use at the person's landlord; for the service those in use anywhere. None for who sees no cases."""
        if actor.landlord_id is not None and actor.may(Permission.LANDLORD_SEE_CASES):
            return self.filter(landlord_id=actor.landlord_id)
        return (
            self.filter(landlord__isnull=True)
            if not actor.is_landlord and actor.may(Permission.SEE_CASES)
            else self.none()
        )
