"""A filter that somebody saved under a name: which list, and what stood in its address. Never any rows of it (B9)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from portal.accounts.models import User
from portal.filters.querysets import SavedFilterQuerySet
from portal.landlords.models import Landlord
from portal.lib import clock
from portal.lib.sort_keys import SortKey

NAME_LIMIT = 60  # characters
QUERY_LIMIT = 900


class List(models.TextChoices):
    """The lists whose filters can be saved."""

    OPEN_CASES = "open-cases", "Open cases"
    CLOSED_CASES = "closed-cases", "Closed cases"
    ALL_CASES = "all-cases", "All cases"
    TASKS = "tasks", "My tasks"
    SERVICE_CASES = "cases", "Cases"


class SavedFilter(models.Model):
    """One person's own, at the place where they saved it: `landlord` is None for the service's people."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    landlord = models.ForeignKey(Landlord, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    list = models.CharField(max_length=12, choices=List)
    name = models.CharField(max_length=NAME_LIMIT)
    name_sort_key = SortKey("name")
    query = models.CharField(max_length=QUERY_LIMIT)  # as it stands behind the ? of the list's address
    is_shared = models.BooleanField(default=False)  # with the landlord's other people
    saved_at = models.DateTimeField(default=clock.now)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "user",
                "landlord",
                "list",
                Lower("name"),
                condition=Q(landlord__isnull=False),
                name="one_filter_of_a_name_at_a_landlord",
            ),
            models.UniqueConstraint(
                "user",
                "list",
                Lower("name"),
                condition=Q(landlord__isnull=True),
                name="one_filter_of_a_name_in_the_service",
            ),
            models.CheckConstraint(
                condition=Q(is_shared=False) | Q(landlord__isnull=False), name="filter_is_shared_at_a_landlord_only"
            ),
        ]
        indexes = [models.Index(fields=["landlord", "list"], name="filters_of_landlord")]

    def __str__(self) -> str:
        return self.name
