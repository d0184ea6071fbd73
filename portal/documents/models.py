"""A document on a case, and the submission (batch) with which it came. The receipt is read from these rows."""

from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from portal.cases.models import Case
from portal.content.words import category_label
from portal.documents.querysets import DocumentQuerySet, SubmissionQuerySet
from portal.files.models import StoredFile
from portal.landlords.models import Landlord
from portal.lib import clock
from portal.lib.sort_keys import SortKey


class Visibility(models.TextChoices):
    BOTH = "both", "Landlord and service"
    STAFF = "staff", "Service only"


class Submission(models.Model):
    """One press of “Upload documents”."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    person_name_sort_key = SortKey("person_name")
    by_landlord = models.BooleanField()
    submitted_at = models.DateTimeField(default=clock.now)
    seen_by_service_at = models.DateTimeField(null=True, blank=True)  # until then it is a “new upload” in the worklist

    # what was sent with it and refused: name, rule, remedy and received_at of each, for the receipt
    refused = models.JSONField(default=list, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "seen_by_service_at"], name="submission_unseen")]

    def __str__(self) -> str:
        return f"Submission {self.pk}"


class Document(models.Model):
    """A stored file on a case. A category is missing only where the file came with a message."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    upload_id = models.BigIntegerField(null=True, blank=True, unique=True)  # tells a second press of the button
    name = models.CharField(max_length=255)
    name_sort_key = SortKey("name")
    sent_name = models.CharField(
        max_length=255, blank=True
    )  # what the file was called, where its sender renamed it (S83)
    category = models.CharField(max_length=20, blank=True)  # a code of portal/content
    sent_category = models.CharField(max_length=20, blank=True)  # the one it came with, where it was changed later
    visibility = models.CharField(max_length=6, choices=Visibility, default=Visibility.BOTH)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    by_landlord = models.BooleanField()
    received_at = models.DateTimeField()  # when the server had its last byte (D16)
    opened_by_service_at = models.DateTimeField(null=True, blank=True)
    # A fact that upper packages know and this package decides by, written only by actions.rely_on under the case's lock.
    is_relied_on = models.BooleanField(default=False)
    # Withdrawn or replaced by the landlord (B12). The row and the stored bytes stay; nobody opens them any more.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by_name = models.CharField(max_length=200, blank=True)
    withdrawn_reason = models.TextField(blank=True)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["case", "-received_at"], name="document_by_date"),
            models.Index(fields=["case", "name_sort_key", "id"], name="document_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(submission__isnull=True) | ~Q(category=""), name="submitted_document_has_a_category"
            ),
            # whichever of the two comes first, the other is refused
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(opened_by_service_at__isnull=True, is_relied_on=False),
                name="withdrawn_document_was_not_opened",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""), name="withdrawn_document_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def category_label(self) -> str:
        """The category as people read it; "" for what came with a message."""
        return category_label(self.category)

    @property
    def received_category_label(self) -> str:
        """The category with which it came, which is what its receipt says."""
        return category_label(self.sent_category or self.category)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def successor(self) -> "Document | None":
        """The document that replaced this one."""
        return getattr(self, "replaced_by", None)
