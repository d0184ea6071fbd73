"""Compiled templates that are kept on disk are those of the present source, and of nobody else's making."""

from pathlib import Path

import pytest
from django.template import engines
from django.utils.functional import SimpleLazyObject
from jinja2 import DictLoader, Environment
from markupsafe import Markup, escape

from portal.pages.design.compiled import Compiled
from portal.teams.models import Team


def drawn(folder: Path, source: str) -> str:
    """As a fresh process draws it."""
    return (
        Environment(autoescape=True, loader=DictLoader({"a.html": source}), bytecode_cache=Compiled(folder))
        .get_template("a.html")
        .render()
    )


def test_a_fresh_process_takes_what_is_kept_and_a_changed_template_is_compiled_anew(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    assert drawn(folder, "one") == "one"
    (kept,) = folder.iterdir()
    first = kept.stat().st_mtime_ns, kept.read_bytes()
    assert drawn(folder, "one") == "one"
    assert (kept.stat().st_mtime_ns, kept.read_bytes()) == first
    assert drawn(folder, "two") == "two"
    assert kept.read_bytes() != first[1]


def test_nobody_else_on_the_machine_reads_or_writes_them(tmp_path: Path) -> None:
    drawn(tmp_path / "kept", "one")
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0


def test_changed_filters_make_every_template_anew(tmp_path: Path) -> None:
    """Jinja writes {{ 3|plural("task") }} into the compiled template as “3 tasks”."""
    kept, source = Compiled(tmp_path / "kept"), "{{ 3|plural('task') }}"

    class Changed(Compiled):
        filters = "other words"

    assert kept.get_source_checksum(source) != Changed(tmp_path / "kept").get_source_checksum(source)


class Shown:
    def __html__(self) -> str:
        return "<i>"


@pytest.mark.parametrize(
    "value",
    [
        "<a href='x' title=\"y\">&amp;</a>",
        Markup("<b>"),
        Shown(),
        SimpleLazyObject(lambda: "<b>"),
        7,
        None,
        ["<b>"],
        Team.TRIAGE,
    ],
)
def test_a_page_escapes_what_markupsafe_escapes(value: object) -> None:
    template = engines["jinja2"].from_string("{% macro m(x) %}{{ x }}{% endmacro %}{{ value }}{{ m(value) }}").template
    assert template.render(value=value) == str(escape(value)) * 2


def test_the_key_of_a_dict_comes_before_its_method() -> None:
    template = (
        engines["jinja2"]
        .from_string("{{ row.items }}{{ row.keys()|list }}{{ row.none }}{{ row.none.deeper }}")
        .template
    )
    assert template.render(row={"items": 3}) == "3[&#39;items&#39;]"
