"""A file the portal keeps, and files that were sent but not yet submitted."""

from django.db import models

from portal.lib import clock


class ScanState(models.TextChoices):
    NOT_SCANNED = "not-scanned", "Not scanned for viruses"
    WAITING = "waiting", "Being checked for viruses"
    CLEAN = "clean", "Checked: no virus found"
    INFECTED = "infected", "Contains a virus"


class StoredFile(models.Model):
    """What inspection found and where the bytes lie. The name in storage is the portal's own and says nothing."""

    key = models.CharField(max_length=80, unique=True)
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=8)  # such as "pdf"
    media_type = models.CharField(max_length=120)
    has_macros = models.BooleanField(default=False)
    scan_state = models.CharField(max_length=12, choices=ScanState, default=ScanState.NOT_SCANNED)
    stored_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"


class Upload(models.Model):
    """A file that a person sent and has not submitted, or the refusal of one. Seen by that person only, for 24 hours (H19).

    `target` says where it belongs, such as documents:202601234 or messages:202601234.
    """

    user_id = models.BigIntegerField()
    landlord_id = models.BigIntegerField(null=True)
    target = models.CharField(max_length=80)
    name = models.CharField(max_length=255)
    stored = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="upload")
    refused_rule = models.CharField(max_length=400, blank=True)
    refused_remedy = models.CharField(max_length=400, blank=True)
    received_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["user_id", "target", "id"], name="uploads_of_person"),
            models.Index(fields=["expires_at"], name="uploads_to_expire"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stored__isnull=False, refused_rule="")
                | (models.Q(stored__isnull=True) & ~models.Q(refused_rule="")),
                name="upload_is_kept_or_refused",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_refused(self) -> bool:
        return self.stored_id is None
