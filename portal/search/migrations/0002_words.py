"""The index by which each kind of database finds words. On SQLite an FTS5 table beside the entries, kept by triggers:
whoever changes the entries' table by a migration puts the triggers back, since Django then makes that table anew."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRESQL = (
    "ALTER TABLE search_entry ADD COLUMN found tsvector "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED",
    # the worker may wait for the index; whoever searches should not read through a list of what is not yet in it
    "CREATE INDEX search_entry_by_words ON search_entry USING gin (found) WITH (fastupdate = off)",
)
SQLITE = (
    # "ascii" cuts at spaces and leaves every other script as it is: the words are split and folded before they come here
    "CREATE VIRTUAL TABLE search_words USING fts5("
    "words, content='search_entry', content_rowid='id', tokenize='ascii', detail='none', prefix='2 3 4')",
    "CREATE TRIGGER search_words_added AFTER INSERT ON search_entry BEGIN "
    "INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER search_words_gone AFTER DELETE ON search_entry BEGIN "
    "INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER search_words_changed AFTER UPDATE ON search_entry BEGIN "
    "INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); "
    "INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END",
)
POSTGRESQL_BACK = ("ALTER TABLE search_entry DROP COLUMN found",)
SQLITE_BACK = (
    *(f"DROP TRIGGER search_words_{event}" for event in ("added", "gone", "changed")),
    "DROP TABLE search_words",
)


def make(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


def unmake(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL_BACK if editor.connection.vendor == "postgresql" else SQLITE_BACK:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
