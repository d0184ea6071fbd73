"""A macro that is imported with the context of a page is made anew for each page: only one that needs something of it may be.
One that needs something, and is imported without, would draw a form without its token."""

from collections.abc import Iterator
from pathlib import Path

from django.template import engines
from jinja2 import Environment, meta, nodes

TEMPLATES = sorted(Path("portal").glob("**/templates/**/*.html"))


def test_a_macro_is_imported_with_context_exactly_if_its_file_needs_any() -> None:
    env: Environment = engines["jinja2"].env
    parsed = {_name(path): env.parse(path.read_text()) for path in TEMPLATES}
    needy = {name for name, template in parsed.items() if _needed(template, set(env.globals))}
    assert "design/form.html" in needy
    wrong = [
        (name, found.template.value, found.names, found.with_context)
        for name, template in parsed.items()
        for found in template.find_all(nodes.FromImport)
        if found.with_context != (found.template.value in needy and _has_macro(found, parsed))
    ]
    assert not wrong


def test_needs_are_seen() -> None:
    env: Environment = engines["jinja2"].env
    parsed = env.parse(
        "{% set a = 1 %}{% macro m(b) %}{% set c = 2 %}{{ a }}{{ b }}{{ c }}{{ d }}{{ url }}{% endmacro %}"
    )
    assert _needed(parsed, set(env.globals)) == {"d"}


def _needed(template: nodes.Template, known: set[str]) -> set[str]:
    """The names that the macros of a template take from whoever imports them."""
    own = known | set(_named(template))
    return {
        name
        for macro in template.find_all(nodes.Macro)
        for name in meta.find_undeclared_variables(nodes.Template([macro]).set_environment(template.environment))
        if name not in own
    } - {"caller", "kwargs", "varargs", "loop"}


def _has_macro(found: nodes.FromImport, parsed: dict[str, nodes.Template]) -> bool:
    """What a template sets at its top, such as a table of colours, needs nothing."""
    macros = {macro.name for macro in parsed[found.template.value].find_all(nodes.Macro)}
    return bool(macros & {name if isinstance(name, str) else name[0] for name in found.names})


def _named(template: nodes.Template) -> Iterator[str]:
    """What stands at the top of a template: its macros, what it imports, what it sets; and what a macro sets itself."""
    for macro in template.find_all(nodes.Macro):
        yield macro.name
    for found in template.find_all(nodes.FromImport):
        yield from (name if isinstance(name, str) else name[1] for name in found.names)
    for assigned in template.find_all((nodes.Assign, nodes.AssignBlock, nodes.For)):
        yield from (name.name for name in assigned.target.find_all(nodes.Name))
        yield assigned.target.name if isinstance(assigned.target, nodes.Name) else ""


def _name(path: Path) -> str:
    return str(path).partition("templates/")[2]
