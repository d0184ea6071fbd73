"""Threads of messages on a case between the service and the landlord. Nothing is ever edited or deleted (S53)."""

from django.db import models

from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents.models import Document
from portal.landlords.models import Landlord
from portal.lib import clock
from portal.lib.sort_keys import SortKey
from portal.messaging.querysets import MessageQuerySet, ThreadQuerySet
from portal.tasks.models import Task


class Thread(models.Model):
    """A thread of messages about one subject. Its two unread counts are updated with the messages, under this row's lock."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    subject_sort_key = SortKey("subject")
    started_at = models.DateTimeField(default=clock.now)
    last_message_at = models.DateTimeField(default=clock.now)
    unread_by_landlord = models.PositiveIntegerField(default=0)
    unread_by_service = models.PositiveIntegerField(default=0)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["case", "-last_message_at"], name="thread_of_case"),
            models.Index(
                fields=["landlord", "-last_message_at"],
                name="thread_unread_by_landlord",
                condition=models.Q(unread_by_landlord__gt=0),
            ),
            models.Index(fields=["case"], name="thread_unread_by_service", condition=models.Q(unread_by_service__gt=0)),
        ]

    def __str__(self) -> str:
        return self.subject


class Message(models.Model):
    """One message. When the other side first opened it is kept (C14)."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="messages")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200)
    by_landlord = models.BooleanField()
    sent_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by_name = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["thread", "id"], name="message_of_thread")]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.body[:40]}"


class Attachment(models.Model):
    """A document that came with a message (S54)."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.document)
