"""Words and dates that the portal team may change. Each word has a shipped default in defaults.py."""

from django.db import models


class Wording(models.Model):
    """The portal team's words in place of a shipped default."""

    key = models.CharField(max_length=80, unique=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.key


class Closure(models.Model):
    """A day on which the service is closed besides weekends and bank holidays (D14)."""

    day = models.DateField(unique=True)
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.day}: {self.reason}"
