"""Names get the keys by which lists sort them."""

from django.db import migrations

from portal.lib.sort_keys import SortKey, fill


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0002_outstanding_tasks_by_due"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="title_sort_key",
            field=SortKey("title", default="", editable=False, max_length=200),
        ),
        migrations.RunPython(fill("tasks", "Task", "title_sort_key"), migrations.RunPython.noop),
    ]
