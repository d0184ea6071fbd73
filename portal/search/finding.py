"""What a word finds: the one rule, for the search page and for the filters of lists.

Every word that was asked for must be found on the case, at its beginning or whole, in things that the person may open.
Only where that gives little is it asked what misspelt words may have meant, and what comes of it is called close.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Case as Switch
from django.db.models import F, Q, QuerySet, When

from portal.access.actor import Actor
from portal.cases.querysets import CaseQuerySet
from portal.search.folding import ADJOINING, begins, words_asked
from portal.search.holding import Form
from portal.search.kinds import Kind
from portal.search.models import Entry, Word
from portal.search.querysets import EntryQuerySet
from portal.search.spelling import has_neighbours, neighbouring_references, neighbours, sound, sounds_like

FIRST = 1000  # cases of one search; who has more adds a word
ENOUGH = 25  # a page: with so many cases nobody needs close matches
CLOSE = 25
IN_USE = 1000  # words in use that are looked at for all that may be misspelt in one question
MEANT = 20  # words that one misspelt word may have meant
Kinds = tuple[Kind, ...]
Meant = Mapping[str, Iterable[str]]  # a word that was asked for -> other words that it may have meant


@dataclass(frozen=True)
class Question:
    """What is looked for, by whom. With `meant`, a misspelt word may be one of those instead."""

    words: tuple[str, ...]
    actor: Actor
    meant: Meant = field(default_factory=dict)

    def forms(self, word: str) -> tuple[Form, ...]:
        """What counts as this word in the index. Other references are looked up among the cases."""
        others = () if word.isdigit() else self.meant.get(word, ())
        return (Form(word, begins(word)), Form(f"{ADJOINING}{word}"), *(Form(other) for other in others))

    def references(self, word: str) -> tuple[str, ...]:
        """The references that digits may have meant."""
        return tuple(self.meant.get(word, ())) if word.isdigit() else ()

    def all_forms(self) -> tuple[Form, ...]:
        """Everything that is marked as found where it stands."""
        held = [form for word in self.words for form in self.forms(word)]
        return (*held, *(Form(reference) for word in self.words for reference in self.references(word)))

    def holding(self, cases: CaseQuerySet, kinds: Kinds = ()) -> CaseQuerySet:
        """The cases that hold every word, each in a thing of these kinds.

        The words are met in one set of ids: of several sets PostgreSQL would guess too few and walk through each for each.
        """
        misread = [word for word in self.words if self.references(word) and not kinds]
        for word in misread:
            held = Q(pk__in=self.case_ids(kinds, self.forms(word)))
            cases = cases.filter(held | Q(reference__in=self.references(word)))
        groups = [self.forms(word) for word in self.words if word not in misread]
        return cases.filter(pk__in=self._meeting(groups, kinds)) if groups else cases

    def _meeting(self, groups: list[tuple[Form, ...]], kinds: Kinds) -> QuerySet[Any, Any]:
        if len(kinds) == 1:  # a case has one thing of such a kind, which must hold them all
            return self.case_ids(kinds, *groups)
        first, *others = [self.case_ids(kinds, group) for group in groups]
        return first.intersection(*others) if others else first

    def case_ids(self, kinds: Kinds, *groups: tuple[Form, ...]) -> QuerySet[Any, Any]:
        """The cases with one thing that meets every group."""
        return Entry.objects.holding(groups, self.actor, kinds).values("case_id")

    def best(self) -> Switch:
        """The reference itself, whole names, beginnings of names, addresses, the rest."""
        whole = [(Form(word),) for word in self.words]
        groups = [self.forms(word) for word in self.words]
        return Switch(
            When(pk__in=self.case_ids((Kind.REFERENCE,), tuple(form for (form,) in whole)), then=0),
            When(pk__in=self.case_ids((Kind.RESIDENT,), *whole), then=1),
            When(pk__in=self.case_ids((Kind.RESIDENT,), *groups), then=2),
            When(pk__in=self.case_ids((Kind.HOME,), *groups), then=3),
            default=4,
        )

    def first(self, cases: CaseQuerySet, most: int) -> list[int]:
        """The ids of the best of these cases; open before closed, the newest first."""
        ranked = cases.order_by(self.best(), F("closed_at").desc(nulls_first=True), "-id")
        return list(ranked.values_list("pk", flat=True)[:most])


@dataclass(frozen=True)
class Findings:
    """The ids of the cases, best first, and everything that counts as found, for showing where it stands."""

    exact: list[int] = field(default_factory=list)
    close: list[int] = field(default_factory=list)
    forms: tuple[Form, ...] = ()
    has_more: bool = False


def find(cases: CaseQuerySet, text: str, actor: Actor) -> Findings:
    """The cases among these that hold every word, and a few that nearly do."""
    asked = Question(words_asked(text), actor)
    if not asked.words:
        return Findings()
    exact = asked.first(asked.holding(cases), FIRST + 1)
    if len(exact) >= ENOUGH:
        return Findings(exact[:FIRST], [], asked.all_forms(), has_more=len(exact) > FIRST)
    nearly = replace(asked, meant=_meant(asked.words, actor))
    # words that are found as they stand may still be a misspelt name, and hardly anything else
    near = nearly.holding(cases, (Kind.RESIDENT,) if exact else ()).exclude(pk__in=exact)
    close = nearly.first(near, CLOSE) if any(nearly.meant.values()) else []
    return Findings(exact, close, (nearly if close else asked).all_forms())


def narrow(cases: CaseQuerySet, text: str, actor: Actor, kinds: Kinds = ()) -> tuple[CaseQuerySet, bool]:
    """The cases that hold every word in something of these kinds; when none does those that nearly do, and True."""
    asked = Question(words_asked(text), actor)
    if not asked.words:
        return cases.none(), False
    exact = asked.holding(cases, kinds)
    if exact.exists():
        return exact, False
    nearly = replace(asked, meant=_meant(asked.words, actor))
    close = nearly.holding(cases, kinds) if any(nearly.meant.values()) else exact
    # said only of what may be seen: that a hidden case holds a word like this one is nobody's to know
    return (close, True) if close is not exact and close.exists() else (exact, False)


def places(case_ids: list[int], findings: Findings, actor: Actor) -> EntryQuerySet:
    """The things of these cases in which any of the words was found."""
    return Entry.objects.holding((findings.forms,), actor).filter(case__in=case_ids)


def _meant(words: tuple[str, ...], actor: Actor) -> Meant:
    """Which words in use at the landlord each word may have meant, and which references."""
    slips = {word: neighbours(word) for word in words if has_neighbours(word)}
    used = _words_in_use(slips, actor)
    meant: dict[str, Iterable[str]] = {word: sorted(neighbouring_references(word)) for word in words}
    for word, near in slips.items():
        slipped = sorted(other for other in used if other in near and other != word)
        sounding = sorted(other for other in used if other not in near and sounds_like(word, other))
        meant[word] = [*slipped, *sounding][:MEANT]
    return meant


def _words_in_use(slips: Mapping[str, set[str]], actor: Actor) -> set[str]:
    if not slips:
        return set()
    near = set().union(*slips.values())
    sounds = {sound(word) for word in slips} - {""}
    found = Word.objects.visible_to(actor).filter(Q(word__in=near) | Q(sound__in=sounds))
    return set(found.order_by("word").values_list("word", flat=True).distinct()[:IN_USE])
