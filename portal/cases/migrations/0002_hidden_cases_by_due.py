"""The cases that a landlord does not see yet are few among many."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(closed_at__isnull=True, released_at__isnull=True),
                fields=["next_due_on", "id"],
                name="hidden_case_by_due",
            ),
        ),
    ]
