"""The index by which each kind of database finds words. On SQLite it is an FTS5 table that triggers keep up to date: a
migration that changes search_casewords must put the triggers back, since Django then makes that table anew."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRESQL = (
    # rows are read one after the other for words that many hold: kept whole and beside each other as long as they fit a page
    "ALTER TABLE search_casewords ALTER COLUMN words SET STORAGE EXTERNAL",
    "ALTER TABLE search_casewords SET (toast_tuple_target = 8160)",
    # the worker may wait for the index; whoever searches should not read through a list of what is not yet in it
    "CREATE INDEX search_casewords_by_words ON search_casewords USING gin (words) WITH (fastupdate = off)",
)
REMOVED = "INSERT INTO search_found(search_found, rowid, words) VALUES ('delete', old.id, old.words); "
ADDED = "INSERT INTO search_found(rowid, words) VALUES (new.id, new.words); "
SQLITE = (
    # "ascii" cuts at spaces and leaves every other script as it is: the words are split and folded before they come here
    "CREATE VIRTUAL TABLE search_found USING fts5(words, content='search_casewords', content_rowid='id', "
    "tokenize=\"ascii tokenchars '/?#=@'\", detail='none', prefix='3 4')",
    f"CREATE TRIGGER search_found_added AFTER INSERT ON search_casewords BEGIN {ADDED}END",
    f"CREATE TRIGGER search_found_gone AFTER DELETE ON search_casewords BEGIN {REMOVED}END",
    f"CREATE TRIGGER search_found_changed AFTER UPDATE ON search_casewords BEGIN {REMOVED}{ADDED}END",
)


def make(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make)]
