"""Reading the index. It may lag behind the cases by a worker's round; what it may show is decided by the cases, now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby, islice
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case as Switch
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, Subquery, Value, When

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.cases.querysets import CaseQuerySet
from portal.determinations.models import Determination
from portal.documents.models import Document
from portal.messaging.models import Thread
from portal.search import holding
from portal.search.holding import Ask, Form, Group
from portal.tasks.models import Task

if TYPE_CHECKING:
    from portal.search.models import CaseWords, Entry, Word  # noqa: F401

LATEST = 20_000  # rows among which what many hold is looked for, before the whole index is asked all the same


def of_landlord(landlord_id: int | None) -> Q:
    """The rows of one landlord; without one those of the service."""
    return Q(landlord__isnull=True) if landlord_id is None else Q(landlord_id=landlord_id)


def _may_be_opened(thing: str, visible: models.QuerySet[Any]) -> Q:
    """That an entry is of no such thing, or of one that is visible. Of who sees all of them nothing is asked."""
    if not visible.query.where:
        return Q()
    return Q(**{f"{thing}__isnull": True}) | Q(Exists(visible.filter(pk=OuterRef(f"{thing}_id"))))


@dataclass(frozen=True)
class Asked:
    """A question to the rows of one landlord, or of the service: its words name whose they are."""

    landlord_id: int | None
    every: Ask
    better: Sequence[Ask]  # what fits better than the rest, the best first
    sure: Ask  # what needs no further question


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

    def mentioning(self, forms: Sequence[Form]) -> EntryQuerySet:
        """Those that hold any of the forms. For the entries of a few cases: no index answers it."""
        padded, wanted = holding.mentions(forms)
        return self.alias(padded=padded).filter(wanted)


class CaseWordsQuerySet(models.QuerySet["CaseWords"]):
    def where_open(self, words: Iterable[tuple[Group, EntryQuerySet]]) -> CaseWordsQuerySet:
        """Those where each word is sure, by its forms, or stands in one of the entries, which are those that may be opened.

        A single value is asked for, not whether there is one: PostgreSQL might answer that by reading every entry first.
        """
        rows = self
        for at, (sure, entries) in enumerate(words):
            one, name = entries.filter(case=OuterRef("case_id")).order_by().values("pk")[:1], f"entry_{at}"
            rows = rows.alias(**{name: Subquery(one)}).filter(Q(words__shows=(sure,)) | Q(**{f"{name}__isnull": False}))
        return rows

    def best(self, asked: Asked, cases: CaseQuerySet, most: int) -> dict[int, bool]:
        """The ids of the cases that meet the question, those first that meet it better; with each, whether it is sure.

        Where few meet it, all are put in order at once. Where many do, reading stops as soon as there are enough.
        """
        steps = [*asked.better, asked.every]
        rows = self.model._default_manager
        many = holding.are_many(rows.all(), rows.filter(of_landlord(asked.landlord_id)), steps)
        if not many[-1]:
            return self._best(asked, steps, [asked.every], cases, most)
        found: dict[int, bool] = {}
        for are_many, group in groupby(zip(steps, many, strict=True), key=lambda one: one[1]):
            together = [ask for ask, _ in group]
            for part in [[ask] for ask in together] if are_many else [together]:
                if len(found) < most:
                    more = (self._newest if are_many else self._best)(asked, part, part, cases, most)
                    found |= {case_id: is_sure for case_id, is_sure in more.items() if case_id not in found}
        return dict(islice(found.items(), most))

    def _best(
        self, asked: Asked, steps: Sequence[Ask], wanted: Sequence[Ask], cases: CaseQuerySet, most: int
    ) -> dict[int, bool]:
        rows = self.model._default_manager
        order: list[Switch | str] = ["-pk"]
        better = [rows.filter(words__holds=ask).values("pk") for ask in steps[:-1]]
        if better:
            places = (When(pk__in=ids, then=Value(at)) for at, ids in enumerate(better))
            order = [Switch(*places, default=Value(len(better))), *order]
        found = self.filter(reduce(or_, (Q(words__holds=ask) for ask in wanted)))
        return _ids(found.order_by(*order), asked, cases, most)

    def _newest(
        self, asked: Asked, steps: Sequence[Ask], wanted: Sequence[Ask], cases: CaseQuerySet, most: int
    ) -> dict[int, bool]:
        """As `_best` of one question that many cases meet: seldom more than the latest are read."""
        rows = self.filter(of_landlord(asked.landlord_id))
        found = _ids(holding.newest(rows, wanted[0], LATEST).order_by("-pk"), asked, cases, most)
        return found if len(found) >= most else self._best(asked, steps, wanted, cases, most)


def _ids(rows: models.QuerySet[CaseWords], asked: Asked, cases: CaseQuerySet, most: int) -> dict[int, bool]:
    """Of these cases. Each is looked up when its row was found: in a join PostgreSQL might read all cases first."""
    one = cases.filter(pk=OuterRef("case_id")).order_by().values("pk")[:1]
    found = rows.alias(seen=Subquery(one)).filter(seen__isnull=False)
    is_sure = ExpressionWrapper(Q(words__shows=asked.sure), models.BooleanField())
    return dict(found.annotate(is_sure=is_sure).values_list("case_id", "is_sure")[:most])


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
