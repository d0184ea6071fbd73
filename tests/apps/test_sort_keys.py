"""Every list sorts names as they are said, the same on both databases, whoever wrote the name."""

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from portal.access.roles import Role
from portal.accounts.models import User
from portal.cases.models import Case
from portal.filters import actions as filters
from portal.filters.models import List, SavedFilter
from portal.landlords import people, register
from portal.landlords.models import Landlord
from portal.lib.folding import sort_key
from portal.lib.sort_keys import SortKey
from portal.pages.casework.cases.filters import CASE_SORTING
from portal.pages.landlord.cases.filters import BY_DEADLINE, TASK_SORTING
from portal.pages.shared.lists.documents import document_sorting, labels_now
from portal.restrictions.approving import approvers
from portal.tasks import actions as tasks
from portal.tasks.models import Task
from portal.teams import people as teams
from tests import world
from tests.cast import Cast
from tests.pages.landlord_rows import open_cases, task_on

pytestmark = pytest.mark.both  # sorts

SAID = (
    "Ægir Jónsson",
    "Åsa Lind",
    "Élodie Martin",
    "ELODIE Noir",
    "Łukasz Nowak",
    "o’Brien",
    "O'Brien, Zara",
    "Özgür Demir",
    "Smith Jones",
    "Smith-Jones B",
    "van den Berg",
    "Vance",
    "Zoë",
)


def test_a_key_is_what_is_said() -> None:
    assert [sort_key(name) for name in ("Élodie", "ŁÓDŹ", "O’Brien", "Smith-Jones", " van  den Berg", "—")] == [
        "elodie",
        "lodz",
        "obrien",
        "smith jones",
        "van den berg",
        "",
    ]
    turned = SAID[::-1]
    assert sorted(turned, key=sort_key) == list(SAID)


def _named(rows: Any, path: str) -> list[str]:
    return [one for one in rows.values_list(path, flat=True) if one in SAID]


@pytest.mark.parametrize("sort", ["resident", "-resident"])
def test_cases_sort_by_their_residents_in_both_wings(cast: Cast, sort: str) -> None:
    for case, name in zip(open_cases(cast, len(SAID)), reversed(SAID), strict=True):
        case.resident_name = name
        case.save()
        task_on(cast, case, title=f"Task {case.pk}")
    said = list(SAID if sort == "resident" else reversed(SAID))
    for actor, sorting in ((cast.amina, BY_DEADLINE), (cast.dev, CASE_SORTING)):
        assert _named(sorting.applied(Case.objects.visible_to(actor), sort), "resident_name") == said
    rows = TASK_SORTING[""].applied(Task.objects.visible_to(cast.amina), sort)
    assert list(dict.fromkeys(_named(rows, "case__resident_name"))) == said


def test_landlords_people_owners_and_approvers_sort_so(cast: Cast) -> None:
    made = Landlord.objects.bulk_create(Landlord(name=name) for name in reversed(SAID))
    case = cast.case
    for number, name in enumerate(reversed(SAID)):
        user = User.objects.create_user(email=f"{number}@alder.example", name=name)
        cast.alder.memberships.create(user=user, role=Role.SUB_ACCOUNT)
        staff = User.objects.create_user(email=f"{number}@ombudsman.example", name=name)
        teams.StaffMember.objects.create(user=staff, role=Role.TEAM_MANAGER, team="triage")
        Case(
            **{one: getattr(case, one) for one in ("status", "team", "released_at", "resident_address")},
            reference=f"1999{number:05d}",
            resident_name="x",
            landlord=made[number],
            owner=staff,
            colleague=user,
        ).save()
    assert _named(register.landlords(cast.gwen), "name") == list(SAID)
    for rows in (people.people_of(cast.alder.pk), people.everybody_at(cast.alder.pk)):
        assert _named(rows, "user__name") == list(SAID)
    for staffed in (teams.owners(), teams.everybody(cast.gwen), approvers(cast.gwen)):
        assert _named(staffed, "user__name") == list(SAID)
    found = Case.objects.filter(reference__startswith="1999")
    for sorting, key, path in (
        (CASE_SORTING, "landlord", "landlord__name"),
        (CASE_SORTING, "owner", "owner__name"),
        (BY_DEADLINE, "assigned", "colleague__name"),
    ):
        assert _named(sorting.applied(found, key), path) == list(SAID)
        assert _named(sorting.applied(found, f"-{key}"), path) == list(reversed(SAID))


def test_a_changed_title_and_filter_take_their_new_places(cast: Cast) -> None:
    task = task_on(cast, title="Zebra")
    tasks.change_task(task, title="Écoutez", details="", by=cast.dev)
    assert Task.objects.get(pk=task.pk).title_sort_key == "ecoutez"
    for name in reversed(SAID):
        filters.save_filter(List.TASKS, name=name, query="kind=respond-to-request", by=cast.amina)
    first = SavedFilter.objects.get(name=SAID[0])
    filters.change_filter(first.pk, name="Żaneta", by=cast.amina)
    names = list(SavedFilter.objects.visible_to(cast.amina).own_first(cast.amina).values_list("name", flat=True))
    assert names == [*SAID[1:-1], "Żaneta", SAID[-1]]


def _keys() -> list[SortKey]:
    return [field for model in apps.get_models() for field in model._meta.get_fields() if isinstance(field, SortKey)]


def test_every_column_of_words_has_its_key(cast: Cast) -> None:
    """A column without one would not be found by the database."""
    for sorting, rows in (
        (CASE_SORTING, Case.objects.all()),
        (BY_DEADLINE, Case.objects.all()),
        (TASK_SORTING[""], Task.objects.all()),
        (document_sorting(labels_now()), apps.get_model("documents.Document")._default_manager.all()),
    ):
        for column in sorting.columns:
            list(sorting.applied(rows, column.key)[:1])
    assert len(_keys()) == 8


def test_the_migrations_give_their_keys_to_the_rows_that_there_are(cast: Cast) -> None:
    world.build(cast)
    before = {field: dict(field.model._default_manager.values_list("pk", field.name)) for field in _keys()}
    for field, keys in before.items():
        assert keys, field
        assert "" not in keys.values()
        field.model._default_manager.update(**{field.name: ""})
    for app in {field.model._meta.app_config.name for field in before}:
        migrations = import_module(f"{app}.migrations").__path__[0]
        (path,) = Path(migrations).glob("*_names_sort_as_said.py")
        for operation in import_module(f"{app}.migrations.{path.stem}").Migration.operations:
            if hasattr(operation, "code"):
                operation.code(apps, SimpleNamespace(connection=connection))
    for field, keys in before.items():
        assert dict(field.model._default_manager.values_list("pk", field.name)) == keys


def test_nobody_changes_a_name_and_leaves_its_key() -> None:
    """`update` writes no key, and `update_fields` must name it."""
    for field in _keys():
        assert isinstance(field.model._meta.get_field(field.of), models.CharField)
    for path in Path("portal").rglob("*.py"):
        text = path.read_text()
        for field in _keys():
            assert f".update({field.of}=" not in text, path
            if f'update_fields=["{field.of}"' in text:
                assert f'"{field.name}"' in text, path
