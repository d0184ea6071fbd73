"""A landlord's nearest tasks are read in their own order."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=Q(state__in=("outstanding", "unable")),
                fields=["landlord", "due_on", "id"],
                name="outstanding_task_by_due",
            ),
        ),
    ]
