"""The bell: one entry for each person and thing that happened."""

from django.db import models

from portal.accounts.models import User
from portal.cases.models import DiaryEntry
from portal.landlords.models import Landlord


class BellEntry(models.Model):
    """That `person` was told of `entry`. The words come from rules.py when it is shown."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(DiaryEntry, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "entry"], name="the_bell_rings_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="bell_of_person"),
            models.Index(fields=["person"], name="bell_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.entry}"
