"""What is kept of GOV.UK's components is the value of a pure function: whoever asked before, a page shows its own words."""

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

env = engines["jinja2"].env  # type: ignore[attr-defined]
govuk = env.globals["govuk"]


def plainly(component: str, parameters: dict[str, object]) -> str:
    """Drawn by the macro itself."""
    macro = "govuk" + component.title().replace("-", "")
    source = (
        f'{{% from "govuk_frontend_jinja/components/{component}/macro.html" import {macro} %}}{{{{ {macro}(given) }}}}'
    )
    return env.from_string(source).render(given=parameters)


def boxed(value: object) -> dict[str, object]:
    return {
        "id": "id_words",
        "name": "words",
        "value": value,
        "label": {"text": value},
        "hint": {"text": value},
        "errorMessage": {"text": value},
        "attributes": {"data-words": {"value": value, "optional": True}},
        "items": [{"value": value, "text": value, "checked": bool(value), "selected": bool(value)}],
        "spellcheck": value,
    }


# Each is equal to another, or looks like one, and is drawn in another way.
ALIKE = ["<b>Alder</b>", Markup("<b>Alder</b>"), "<b>Birch</b>", "1", 1, True, 1.0, "", None, False, 0, "x" * 6000]


@pytest.mark.parametrize("component", ["input", "textarea", "select", "radios", "checkboxes", "character-count"])
def test_each_is_drawn_as_its_macro_draws_it_whatever_was_drawn_before(component: str) -> None:
    for value in (*ALIKE, *reversed(ALIKE)):
        assert govuk(component, boxed(value)) == plainly(component, boxed(value))


@given(st.text(max_size=20), st.text(max_size=20))
def test_nobody_reads_what_another_has_typed(one: str, another: str) -> None:
    for value in (one, another, one):
        assert str(govuk("input", boxed(value))) == plainly("input", boxed(value))


def test_what_somebody_wrote_at_length_is_not_kept() -> None:
    before = govuk.kept().misses
    govuk("textarea", boxed("Only once. " * 600))
    assert govuk.kept().misses == before
    govuk("textarea", boxed("Only once, and short."))
    assert govuk.kept().misses == before + 1
