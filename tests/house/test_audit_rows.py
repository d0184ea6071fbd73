"""Every act and every opening that the audit trail knows leaves exactly one row with its verb and its actor.

The verbs are read from the code: a new one fails here until it has a scene, and so does a scene whose verb is gone.
"""

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import portal
from portal.audit.models import AuditRow
from portal.cases.diary import Happened
from tests.cast import Cast
from tests.house.audit_scenes import SCENES

PORTAL = Path(portal.__file__).parent


@pytest.mark.parametrize("verb", sorted(SCENES))
def test_it_leaves_exactly_one_row_that_names_its_actor(cast: Cast, verb: str) -> None:
    name, prepare = SCENES[verb]
    act = prepare(cast)
    before = set(AuditRow.objects.values_list("pk", flat=True))
    act()
    rows = AuditRow.objects.filter(verb=verb).exclude(pk__in=before)
    assert [row.actor_id for row in rows] == [cast.actors[name].user_id if name else None]


def test_every_verb_of_the_code_has_a_scene_and_every_scene_a_verb_of_the_code() -> None:
    recorded = {verb for path in sorted(PORTAL.rglob("*.py")) for verb in _verbs_of(path)}
    assert len(recorded) > 100, "the verbs are no longer found in the code"
    assert not {verb for verb in recorded if not any(fnmatchcase(one, verb) for one in SCENES)}
    assert not {one for one in SCENES if not any(fnmatchcase(one, verb) for verb in recorded)}


def _verbs_of(path: Path) -> Iterator[str]:
    """The verbs that a module records. A part that is put in at run time is a *."""
    code = path.read_text()
    if "trail.record" not in code:
        return
    module = ast.parse(code)
    for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
        for call in _calls(function, "record", of="trail"):
            yield from _words(call.args[1], function, module)


def _calls(tree: ast.AST, name: str, *, of: str = "") -> Iterator[ast.Call]:
    wanted = f"{of}.{name}" if of else name
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == wanted)


def _words(verb: ast.expr, function: ast.FunctionDef, module: ast.Module) -> Iterator[str]:
    match verb:
        case ast.Constant(value=str(words)):
            yield words
        case ast.IfExp():
            yield from _words(verb.body, function, module)
            yield from _words(verb.orelse, function, module)
        case ast.JoinedStr():
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in verb.values)
        case ast.Attribute(value=ast.Name(id="kind"), attr="value"):  # cases/diary.py
            yield from (kind.value for kind in Happened)
        case ast.Name(id=name):
            yield from _words_of_name(name, function, module)
        case _:
            pytest.fail(f"{ast.unparse(verb)} in {function.name}: this test cannot read which verb is recorded")


def _words_of_name(name: str, function: ast.FunctionDef, module: ast.Module) -> Iterator[str]:
    """What a name stands for: given in this function, or by those who call it in this module."""
    names = [argument.arg for argument in function.args.args]
    if name in names:
        for call in _calls(module, function.name):
            yield from _words(call.args[names.index(name)], function, module)
        return
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            yield from _words(node.value, function, module)
