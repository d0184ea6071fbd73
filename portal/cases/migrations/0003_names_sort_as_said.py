"""Names get the keys by which lists sort them."""

from django.conf import settings
from django.db import migrations, models

from portal.lib.sort_keys import SortKey, fill


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_hidden_cases_by_due"),
        ("landlords", "0002_names_sort_as_said"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="resident_name_sort_key",
            field=SortKey("resident_name", default="", editable=False, max_length=200),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("released_at__isnull", False)),
                fields=["landlord", "resident_name_sort_key", "id"],
                name="case_of_landlord_by_resident",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["resident_name_sort_key", "id"],
                name="open_case_by_resident",
            ),
        ),
        migrations.RunPython(fill("cases", "Case", "resident_name_sort_key"), migrations.RunPython.noop),
    ]
