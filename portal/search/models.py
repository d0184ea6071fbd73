"""What can be found on a case, and the words that a landlord's cases hold. All is made from the packages below and can be
made anew at any time. Nothing here says who may read a thing: that is asked of the thing itself when somebody searches.
"""

from django.db import models

from portal.cases.models import Case
from portal.determinations.models import Determination
from portal.documents.models import Document
from portal.landlords.models import Landlord
from portal.messaging.models import Message, Thread
from portal.search.holding import WordsField
from portal.search.kinds import Kind
from portal.search.querysets import CaseWordsQuerySet, EntryQuerySet, WordQuerySet
from portal.tasks.models import Task


class Entry(models.Model):
    """One thing that can be found, with its words: where on a case that was found they stand."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.PositiveSmallIntegerField(choices=Kind)
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, null=True, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, null=True, on_delete=models.CASCADE, related_name="+")
    determination = models.ForeignKey(Determination, null=True, on_delete=models.CASCADE, related_name="+")
    words = models.TextField()
    is_of_landlord = True  # while it is written: whether the thing is the landlord's whose case it is

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.case_id}"

    @property
    def thing(self) -> tuple[int | None, ...]:
        """Which thing it is: no two entries are of the same."""
        parts = (self.task_id, self.thread_id, self.message_id, self.document_id, self.determination_id)
        return (self.case_id, self.kind, *parts)


class CaseWords(models.Model):
    """All the words of a case, in a row for its landlord and one for the service (without a landlord): by these it is found.

    The primary key is the row's place in the order of results, so that reading can stop with the page.
    """

    id = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    landlord = models.ForeignKey(Landlord, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    words = WordsField()  # see tokens.py

    objects = CaseWordsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "words of cases"
        indexes = [
            models.Index(fields=["landlord", "id"], name="words_of_landlords_cases"),
            models.Index(fields=["id"], name="words_for_the_service", condition=models.Q(landlord=None)),
        ]

    def __str__(self) -> str:
        return f"words of {self.case_id}"


class Word(models.Model):
    """A word in use at a landlord, or at any (then without one), for finding what a misspelt one may have meant."""

    landlord = models.ForeignKey(Landlord, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(max_length=30)
    sound = models.CharField(max_length=30, blank=True)

    objects = WordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "word"], name="word_of_landlord_once"),
            models.UniqueConstraint(fields=["word"], name="word_of_anybody_once", condition=models.Q(landlord=None)),
        ]
        indexes = [models.Index(fields=["landlord", "sound"], name="word_of_landlord_by_sound")]

    def __str__(self) -> str:
        return self.word
