"""Who did or saw what, which record, when and from where. Rows are only ever added; the database refuses the rest."""

from typing import Any

from django.db import models

from portal.lib import clock


class AuditRow(models.Model):
    """One act. Ids are plain values: an audit row outlives what it speaks of and is never a source for features."""

    at = models.DateTimeField(default=clock.now)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    landlord_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    record = models.CharField(max_length=60)
    record_id = models.CharField(max_length=60)
    case_reference = models.CharField(max_length=9, blank=True)
    details = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_reference", "at"], name="audit_case_at"),
            models.Index(fields=["actor_id", "at"], name="audit_actor_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name} {self.verb} {self.record} {self.record_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An audit row is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("An audit row is never deleted.")
