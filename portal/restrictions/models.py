"""A restriction of one person's access to the portal (S8, C22), and every step of its history."""

from django.db import models
from django.db.models import Q

from portal.access.levels import Level
from portal.accounts.models import User
from portal.landlords.models import Landlord
from portal.lib import clock
from portal.lib.version_tokens import token
from portal.restrictions.querysets import RestrictionQuerySet

LEVELS = [(level.value, level.label) for level in Level]


class StepKind(models.TextChoices):
    IMPOSED = "imposed", "Imposed"
    CHANGED = "changed", "Level changed"
    REVIEWED = "reviewed", "Reviewed"
    LIFTED = "lifted", "Lifted"


class Restriction(models.Model):
    """A restriction of one person's access, from its start to its end. A person has at most one open restriction."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=13, choices=LEVELS)
    reason = models.TextField()  # the service's own: the person never reads it
    appeal = models.TextField()  # what the person reads about asking us to look again
    imposed_by_name = models.CharField(max_length=200)
    approver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approver_name = models.CharField(max_length=200)
    started_at = models.DateTimeField(default=clock.now)
    review_on = models.DateField()
    read_at = models.DateTimeField(null=True, blank=True)  # when the person said that they have read a warning
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=200, blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at__isnull=True), name="one_open_restriction_for_each_person"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_by_name=""), name="ended_restriction_names_who_ended_it"
            ),
        ]
        indexes = [models.Index(fields=["ended_at", "review_on"], name="restriction_by_review")]

    def __str__(self) -> str:
        return f"{Level(self.level).label} for {self.user_id}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def version_token(self) -> str:
        """Changes with every step but a review that keeps its date; not when the person reads the warning."""
        return token(self.pk, self.level, self.review_on, self.ended_at)

    @property
    def level_label(self) -> str:
        return Level(self.level).label


class Step(models.Model):
    """Something that was done to a restriction: what, by whom, with whose approval and why."""

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="steps")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=StepKind)
    level = models.CharField(max_length=13, choices=LEVELS)
    reason = models.TextField()
    review_on = models.DateField(null=True, blank=True)
    by_name = models.CharField(max_length=200)
    approver_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_level_display()}"
