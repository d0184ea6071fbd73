"""Values to a tagged PDF. People's words reach it as data, never as markup: a file name cannot draw or run."""

import json
import logging
import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import typst
from django.conf import settings

log = logging.getLogger("portal.documents")
_KEPT_CONTROLS = "\n\t"
_LOOKS = "\ufe0e\ufe0f"
_TRIES = 3  # the compiler names all letters that it cannot draw at once; twice, should it keep some back
_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def typeset(markup: bytes, name: str, values: dict[str, Any]) -> bytes:
    """PDF/UA, in which a letter that no font at hand draws stands as its name in Unicode, such as [FIRE]. Should the
    compiler refuse even that, a plain PDF: no name makes it fail. The markup reads the values from the input `name`.
    """
    values = _changed(values, _seen)
    for _ in range(_TRIES):
        try:
            return _compile(markup, _input(name, values), ["ua-1"])
        except typst.TypstError as error:
            log.info("%s is not drawn as it is: %s", name, error)
            values = _changed(values, partial(_spelt, undrawn=_undrawn(error)))
    return _compile(markup, _input(name, values), [])


def _input(name: str, values: Any) -> dict[str, str]:
    return {name: json.dumps(values, ensure_ascii=True)}


def _compile(markup: bytes, data: dict[str, str], standards: list[Any]) -> bytes:
    made = typst.compile(markup, format="pdf", sys_inputs=data, pdf_standards=standards, font_paths=_fonts())
    assert isinstance(made, bytes)  # noqa: S101  a PDF is one piece
    return made


@cache
def _fonts() -> Any:
    """Looked for once in the life of a process: the compiler's own, the one for emoji that the front end's build lays
    ready, and what the machine has for other scripts."""
    paths = [str(settings.TYPESETTING_FONTS)]
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=paths)


def _undrawn(error: typst.TypstError) -> set[str]:
    texts = (_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in _UNDRAWN.findall(str(error.diagnostic)))
    return {letter for letter in "".join(texts) if not letter.isascii()}


def _spelt(letter: str, *, undrawn: set[str]) -> str:
    return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}')}]" if letter in undrawn else letter


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """The same values, each letter of them changed."""
    if isinstance(value, str):
        return "".join(change(letter) for letter in value)
    if isinstance(value, dict):
        return {key: _changed(inner, change) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_changed(inner, change) for inner in value]
    return value


def _seen(letter: str) -> str:
    """Nothing for control characters, on which the compiler fails, and for those that only choose a letter's look."""
    if letter in _KEPT_CONTROLS:
        return letter
    if letter in _LOOKS:
        return ""
    return "" if unicodedata.category(letter) in {"Cc", "Cs", "Cf"} else letter
