"""Documents that already are the letter of a task are relied on: their landlord can no longer withdraw them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    letters = apps.get_model("tasks", "Task").objects.filter(letter__isnull=False).values("letter_id")
    apps.get_model("documents", "Document").objects.filter(pk__in=letters).update(is_relied_on=True)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0002_parts"), ("documents", "0004_withdrawing_and_renaming")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
