"""Determinations, orders and reviews were told as “New cases and changes of status”. Whoever chose that keeps the choice."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for choice in apps.get_model("notifications", "MailChoice").objects.filter(paces__has_key="status"):
        choice.paces = {"determinations": choice.paces["status"], **choice.paces}
        choice.save(update_fields=["paces"])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_claims_by_index")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
