"""Names get the keys by which lists sort them."""

from django.conf import settings
from django.db import migrations, models

from portal.lib.sort_keys import SortKey, fill


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_names_sort_as_said"),
        ("documents", "0001_initial"),
        ("files", "0001_initial"),
        ("landlords", "0002_names_sort_as_said"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="document",
            name="document_by_name",
        ),
        migrations.AddField(
            model_name="document",
            name="name_sort_key",
            field=SortKey("name", default="", editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="submission",
            name="person_name_sort_key",
            field=SortKey("person_name", default="", editable=False, max_length=200),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["case", "name_sort_key", "id"], name="document_by_name"),
        ),
        migrations.RunPython(fill("documents", "Document", "name_sort_key"), migrations.RunPython.noop),
        migrations.RunPython(fill("documents", "Submission", "person_name_sort_key"), migrations.RunPython.noop),
    ]
