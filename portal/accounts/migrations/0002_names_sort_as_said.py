"""Names get the keys by which lists sort them."""

from django.db import migrations

from portal.lib.sort_keys import SortKey, fill


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="name_sort_key",
            field=SortKey("name", default="", editable=False, max_length=200),
        ),
        migrations.RunPython(fill("accounts", "User", "name_sort_key"), migrations.RunPython.noop),
    ]
