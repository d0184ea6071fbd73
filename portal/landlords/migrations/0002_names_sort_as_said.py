"""Names get the keys by which lists sort them."""

from django.db import migrations, models

from portal.lib.sort_keys import SortKey, fill


class Migration(migrations.Migration):
    dependencies = [
        ("landlords", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="landlord",
            name="name_sort_key",
            field=SortKey("name", default="", editable=False, max_length=200),
        ),
        migrations.AddIndex(
            model_name="landlord",
            index=models.Index(fields=["name_sort_key", "id"], name="landlord_by_name"),
        ),
        migrations.RunPython(fill("landlords", "Landlord", "name_sort_key"), migrations.RunPython.noop),
    ]
