"""Writes the index of a case: what can be found on it now, and the words that its landlord's cases hold."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.db import transaction

from portal.cases.models import Case
from portal.determinations.models import Complaint, Determination, Order, Recommendation
from portal.documents.models import Document
from portal.messaging.models import Message, Thread
from portal.search.folding import words_adjoining, words_in, words_of_reference
from portal.search.kinds import Kind
from portal.search.models import CaseWords, Entry, Word
from portal.search.querysets import of_landlord
from portal.search.spelling import has_neighbours, sound
from portal.search.tokens import tokens
from portal.tasks.models import Task

OfLandlord = Task | Thread | Document | Determination
A_TIME = 500  # rows of one statement
IS_OPEN, CASES = 60, 27  # bits: open cases come before all that were closed, and so many tell cases of one second apart


@transaction.atomic
def write(case_ids: Collection[int]) -> None:
    """Brings the index of these cases up to date. They are held meanwhile: of two workers the second sees what the first
    has written."""
    cases = list(Case.objects.select_for_update(no_key=True).filter(pk__in=case_ids).order_by("pk"))
    wanted = {thing.thing: thing for thing in _entries({case.pk: case for case in cases})}
    there = {entry.thing: entry for entry in Entry.objects.filter(case__in=cases)}
    stale = [entry.pk for thing, entry in there.items() if not _same(entry, wanted.get(thing))]
    fresh = [entry for thing, entry in wanted.items() if not _same(entry, there.get(thing))]
    if stale:
        Entry.objects.filter(pk__in=stale).delete()
    Entry.objects.bulk_create(fresh, batch_size=A_TIME)
    learn(fresh)
    _write_words(cases, wanted.values())


def _write_words(cases: list[Case], entries: Iterable[Entry]) -> None:
    """The rows by which the cases are found; what is as it was is left alone."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.case_id].append(entry)
    wanted = {row.pk: row for case in cases for row in _rows(case, found[case.pk])}
    there = dict(CaseWords.objects.filter(case__in=cases).values_list("pk", "words"))
    stale = [pk for pk, words in there.items() if pk not in wanted or wanted[pk].words != words]
    if stale:
        CaseWords.objects.filter(pk__in=stale).delete()
    fresh = [row for pk, row in wanted.items() if there.get(pk) != row.words]
    CaseWords.objects.bulk_create(fresh, batch_size=A_TIME)


def _rows(case: Case, entries: list[Entry]) -> Iterator[CaseWords]:
    held = [(Kind(entry.kind), entry.is_of_landlord, set(entry.words.split())) for entry in entries]
    for for_service, landlord_id in enumerate((case.landlord_id, None)):
        pk = 2 * place(case) + for_service
        yield CaseWords(pk=pk, case=case, landlord_id=landlord_id, words=tokens(landlord_id, held))


def place(case: Case) -> int:
    """Where the case stands among results: open before closed, the newest highest."""
    if case.closed_at is None:
        return (1 << IS_OPEN) + case.pk
    return (int(case.closed_at.timestamp()) << CASES) + case.pk % (1 << CASES)


def learn(entries: Iterable[Entry]) -> None:
    """Remembers the words of the entries, each once for a landlord and once for the service."""
    wanted: dict[int | None, set[str]] = defaultdict(set)
    for entry in entries:
        told = {word for word in entry.words.split() if has_neighbours(word)}
        wanted[entry.landlord_id] |= told
        wanted[None] |= told
    for landlord_id, words in wanted.items():
        known = Word.objects.filter(of_landlord(landlord_id), word__in=words).values_list("word", flat=True)
        fresh = [Word(landlord_id=landlord_id, word=word, sound=sound(word)) for word in sorted(words - set(known))]
        Word.objects.bulk_create(fresh, batch_size=A_TIME, ignore_conflicts=True)


def _same(entry: Entry, other: Entry | None) -> bool:
    return other is not None and (entry.landlord_id, entry.words) == (other.landlord_id, other.words)


def _entries(cases: dict[int, Case]) -> Iterator[Entry]:
    for case in cases.values():
        yield _entry(case, Kind.REFERENCE, words_of_reference(case.reference))
        yield _entry(case, Kind.RESIDENT, words_in(case.resident_name) | words_adjoining(case.resident_name))
        yield _entry(case, Kind.HOME, words_in(case.resident_address) | words_adjoining(case.resident_address))
        yield _entry(case, Kind.SUMMARY, words_in(case.summary))
    for task in Task.objects.filter(case__in=cases):
        words = words_in(f"{task.title}\n{task.details}")
        yield _entry(cases[task.case_id], Kind.TASK, words, of=task, task_id=task.pk)
    for thread in Thread.objects.filter(case__in=cases):
        yield _entry(cases[thread.case_id], Kind.THREAD, words_in(thread.subject), of=thread, thread_id=thread.pk)
    for one in Message.objects.filter(thread__case__in=cases).select_related("thread"):
        case = cases[one.thread.case_id]
        yield _entry(case, Kind.MESSAGE, words_in(one.body), of=one.thread, thread_id=one.thread_id, message_id=one.pk)
    for document in Document.objects.filter(case__in=cases):
        words = words_in(document.name)
        yield _entry(cases[document.case_id], Kind.DOCUMENT, words, of=document, document_id=document.pk)
    yield from _determinations(cases)


def _determinations(cases: dict[int, Case]) -> Iterator[Entry]:
    """Each that was issued. A draft changes as it is written, and nobody looks for it but its author."""
    issued = {one.pk: one for one in Determination.objects.filter(case__in=cases, issued_at__isnull=False)}
    if not issued:
        return
    words: dict[int, set[str]] = {pk: set() for pk in issued}
    for kind in (Complaint, Order, Recommendation):
        for row in kind.objects.filter(determination__in=issued):
            words[row.determination_id] |= words_in(row.words)
    for pk, one in issued.items():
        yield _entry(cases[one.case_id], Kind.DETERMINATION, words[pk], of=one, determination_id=pk)


def _entry(case: Case, kind: Kind, words: set[str], of: OfLandlord | None = None, **thing: int) -> Entry:
    entry = Entry(case_id=case.pk, landlord_id=case.landlord_id, kind=kind, words=" ".join(sorted(words)), **thing)
    entry.is_of_landlord = of is None or of.landlord_id == case.landlord_id
    return entry
