"""GOV.UK's components, each drawn once for the same parameters. Its macro is a pure function, so its value can be kept."""

import marshal
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

KEPT, KEPT_SELECTS = 1000, 50  # drawings
LONGEST = 5_000  # bytes of parameters: more is somebody's own text, which nobody else asks for
LONGEST_SELECT = 50_000  # one that names all colleagues is asked for on every page of a list

Draw = Callable[[str, dict[str, Any]], Markup]


def component(env: Environment) -> Draw:
    """For templates: govuk("password-input", parameters)."""

    def from_key(name: str, written: bytes) -> Markup:
        """Drawn from the key alone: nothing that the key does not say can stand in it."""
        return drawn(name, marshal.loads(written))  # noqa: S302 - written just below

    kept, kept_select = lru_cache(maxsize=KEPT)(from_key), lru_cache(maxsize=KEPT_SELECTS)(from_key)

    def drawn(name: str, parameters: dict[str, Any]) -> Markup:
        template = env.get_template(f"govuk_frontend_jinja/components/{name}/macro.html")
        return Markup(getattr(template.module, _macro(name))(parameters))  # noqa: S704 - the macro has escaped it

    def govuk(name: str, parameters: dict[str, Any]) -> Markup:
        try:
            written = marshal.dumps(parameters, 2)  # tells 1, True and "1" apart, and refuses what is not plain
        except ValueError:
            return drawn(name, parameters)
        if len(written) <= LONGEST:
            return kept(name, written)
        if name == "select" and len(written) <= LONGEST_SELECT:
            return kept_select(name, written)
        return drawn(name, parameters)

    govuk.kept = kept.cache_info  # type: ignore[attr-defined]
    return govuk


def _macro(name: str) -> str:
    """govukPasswordInput of password-input."""
    return "govuk" + "".join(part.capitalize() for part in name.split("-"))
