"""One row of words for each case and reader, and the index on it; the index on each thing goes. The worker fills it.

On SQLite the index is an FTS5 table kept by triggers: whoever changes the table by a migration puts the triggers back,
since Django then makes that table anew.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max, Min

import portal.search.holding
from portal.lib import clock

POSTGRESQL_OLD = ("ALTER TABLE search_entry DROP COLUMN found",)
SQLITE_OLD = (
    *(f"DROP TRIGGER search_words_{event}" for event in ("added", "gone", "changed")),
    "DROP TABLE search_words",
)
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


def drop_old(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL_OLD if editor.connection.vendor == "postgresql" else SQLITE_OLD:
        editor.execute(statement, params=None)


def make(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The words that the service may have meant, and every case waits for the worker."""
    word, diary = apps.get_model("search", "Word"), apps.get_model("cases", "DiaryEntry")
    known = word.objects.values("word").annotate(sounds=Min("sound")).values_list("word", "sounds")
    word.objects.bulk_create(word(word=one, sound=sounds) for one, sounds in known.order_by("word"))
    latest = diary.objects.values("case").annotate(latest=Max("pk")).values("latest")
    diary.objects.filter(pk__in=latest).update(index_due_at=clock.now())


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_diary_to_index"),
        ("landlords", "0001_initial"),
        ("search", "0002_words"),
    ]

    operations = [
        migrations.RunPython(drop_old),
        migrations.CreateModel(
            name="CaseWords",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("words", portal.search.holding.WordsField()),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"),
                ),
                (
                    "landlord",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="landlords.landlord",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "words of cases",
                "indexes": [
                    models.Index(fields=["landlord", "id"], name="words_of_landlords_cases"),
                    models.Index(fields=["id"], name="words_for_the_service", condition=models.Q(("landlord", None))),
                ],
            },
        ),
        migrations.RemoveIndex(model_name="word", name="word_of_anybody"),
        migrations.RemoveIndex(model_name="word", name="word_of_anybody_by_sound"),
        migrations.AlterField(
            model_name="word",
            name="landlord",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="landlords.landlord",
            ),
        ),
        migrations.AddConstraint(
            model_name="word",
            constraint=models.UniqueConstraint(
                condition=models.Q(("landlord", None)), fields=("word",), name="word_of_anybody_once"
            ),
        ),
        migrations.RunPython(make),
        migrations.RunPython(fill),
    ]
