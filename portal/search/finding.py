"""What a word finds: the one rule, for the search page and for the filters of lists.

Every word that was asked for must be found on the case, at its beginning or whole, in things that the person may open.
Only where that gives little is it asked what misspelt words may have meant, and what comes of it is called close.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Case as Switch
from django.db.models import F, Q, QuerySet, When

from portal.access.actor import Actor
from portal.cases.querysets import CaseQuerySet
from portal.search.folding import begins, words_asked
from portal.search.holding import Form
from portal.search.models import Entry, Kind, Word
from portal.search.querysets import EntryQuerySet
from portal.search.spelling import has_neighbours, neighbouring_references, neighbours, sound, sounds_like

FIRST = 1000  # cases of one search; who has more adds a word
ENOUGH = 25  # a page: with so many cases nobody needs close matches
CLOSE = 25
MEANT = 20  # words that one misspelt word may have meant
Kinds = tuple[Kind, ...]
Meant = Mapping[str, Iterable[str]]  # a word that was asked for -> other words that it may have meant


@dataclass(frozen=True)
class Findings:
    """The ids of the cases, best first. `meant` says which other words led to the close ones."""

    words: tuple[str, ...] = ()
    exact: list[int] = field(default_factory=list)
    close: list[int] = field(default_factory=list)
    meant: Meant = field(default_factory=dict)
    has_more: bool = False

    @property
    def forms(self) -> tuple[Form, ...]:
        """Everything that counts as found, for showing where it stands."""
        return tuple(form for word in self.words for form in _forms(word, self.meant))


def find(cases: CaseQuerySet, text: str, actor: Actor) -> Findings:
    """The cases among these that hold every word, and a few that nearly do."""
    words = words_asked(text)
    if not words:
        return Findings()
    exact = _ids(_holding(cases, words, actor), words, actor, FIRST + 1)
    if len(exact) >= ENOUGH:
        return Findings(words, exact[:FIRST], has_more=len(exact) > FIRST)
    meant = _meant(words, actor)
    # words that are found as they stand may still be a misspelt name, and hardly anything else
    kinds = (Kind.RESIDENT,) if exact else ()
    near = _holding(cases, words, actor, kinds, meant).exclude(pk__in=exact)
    close = _ids(near, words, actor, CLOSE, meant) if any(meant.values()) else []
    return Findings(words, exact, close, meant if close else {})


def narrow(cases: CaseQuerySet, text: str, actor: Actor, kinds: Kinds = ()) -> tuple[CaseQuerySet, bool]:
    """The cases that hold every word in something of these kinds; when none does those that nearly do, and True."""
    words = words_asked(text)
    if not words:
        return cases.none(), False
    exact = _holding(cases, words, actor, kinds)
    if exact.exists():
        return exact, False
    meant = _meant(words, actor)
    return (_holding(cases, words, actor, kinds, meant), True) if any(meant.values()) else (exact, False)


def places(case_ids: list[int], findings: Findings, actor: Actor) -> EntryQuerySet:
    """The things of these cases in which any of the words was found."""
    return Entry.objects.holding((findings.forms,), actor).filter(case__in=case_ids)


def _holding(cases: CaseQuerySet, words: tuple[str, ...], actor: Actor, kinds: Kinds = (), meant: Meant = {}) -> CaseQuerySet:  # noqa: B006  fmt: skip
    for word in words:
        cases = cases.filter(pk__in=_entries(actor, kinds, _forms(word, meant)))
    return cases


def _forms(word: str, meant: Meant) -> tuple[Form, ...]:
    return (Form(word, begins(word)), *(Form(other) for other in meant.get(word, ())))


def _entries(actor: Actor, kinds: Kinds, *groups: tuple[Form, ...]) -> QuerySet[Entry]:
    return Entry.objects.holding(groups, actor, kinds).values("case_id")


def _ids(cases: CaseQuerySet, words: tuple[str, ...], actor: Actor, most: int, meant: Meant = {}) -> list[int]:  # noqa: B006
    """Best first: the reference itself, whole names, beginnings of names, addresses; open before closed, the newest first."""
    whole = [(Form(word),) for word in words]
    groups = [_forms(word, meant) for word in words]
    best = Switch(
        When(pk__in=_entries(actor, (Kind.REFERENCE,), tuple(form for group in whole for form in group)), then=0),
        When(pk__in=_entries(actor, (Kind.RESIDENT,), *whole), then=1),
        When(pk__in=_entries(actor, (Kind.RESIDENT,), *groups), then=2),
        When(pk__in=_entries(actor, (Kind.HOME,), *groups), then=3),
        default=4,
    )
    ranked = cases.order_by(best, F("closed_at").desc(nulls_first=True), "-id")
    return list(ranked.values_list("pk", flat=True)[:most])


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
    mine = Word.objects.filter(landlord_id=actor.landlord_id) if actor.is_landlord else Word.objects.all()
    found = mine.filter(Q(word__in=near) | Q(sound__in=sounds)).values_list("word", flat=True)
    return set(found.distinct()[:FIRST])
