"""Ranks the cases that match a question. If few match, all are ordered in one statement; if many do, reading stops as soon as
there are enough. The statements are compiled once for each shape of question (`@kept`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby, islice
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models import Case as Switch

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.search import holding
from portal.search.holding import Ask, Parts, spelt, written
from portal.search.models import CaseWords
from portal.search.querysets import CaseWordsQuerySet

# How many of the latest rows are read for words that many cases hold: the smallest number that should do. If it does not, the
# largest is tried, and then the whole index.
LATEST = 1_000, 4_000, 20_000
AMPLE = 1.25  # that number should hold so many times the cases that are wanted

Narrowing = Callable[[CaseQuerySet], CaseQuerySet]  # such as CaseQuerySet.open: a function of a module or a class
Ranked = QuerySet[CaseWords, tuple[int, bool]]  # the case, and whether it needs no further question


@dataclass(frozen=True)
class Asked:
    """A question. Its words name whose rows they are of: the landlord's, or the service's."""

    every: Ask
    better: Sequence[Ask]  # what fits better than the rest, the best first
    sure: Ask  # what needs no further question
    is_rare: bool  # certain to match few cases


@dataclass(frozen=True)
class Among:
    """The cases to search: those that the actor may see, narrowed, without `besides`."""

    actor: Actor
    narrowing: Narrowing
    besides: tuple[int, ...] = ()


def best(asked: Asked, among: Among, most: int, rows: CaseWordsQuerySet | None = None) -> dict[int, bool]:
    """The ids of the matching cases, best first, each with whether it needs no further check. `rows` limits the search to rows
    that may be opened."""
    steps = [*asked.better, asked.every]
    shares = [0.0] if asked.is_rare else _shares(steps, among.actor)
    if not shares[-1]:
        return _in_order(asked, steps, [len(steps) - 1], among, most, rows)
    found: dict[int, bool] = {}
    for are_many, group in groupby(zip(steps, shares, strict=True), key=lambda one: one[1] > 0):
        together = list(group)
        for part in [[one] for one in together] if are_many else [together]:
            if len(found) < most:
                asks = [ask for ask, _ in part]
                more = _among_latest(asked, *part[0], among, most, rows) if are_many else {}
                if len(more) < most:
                    more = _in_order(asked, asks, range(len(asks)), among, most, rows)
                found |= {case_id: is_sure for case_id, is_sure in more.items() if case_id not in found}
    return dict(islice(found.items(), most))


def _shares(steps: Sequence[Ask], by: Actor) -> list[float]:
    if connection.vendor != "postgresql":
        return holding.shares_of_latest(CaseWords.objects.of(by), steps)
    return holding.shares(_planned.expected(by, steps=[written(ask) for ask in steps]), steps)


def _in_order(
    asked: Asked, steps: Sequence[Ask], wanted: Sequence[int], among: Among, most: int, rows: CaseWordsQuerySet | None
) -> dict[int, bool]:
    """The cases that match one of the `wanted` steps, in the order of the steps."""
    parts, sure = spelt(asked.sure)
    shape = (among.narrowing, most, tuple(wanted), parts)
    values: dict[str, Any] = {"steps": [written(ask) for ask in steps], "sure": sure, "besides": among.besides}
    if rows is None:
        return dict(_ordered(among.actor, *shape, **values))
    return dict(_ordered.plainly(among.actor, *shape, rows, **values))


def _among_latest(
    asked: Asked, ask: Ask, share: float, among: Among, most: int, rows: CaseWordsQuerySet | None
) -> dict[int, bool]:
    """The latest cases that match a single step, of which there are many. Fewer than `most` if the latest rows hold too few."""
    (parts, asks), (sure_parts, sure) = spelt(ask), spelt(asked.sure)
    values: dict[str, Any] = {"asks": asks, "sure": sure, "besides": among.besides}
    ample = next((latest for latest in LATEST if latest * share >= most * AMPLE), LATEST[-1])
    found: dict[int, bool] = {}
    for latest in dict.fromkeys((ample, LATEST[-1])):
        if len(found) < most:
            shape = (among.narrowing, most, latest, parts, sure_parts)
            if rows is None:
                found = dict(_latest(among.actor, *shape, **values))
            else:
                found = dict(_latest.plainly(among.actor, *shape, rows, **values))
    return found


@kept
def _planned(by: Actor, steps: list[str]) -> QuerySet[CaseWords]:
    return holding.expected(CaseWords.objects.all(), CaseWords.objects.of(by), steps)


@kept
def _ordered(
    by: Actor,
    narrowing: Narrowing,
    most: int,
    wanted: tuple[int, ...],
    parts: Parts,
    rows: CaseWordsQuerySet | None = None,
    *,
    steps: list[str],
    sure: list[str],
    besides: Sequence[int],
) -> Ranked:
    every = CaseWords.objects.all()
    better = [every.filter(words__holds=ask).values("pk") for ask in steps[:-1]]
    places = [When(pk__in=ids, then=Value(at)) for at, ids in enumerate(better)]
    order = [Switch(*places, default=Value(len(better))), "-pk"] if better else ["-pk"]
    held = (every if rows is None else rows).filter(reduce(or_, (Q(words__holds=steps[at]) for at in wanted)))
    return _seen(held.order_by(*order), by, narrowing, besides, (parts, sure))[:most]


@kept
def _latest(
    by: Actor,
    narrowing: Narrowing,
    most: int,
    latest: int,
    parts: Parts,
    sure_parts: Parts,
    rows: CaseWordsQuerySet | None = None,
    *,
    asks: list[str],
    sure: list[str],
    besides: Sequence[int],
) -> Ranked:
    own = (CaseWords.objects.all() if rows is None else rows).of(by)
    held = holding.newest(own, (parts, asks), latest)
    return _seen(held.order_by("-pk"), by, narrowing, besides, (sure_parts, sure))[:most]


def _seen(
    rows: QuerySet[CaseWords], by: Actor, narrowing: Narrowing, besides: Sequence[int], sure: tuple[Parts, list[str]]
) -> Ranked:
    """Checks each case in a subquery: in a join PostgreSQL might read all cases first."""
    cases = narrowing(Case.objects.visible_to(by)).exclude(pk__in=besides)
    one = cases.filter(pk=OuterRef("case_id")).order_by().values("pk")[:1]
    is_sure = ExpressionWrapper(Q(words__shows=sure), BooleanField())
    seen = rows.alias(seen=Subquery(one)).filter(seen__isnull=False)
    return seen.annotate(is_sure=is_sure).values_list("case_id", "is_sure")
