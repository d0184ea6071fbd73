"""The database itself refuses to change or delete an audit row."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRESQL = """
CREATE FUNCTION audit_rows_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'An audit row is never changed or deleted.'; END $$;
CREATE TRIGGER audit_rows_stay BEFORE UPDATE OR DELETE ON audit_auditrow FOR EACH ROW EXECUTE FUNCTION audit_rows_stay();
"""
SQLITE = [
    f"CREATE TRIGGER audit_rows_stay_{verb.lower()} BEFORE {verb} ON audit_auditrow "
    "BEGIN SELECT RAISE(ABORT, 'An audit row is never changed or deleted.'); END"
    for verb in ("UPDATE", "DELETE")
]


def forbid(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in [POSTGRESQL] if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


def allow(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER audit_rows_stay ON audit_auditrow; DROP FUNCTION audit_rows_stay();", params=None)
        return
    for verb in ("update", "delete"):
        editor.execute(f"DROP TRIGGER audit_rows_stay_{verb}", params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
