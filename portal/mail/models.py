"""One row for each e-mail: waiting, sent or failed. The portal team reads it; the worker sends it."""

from django.db import models

from portal.lib import clock
from portal.lib.claims import Claimable, claim_indexes


class OutgoingMail(Claimable):
    """An e-mail as it will be sent. Who it is for is kept as plain values, so that the row outlives the person."""

    to_address = models.EmailField(max_length=254)
    from_address = models.CharField(max_length=254, blank=True)  # "" is the portal's own
    subject = models.CharField(max_length=200)
    sealed_tag = models.TextField(
        blank=True
    )  # stands before the subject when sent: by it a reply finds its ticket; then wiped
    body = models.TextField(blank=True)
    is_secret = models.BooleanField(default=False)  # holds a code or a link: the body is sealed, and wiped once sent
    kind = models.CharField(max_length=60)
    user_id = models.BigIntegerField(null=True)
    landlord_id = models.BigIntegerField(null=True)
    message_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            *claim_indexes(),
            models.Index(fields=["user_id", "created_at"], name="mail_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_address}"
