"""The one table of the bare Django app."""

from django.db import models


class Row(models.Model):
    reference = models.CharField(max_length=9)
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=400)
    status = models.CharField(max_length=30)
    due_on = models.DateField()

    def __str__(self) -> str:
        return self.reference
