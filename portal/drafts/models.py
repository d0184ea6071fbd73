"""Unsent drafts: one encrypted row for each person and page, visible to that person alone (B1, D12)."""

from django.db import models

from portal.accounts.models import User


class Draft(models.Model):
    """`key` identifies the page; `sealed` is "" once the draft was sent, discarded or emptied."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=250)
    sealed = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # what a page shown before then still sends comes too late

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_for_each_page")]
        indexes = [models.Index(fields=["saved_at"], name="drafts_by_age")]

    def __str__(self) -> str:
        return f"draft {self.pk}"
