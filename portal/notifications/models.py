"""Notifications in the portal and by e-mail: preferences, deliveries, digests and reminders of deadlines."""

from django.db import models

from portal.accounts.models import User
from portal.cases.models import DiaryEntry
from portal.landlords.models import Landlord
from portal.lib import clock
from portal.lib.claims import Claimable, claim_indexes
from portal.mail.models import OutgoingMail
from portal.tasks.models import Task


class Notification(models.Model):
    """A diary entry that `person` was notified about. The words come from rules.py when it is shown."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(DiaryEntry, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "entry"], name="one_notification_for_each")]
        indexes = [
            models.Index(fields=["person", "-id"], name="notifications_of_person"),
            models.Index(fields=["person"], name="unread_notifications", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.entry}"


class MailChoice(models.Model):
    """A person's e-mail preferences. The role's default applies without a row and to topics that it does not name."""

    person = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, null=True, on_delete=models.PROTECT, related_name="+")
    paces = models.JSONField(default=dict)  # topic -> pace
    any_time = models.BooleanField(default=False)  # also outside the sending hours
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"e-mails of {self.person}"


class Digest(Claimable):
    """One e-mail about several events: the daily digest, or what exceeded the hourly limit."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    mail = models.ForeignKey(OutgoingMail, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "at"], name="one_digest_at_a_time")]
        indexes = claim_indexes()

    def __str__(self) -> str:
        return f"digest for {self.person} at {self.at}"


class Outcome(models.TextChoices):
    WAITING = "waiting", "Waiting"
    MAILED = "mailed", "Put into an e-mail"
    DIGESTED = "digested", "Waits for a digest"
    NOT_SENT = "not sent", "Not sent"


class Delivery(Claimable):
    """An e-mail about `entry` that is due to `person`. When its time comes it becomes an e-mail, waits for a digest, or is
    dropped because the person is no longer a recipient."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(DiaryEntry, on_delete=models.PROTECT, related_name="+")
    to_administrator = models.BooleanField(default=False)  # for whoever is the administrator when it leaves
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(max_length=200, blank=True)  # why it was not sent
    digest = models.ForeignKey(Digest, null=True, on_delete=models.PROTECT, related_name="deliveries")
    mail = models.ForeignKey(OutgoingMail, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "entry"], name="one_delivery_for_each")]
        indexes = claim_indexes()

    def __str__(self) -> str:
        return f"{self.entry} to {self.person}"


class Reminder(models.Model):
    """A step of a deadline that was reached and handled. `entry` is None if a later step had been reached at the same time."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    step = models.CharField(max_length=30)
    entry = models.ForeignKey(DiaryEntry, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "due_on", "step"], name="reminded_once_of_each_step")]

    def __str__(self) -> str:
        return f"{self.task}: {self.step}"
