"""The case and its diary. Each event is written once, here; notifications, e-mails and the timeline read it."""

from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from portal.cases.querysets import CaseQuerySet, DiaryQuerySet
from portal.cases.statuses import Status
from portal.landlords.models import Landlord
from portal.lib import clock
from portal.lib.claims import Claimable, claim_indexes
from portal.lib.sort_keys import SortKey
from portal.lib.version_tokens import token
from portal.teams.models import Team


class Case(models.Model):
    """A resident's complaint about a landlord, as the landlord may see it (D8) once it is released (D11)."""

    reference = models.CharField(max_length=9, unique=True)
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")
    resident_name = models.CharField(max_length=200)
    resident_name_sort_key = SortKey("resident_name")
    resident_address = models.CharField(max_length=400)
    summary = models.TextField(blank=True)
    status = models.CharField(max_length=30, choices=Status, default=Status.INITIAL_ASSESSMENT)
    status_since = models.DateTimeField(default=clock.now)
    team = models.CharField(max_length=20, choices=Team, default=Team.DISPUTE_SUPPORT)
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    colleague = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # of the landlord (D5)
    created_at = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    # Facts that upper packages know and this package decides and sorts by. Written only by them, under this row's lock.
    next_due_on = models.DateField(null=True, blank=True)  # earliest deadline of the outstanding tasks
    tasks_outstanding = models.PositiveIntegerField(default=0)
    tasks_to_check = models.PositiveIntegerField(default=0)  # completed by the landlord, not yet accepted
    orders_outstanding = models.PositiveIntegerField(default=0)
    recommendations_outstanding = models.PositiveIntegerField(default=0)
    determined_at = models.DateTimeField(null=True, blank=True)  # when the determination in force was issued

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            # of released cases only: so that the landlord's lists are counted from the index alone, at 50,000 cases too
            models.Index(
                fields=["landlord", "closed_at", "next_due_on", "id"],
                name="case_of_landlord_by_due",
                condition=Q(released_at__isnull=False),
            ),
            # the landlord's open list in its own order: a page of it is read from here and nothing sorted
            models.Index(
                fields=["landlord", "next_due_on", "id"],
                name="open_case_of_landlord_by_due",
                condition=Q(released_at__isnull=False, closed_at__isnull=True),
            ),
            # the service's open list, likewise, and its length; and the few cases that are hidden yet
            models.Index(fields=["next_due_on", "id"], name="open_case_by_due", condition=Q(closed_at__isnull=True)),
            models.Index(
                fields=["next_due_on", "id"],
                name="hidden_case_by_due",
                condition=Q(closed_at__isnull=True, released_at__isnull=True),
            ),
            # the lists of the landlord and the service's open list by resident
            models.Index(
                fields=["landlord", "resident_name_sort_key", "id"],
                name="case_of_landlord_by_resident",
                condition=Q(released_at__isnull=False),
            ),
            models.Index(
                fields=["resident_name_sort_key", "id"],
                name="open_case_by_resident",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(fields=["owner", "closed_at", "next_due_on", "id"], name="case_of_owner_by_due"),
            models.Index(fields=["team", "closed_at", "next_due_on", "id"], name="case_of_team_by_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED, closed_at__isnull=False)
                | (~Q(status=Status.CLOSED) & Q(closed_at__isnull=True)),
                name="closed_case_has_its_date",
            )
        ]

    def get_status_display(self) -> str:  # type: ignore[no-redef]
        """Django's own version searches all choices, and a list calls this for each row."""
        return Status(self.status).label

    def get_team_display(self) -> str:  # type: ignore[no-redef]
        return Team(self.team).label

    def __str__(self) -> str:
        return self.reference

    @property
    def version_token(self) -> str:
        """Changes with what a caseworker looks at before moving the case or handing it over."""
        return token(self.pk, self.status, self.team, self.owner_id)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def takes_documents(self) -> bool:
        """Whether the landlord can send documents: on an open case, or for orders that are still open (S103)."""
        return self.is_open or self.orders_outstanding > 0

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


class DiaryEntry(Claimable):
    """One event on a case. It also serves as the outbox: it is claimable until fan-out has processed it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="diary")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=200)
    by_landlord = models.BooleanField(default=False)
    landlord_may_read = models.BooleanField(default=False)
    staff_may_read = models.BooleanField(default=True)
    details = models.JSONField(default=dict)  # ids and plain facts that the words of the kind need
    # when the search index is to look at the case because of it; None once it has
    index_due_at = models.DateTimeField(null=True, default=clock.now)

    objects = DiaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "diary entries"
        indexes = [
            models.Index(fields=["case", "-id"], name="diary_of_case"),
            *claim_indexes(),
            models.Index(fields=["index_due_at", "id"], name="diary_to_index", condition=Q(index_due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.kind}"
