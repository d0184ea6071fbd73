"""Words, categories and dates that the portal team may change. Words and categories have shipped defaults in defaults.py."""

from django.db import models

from portal.lib import clock
from portal.lib.version_tokens import token


class Edited(models.Model):
    """Who last changed the row, and when."""

    changed_at = models.DateTimeField(default=clock.now)
    changed_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class Wording(Edited):
    """Words of the portal team that replace a shipped default; "" after a reset."""

    key = models.CharField(max_length=80, unique=True)
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.key


class Category(Edited):
    """A category of documents: added, or a shipped one that was changed. Its code never changes."""

    code = models.CharField(max_length=20, unique=True)
    label = models.CharField(max_length=60)
    is_retired = models.BooleanField(default=False)  # no longer chosen; documents that bear it keep it

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.label

    @property
    def version_token(self) -> str:
        """Changes with its name, and with whether it can be chosen."""
        return token(self.code, self.label, self.is_retired)


class Closure(Edited):
    """A day on which the service is closed besides weekends and bank holidays (D14)."""

    day = models.DateField(unique=True)
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.day}: {self.reason}"
