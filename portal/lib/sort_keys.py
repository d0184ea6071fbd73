"""Lists sort by how a name is said, not by how a database orders letters: a column beside it holds its key.

The key is written with the row (`save`, `bulk_create`), so whoever changes the name alone names both in `update_fields`.
"""

from collections.abc import Callable
from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portal.lib.folding import sort_key

LONGEST = 200  # characters of a key; what is longer sorts by its beginning
A_TIME = 2000


class SortKey(models.CharField):  # type: ignore[type-arg]
    """The key of the text in the field `of`, ordered by its letters alone, the same on every database."""

    def __init__(self, of: str, **options: Any) -> None:
        self.of = of
        super().__init__(**{"max_length": LONGEST, "default": "", "editable": False, **options})

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        return name, path, [self.of, *arguments], options

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """SQLite compares bytes by itself."""
        return {**super().db_parameters(connection), "collation": "C" if connection.vendor == "postgresql" else None}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = sort_key(getattr(model_instance, self.of))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key


def fill(app: str, model: str, key: str) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    """For a migration: gives every row its key."""

    def filled(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        rows, changed = apps.get_model(app, model).objects.using(editor.connection.alias), []
        field = rows.model._meta.get_field(key)
        for row in rows.only("pk", field.of).order_by("pk").iterator(A_TIME):
            changed.append(row)
            if len(changed) == A_TIME:
                _write(rows, field, changed)
                changed = []
        _write(rows, field, changed)

    return filled


def _write(rows: Any, field: Any, changed: list[Any]) -> None:
    for row in changed:
        field.pre_save(row, add=False)
    rows.bulk_update(changed, [field.name], batch_size=200)
