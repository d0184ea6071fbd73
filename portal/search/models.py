"""What can be found on a case, and the words that a landlord's cases hold. Both are made from the rooms below and can be
made anew at any time. Neither says who may read a thing: that is asked of the thing itself when somebody searches.
"""

from django.db import models

from portal.cases.models import Case
from portal.determinations.models import Determination
from portal.documents.models import Document
from portal.landlords.models import Landlord
from portal.messaging.models import Message, Thread
from portal.search.holding import WordsField
from portal.search.kinds import Kind
from portal.search.querysets import EntryQuerySet, WordQuerySet
from portal.tasks.models import Task


class Entry(models.Model):
    """One thing that can be found. The words hold marks for the landlord and the kind, so that one index narrows by all."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="+", db_index=False)  # see `words`
    kind = models.PositiveSmallIntegerField(choices=Kind)
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, null=True, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, null=True, on_delete=models.CASCADE, related_name="+")
    determination = models.ForeignKey(Determination, null=True, on_delete=models.CASCADE, related_name="+")
    words = WordsField()

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


class Word(models.Model):
    """A word in use at a landlord, for finding what a misspelt one may have meant."""

    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(max_length=30)
    sound = models.CharField(max_length=30, blank=True)

    objects = WordQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["landlord", "word"], name="word_of_landlord_once")]
        indexes = [
            models.Index(fields=["landlord", "sound"], name="word_of_landlord_by_sound"),
            models.Index(fields=["word"], name="word_of_anybody"),
            models.Index(fields=["sound"], name="word_of_anybody_by_sound"),
        ]

    def __str__(self) -> str:
        return self.word
