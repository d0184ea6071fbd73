"""What the service determined on a case, what the landlord must do about it and did, and reviews of it.

A case has at most one draft and one determination in force; former versions stay, superseded, with all of theirs.
"""

from django.db import models
from django.db.models import Q

from portal.cases.models import Case
from portal.determinations.kinds import (
    PENDING,
    Asker,
    DeterminationState,
    Feedback,
    FindingKind,
    OrderState,
    Outcome,
    RemedyKind,
    ReviewState,
    SentHow,
)
from portal.determinations.querysets import DeterminationQuerySet, OfCaseQuerySet, ReviewQuerySet
from portal.documents.models import Document
from portal.landlords.models import Landlord
from portal.lib import clock
from portal.lib.version_tokens import token
from portal.tasks.models import Task


class OfCase(models.Model):
    """Everything here belongs to a case and its landlord."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Determination(OfCase):
    """One version of the determination of a case."""

    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=DeterminationState, default=DeterminationState.DRAFT)
    drafted_by_name = models.CharField(max_length=200)
    drafted_at = models.DateTimeField(default=clock.now)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by_name = models.CharField(max_length=200, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # staff only, and sent outside the portal (S49)
    resident_letter = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_to_resident_how = models.CharField(max_length=10, choices=SentHow, blank=True)
    sent_to_resident_on = models.DateField(null=True, blank=True)
    sent_to_resident_by_name = models.CharField(max_length=200, blank=True)

    objects = DeterminationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_determination_of_a_version"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="draft"), name="one_draft_of_a_case"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="issued"), name="one_determination_in_force"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(issued_at__isnull=False), name="issued_determination_has_its_date"
            ),
        ]

    def __str__(self) -> str:
        return f"Determination of case {self.case_id}, version {self.version}"

    @property
    def is_draft(self) -> bool:
        return self.state == DeterminationState.DRAFT

    @property
    def is_in_force(self) -> bool:
        return self.state == DeterminationState.ISSUED


class Row(OfCase):
    """A numbered row of a determination. The number is given when it is issued; in a draft the order is of writing."""

    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="%(class)ss")
    number = models.PositiveIntegerField(default=0)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["id"]


class Complaint(Row):
    """A defined complaint with its own finding."""

    words = models.TextField()
    finding = models.CharField(max_length=30, choices=FindingKind)

    def __str__(self) -> str:
        return f"Complaint {self.number}"


class Order(Row):
    """What the landlord must do, by when. Its confirmations and former dates hang on it."""

    kind = models.CharField(max_length=15, choices=RemedyKind)
    words = models.TextField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=OrderState, default=OrderState.OWED)
    return_reason = models.TextField(blank=True)  # why it came back, while it is owed again
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by_name = models.CharField(max_length=200, blank=True)
    carried_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Row.Meta):
        indexes = [models.Index(fields=["case", "state"], name="order_of_case_by_state")]

    def __str__(self) -> str:
        return f"Order {self.number}"

    @property
    def version_token(self) -> str:
        """Changes with the due date, with each confirmation, and with each answer to one."""
        return token(self.pk, self.state, self.due_on, *(one.pk for one in self.confirmations.all()))

    @property
    def left(self) -> str:
        """What is still to do, where the landlord has confirmed the order in part and waits for an answer."""
        confirmations = list(self.confirmations.all()) if self.state == OrderState.CONFIRMED else []
        return confirmations[-1].left if confirmations else ""


class Recommendation(Row):
    """What the service recommends. It does not bind the landlord, which says whether it accepts it."""

    kind = models.CharField(max_length=15, choices=RemedyKind)
    words = models.TextField()
    feedback = models.CharField(max_length=12, choices=Feedback, blank=True)
    feedback_reason = models.TextField(blank=True)
    feedback_at = models.DateTimeField(null=True, blank=True)
    feedback_by_name = models.CharField(max_length=200, blank=True)
    carried_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Recommendation {self.number}"


class Confirmation(OfCase):
    """What the landlord said it did on an order, and what the service answered. Never changed, only answered."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="confirmations")
    done = models.TextField()
    done_on = models.DateField()
    left = models.TextField(blank=True)  # what is still to do, when the landlord complied in part
    evidence = models.ManyToManyField(Document, through="Evidence", related_name="+")
    at = models.DateTimeField(default=clock.now)
    by_name = models.CharField(max_length=200)
    return_reason = models.TextField(blank=True)
    accept_reason = models.TextField(blank=True)  # why it was accepted although something was still to do
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Confirmation {self.pk} of order {self.order_id}"

    @property
    def is_in_part(self) -> bool:
        return bool(self.left)


class Evidence(OfCase):
    """A document of the case that shows what a confirmation says."""

    confirmation = models.ForeignKey(Confirmation, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["confirmation", "document"], name="a_document_shows_a_thing_once")
        ]

    def __str__(self) -> str:
        return f"Document {self.document_id} for confirmation {self.confirmation_id}"


class OrderDate(OfCase):
    """A due date of an order that no longer stands: the old, the new, why and by whom (D16)."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="former_dates")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    reason = models.TextField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.old_due_on} to {self.new_due_on}"


class Review(OfCase):
    """A request to review the determination in force, and what became of it (S41, C20)."""

    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="reviews")
    asker = models.CharField(max_length=8, choices=Asker)
    asked_on = models.DateField()  # for the resident the day on which the request reached the service
    asked_at = models.DateTimeField(default=clock.now)
    asked_by_name = models.CharField(max_length=200)  # who asked, or who recorded it for the resident
    on_new_evidence = models.BooleanField()
    on_facts = models.BooleanField()
    text = models.TextField()
    late_reason = models.TextField(blank=True)
    was_closed = models.BooleanField(default=False)  # whether the case was closed before it
    state = models.CharField(max_length=10, choices=ReviewState)
    lateness_answer = models.TextField(blank=True)
    lateness_decided_at = models.DateTimeField(null=True, blank=True)
    lateness_decided_by_name = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    outcome_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=200, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(on_new_evidence=True) | Q(on_facts=True), name="review_has_a_ground"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["late", "open"]), name="one_review_of_a_case_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"Review {self.pk} of case {self.case_id}"

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING
