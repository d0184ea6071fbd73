"""The database named by DATABASE_URL: made on the private server, and rows put into it by COPY."""

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from django.core.management.color import no_style
from django.db import connection, models
from psycopg.types.json import Jsonb

from portal.config import env
from portal.lib.folding import sort_key
from portal.lib.sort_keys import SortKey


def create() -> None:
    """An empty database of that name."""
    wanted = env.database(env.read())
    with psycopg.connect(
        dbname="postgres", host=str(wanted["HOST"]), user=str(wanted["USER"]), autocommit=True
    ) as server:
        server.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(str(wanted["NAME"]))))


def copy(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows as they would be saved: what one does not name has its field's default."""
    fields = model._meta.concrete_fields
    usual = {field.attname: field.get_default() for field in fields}
    keys = {field.attname: field.of for field in fields if isinstance(field, SortKey)}
    is_json = [isinstance(field, models.JSONField) for field in fields]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    connection.ensure_connection()
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as out,
    ):
        for row in rows:
            own = {key: sort_key(row[of]) for key, of in keys.items()}
            values = {**usual, **row, **own}.values()
            out.write_row([Jsonb(value) if json else value for value, json in zip(values, is_json, strict=True)])


def settle(copied: Iterable[type[models.Model]]) -> None:
    """After COPY: new rows get the numbers that follow, and the planner knows what is there."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(copied)):
            cursor.execute(sql)
        cursor.execute("VACUUM ANALYZE")
