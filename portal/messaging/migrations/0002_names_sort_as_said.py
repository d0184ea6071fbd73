"""Names get the keys by which lists sort them."""

from django.db import migrations

from portal.lib.sort_keys import SortKey, fill


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="thread",
            name="subject_sort_key",
            field=SortKey("subject", default="", editable=False, max_length=200),
        ),
        migrations.RunPython(fill("messaging", "Thread", "subject_sort_key"), migrations.RunPython.noop),
    ]
