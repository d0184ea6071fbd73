"""Values to a tagged PDF. People's words reach it as data, never as markup: a file name cannot draw or run."""

import json
import logging
import unicodedata
from functools import cache
from typing import Any

import typst

log = logging.getLogger("portal.documents")
_KEPT_CONTROLS = "\n\t"


def typeset(markup: bytes, name: str, values: dict[str, Any]) -> bytes:
    """PDF/UA where the fonts at hand draw every letter, else a plain PDF: no name makes it fail. The markup reads the
    values from the input called `name`."""
    data = {name: json.dumps(_drawable(values), ensure_ascii=True)}
    try:
        return _compile(markup, data, ["ua-1"])
    except typst.TypstError as error:
        log.info("%s is a plain PDF: %s", name, error)
        return _compile(markup, data, [])


def _compile(markup: bytes, data: dict[str, str], standards: list[Any]) -> bytes:
    made = typst.compile(markup, format="pdf", sys_inputs=data, pdf_standards=standards, font_paths=_fonts())
    assert isinstance(made, bytes)  # noqa: S101  a PDF is one piece
    return made


@cache
def _fonts() -> Any:
    """Looked for once in the life of a process: the compiler's own, and what the machine has for other scripts."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


def _drawable(value: Any) -> Any:
    """The same values without control characters, on which the compiler fails."""
    if isinstance(value, str):
        return "".join(_seen(letter) for letter in value)
    if isinstance(value, dict):
        return {key: _drawable(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_drawable(inner) for inner in value]
    return value


def _seen(letter: str) -> str:
    if letter in _KEPT_CONTROLS:
        return letter
    return "" if unicodedata.category(letter) in {"Cc", "Cs", "Cf"} else letter
