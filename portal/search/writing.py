"""Writes the index of a case: what can be found on it now, and the words that its landlord's cases hold."""

from collections.abc import Collection, Iterable, Iterator

from django.db import transaction

from portal.cases.models import Case
from portal.determinations.models import Complaint, Determination, Order, Recommendation
from portal.documents.models import Document
from portal.messaging.models import Message, Thread
from portal.search.folding import words_adjoining, words_in, words_of_reference
from portal.search.kinds import Kind
from portal.search.models import Entry, Word
from portal.search.querysets import marks
from portal.search.spelling import has_neighbours, sound
from portal.tasks.models import Task

A_TIME = 500  # rows of one statement


@transaction.atomic
def write(case_ids: Collection[int]) -> None:
    """Brings the index of these cases up to date. They are held meanwhile: of two workers the second sees what the first
    has written."""
    cases = list(Case.objects.select_for_update(no_key=True).filter(pk__in=case_ids).order_by("pk"))
    wanted = {entry.thing: entry for entry in _entries({case.pk: case for case in cases})}
    there = {entry.thing: entry for entry in Entry.objects.filter(case__in=cases)}
    stale = [entry.pk for thing, entry in there.items() if not _same(entry, wanted.get(thing))]
    fresh = [entry for thing, entry in wanted.items() if not _same(entry, there.get(thing))]
    Entry.objects.filter(pk__in=stale).delete()
    Entry.objects.bulk_create(fresh, batch_size=A_TIME)
    learn(fresh)


def learn(entries: Iterable[Entry]) -> None:
    """Remembers the words of the entries, each once for a landlord."""
    wanted: dict[int, set[str]] = {}
    for entry in entries:
        told = wanted.setdefault(entry.landlord_id, set())
        told.update(word for word in entry.words.split() if has_neighbours(word))
    for landlord_id, words in wanted.items():
        known = Word.objects.filter(landlord_id=landlord_id, word__in=words).values_list("word", flat=True)
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
        yield _entry(cases[task.case_id], Kind.TASK, words_in(f"{task.title}\n{task.details}"), task_id=task.pk)
    for thread in Thread.objects.filter(case__in=cases):
        yield _entry(cases[thread.case_id], Kind.THREAD, words_in(thread.subject), thread_id=thread.pk)
    for one in Message.objects.filter(thread__case__in=cases).select_related("thread"):
        case = cases[one.thread.case_id]
        yield _entry(case, Kind.MESSAGE, words_in(one.body), thread_id=one.thread_id, message_id=one.pk)
    for document in Document.objects.filter(case__in=cases):
        yield _entry(cases[document.case_id], Kind.DOCUMENT, words_in(document.name), document_id=document.pk)
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
        yield _entry(cases[one.case_id], Kind.DETERMINATION, words[pk], determination_id=pk)


def _entry(case: Case, kind: Kind, words: set[str], **thing: int) -> Entry:
    said = " ".join(sorted(words | marks(case.landlord_id, kind)))
    return Entry(case_id=case.pk, landlord_id=case.landlord_id, kind=kind, words=said, **thing)
