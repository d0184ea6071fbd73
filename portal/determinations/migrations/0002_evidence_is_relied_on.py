"""Documents that already show compliance with an order are relied on: their landlord can no longer withdraw them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    shown = apps.get_model("determinations", "Evidence").objects.values("document_id")
    apps.get_model("documents", "Document").objects.filter(pk__in=shown).update(is_relied_on=True)


class Migration(migrations.Migration):
    dependencies = [("determinations", "0001_initial"), ("documents", "0004_withdrawing_and_renaming")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
