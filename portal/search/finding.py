"""What a search finds: the one rule, for the search page and for list filters.

A case matches if each word of the question is found on it, whole or as the beginning of a word, in something that the person
may open. If there are few exact matches, misspelt words are corrected and those results are shown as close matches.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models import Q, QuerySet

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.lib.references import is_case_reference
from portal.search.folding import ADJOINING, begins, words_asked
from portal.search.holding import Ask, Form, padded, written
from portal.search.kinds import Kind
from portal.search.models import CaseWords, Entry, Word
from portal.search.querysets import CaseWordsQuerySet, EntryQuerySet
from portal.search.ranking import Among, Asked, Narrowing, best
from portal.search.snippets import Sought
from portal.search.spelling import has_neighbours, neighbouring_references, neighbours, sound, sounds_like
from portal.search.tokens import SPOT_OF_KIND, Spot, forms_of

FIRST = 250  # cases of one search; who has more adds a word
ENOUGH = 25  # a page: with so many cases nobody needs close matches
CLOSE = 25
IN_USE = 1000  # words in use that are looked at for all that may be misspelt in one question
MEANT = 20  # words that one misspelt word may have meant
Kinds = tuple[Kind, ...]  # REFERENCE, RESIDENT, HOME; none named is everything on the case
Meant = Mapping[str, Iterable[str]]  # a word that was asked for -> other words that it may have meant


@dataclass(frozen=True)
class Question:
    """The words of a search and who searches. `meant` holds the possible corrections of each word."""

    words: tuple[str, ...]
    actor: Actor
    meant: Meant = field(default_factory=dict)

    def forms(self, word: str) -> tuple[Form, ...]:
        """What counts as this word in the index. Other references are looked up among the references."""
        others = () if word.isdigit() else self.meant.get(word, ())
        return (Form(word, begins(word)), Form(f"{ADJOINING}{word}"), *(Form(other) for other in others))

    def references(self, word: str) -> tuple[Form, ...]:
        """The references that digits may have meant."""
        return tuple(Form(other) for other in self.meant.get(word, ())) if word.isdigit() else ()

    def all_forms(self) -> tuple[Form, ...]:
        """Everything that is marked as found where it stands."""
        held = [form for word in self.words for form in self.forms(word)]
        return (*held, *(form for word in self.words for form in self.references(word)))

    def holding(self, cases: CaseQuerySet, kinds: Kinds = ()) -> CaseQuerySet:
        """The cases that hold every word, each in a thing of these kinds."""
        rows = CaseWords.objects.all() if kinds else self._open_rows()
        return cases.filter(pk__in=rows.filter(words__holds=written(self._ask(kinds))).values("case_id"))

    def first(self, among: Among, most: int, kinds: Kinds = ()) -> list[int]:
        """The ids of the best of these cases: by the reference itself, whole names, beginnings of names, addresses, the
        rest; open before closed, the newest first."""
        is_rare = any(is_case_reference(word) for word in self.words)
        asked = Asked(self._ask(kinds), list(self._better(kinds)), self._ask(kinds, unsure=()), is_rare)
        found = best(asked, among, most)
        if not all(found.values()):
            found = best(asked, among, most, self._open_rows())
        return list(found)

    def _better(self, kinds: Kinds) -> Iterator[Ask]:
        """What fits better than the rest, the best first."""
        whole = {word: (Form(word),) for word in self.words}
        forms = {word: self.forms(word) for word in self.words}
        steps = ((Kind.REFERENCE, whole), (Kind.RESIDENT, whole), (Kind.RESIDENT, forms), (Kind.HOME, forms))
        for kind, found in steps:
            if not kinds or kind in kinds:
                yield tuple(self._standing((SPOT_OF_KIND[kind],), found[word]) for word in self.words)

    def _ask(self, kinds: Kinds, unsure: tuple[Spot, ...] = (Spot.ASKED,)) -> Ask:
        spots = tuple(SPOT_OF_KIND[kind] for kind in kinds) or (Spot.ANYWHERE, *unsure)
        return tuple(self._held(word, spots, is_any=not kinds) for word in self.words)

    def _open_rows(self) -> CaseWordsQuerySet:
        """The rows of what may be opened now: of what not everybody may open, the thing itself is asked."""
        entries = Entry.objects.visible_to(self.actor)
        sure = self._ask((), unsure=())
        asked = (
            (group, entries.mentioning(padded(self.forms(word)))) for word, group in zip(self.words, sure, strict=True)
        )
        return CaseWords.objects.all().where_open(asked)

    def _held(self, word: str, spots: tuple[Spot, ...], *, is_any: bool) -> tuple[Form, ...]:
        """The word in these spots; among the references also what its digits may have meant."""
        others = self._standing((Spot.REFERENCE,), self.references(word)) if is_any else ()
        return (*self._standing(spots, self.forms(word)), *others)

    def _standing(self, spots: tuple[Spot, ...], forms: tuple[Form, ...]) -> tuple[Form, ...]:
        return forms_of(self.actor.landlord_id, spots, forms)


@dataclass(frozen=True)
class Findings:
    """The ids of the cases, best first, and everything that counts as found, for showing where it stands."""

    exact: list[int] = field(default_factory=list)
    close: list[int] = field(default_factory=list)
    forms: tuple[Form, ...] = ()
    has_more: bool = False

    @cached_property
    def sought(self) -> Sought:
        return Sought(self.forms)

    @property
    def words(self) -> list[str]:
        """The forms as a text of words is asked for them."""
        return padded(self.forms)


def find(text: str, actor: Actor, narrowing: Narrowing = CaseQuerySet.all) -> Findings:
    """Finds the cases with every word, and a few close matches, among the cases that the actor may see."""
    asked = Question(words_asked(text), actor)
    if not asked.words:
        return Findings()
    exact = asked.first(Among(actor, narrowing), FIRST + 1)
    if len(exact) >= ENOUGH:
        return Findings(exact[:FIRST], [], asked.all_forms(), has_more=len(exact) > FIRST)
    nearly = replace(asked, meant=_meant(asked.words, actor, with_references=not exact))
    if not any(nearly.meant.values()):
        return Findings(exact, [], asked.all_forms())
    # words that are found as they stand may still be a misspelt name, and hardly anything else
    close = nearly.first(Among(actor, narrowing, tuple(exact)), CLOSE, (Kind.RESIDENT,) if exact else ())
    return Findings(exact, close, (nearly if close else asked).all_forms())


def narrow(cases: CaseQuerySet, text: str, actor: Actor, kinds: Kinds = ()) -> tuple[CaseQuerySet, bool]:
    """The cases that hold every word in something of these kinds; when none does those that nearly do, and True."""
    asked = Question(words_asked(text), actor)
    if not asked.words:
        return cases.none(), False
    exact = asked.holding(cases, kinds)
    if exact.exists():
        return exact, False
    nearly = replace(asked, meant=_meant(asked.words, actor, with_references=not kinds))
    close = nearly.holding(cases, kinds) if any(nearly.meant.values()) else exact
    # said only of what may be seen: that a hidden case holds a word like this one is nobody's to know
    return (close, True) if close is not exact and close.exists() else (exact, False)


def places(case_ids: str, words: Sequence[str], actor: Actor) -> EntryQuerySet:
    """The things of these cases, which are `listed`, in which any of the words was found: `Findings.words`."""
    return Entry.objects.visible_to(actor).filter(case__id__among=case_ids).mentioning(words)


def _meant(words: tuple[str, ...], actor: Actor, *, with_references: bool) -> Meant:
    """Which words in use at the landlord each word may have meant, and which references."""
    slips = {word: neighbours(word) for word in words if has_neighbours(word)}
    used = _words_in_use(slips, actor)
    meant: dict[str, Iterable[str]] = {}
    for word in words if with_references else ():
        meant[word] = _references_in_use(neighbouring_references(word), actor)
    for word, near in slips.items():
        slipped = sorted(other for other in used if other in near and other != word)
        sounding = sorted(other for other in used if other not in near and sounds_like(word, other))
        meant[word] = [*slipped, *sounding][:MEANT]
    return meant


def _references_in_use(near: set[str], actor: Actor) -> list[str]:
    if not near:
        return []
    found = Case.objects.visible_to(actor).filter(reference__in=near).order_by("reference")
    return list(found.values_list("reference", flat=True)[:MEANT])


def _words_in_use(slips: Mapping[str, set[str]], actor: Actor) -> set[str]:
    if not slips:
        return set()
    near = " ".join(set().union(*slips.values()))
    sounds = " ".join({sound(word) for word in slips} - {""})
    return {word for (word,) in _near(actor, near=near, sounds=sounds)}


@kept
def _near(actor: Actor, near: str, sounds: str) -> QuerySet[Word, tuple[str]]:
    found = Word.objects.visible_to(actor).filter(Q(word__among=near) | Q(sound__among=sounds))
    return found.order_by("word").values_list("word")[:IN_USE]
