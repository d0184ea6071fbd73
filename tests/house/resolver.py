"""Walks the portal's routes: name, pattern, view and parameters of each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    view: Callable[..., Any]
    parameters: tuple[str, ...]


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", "", ()))


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str, space: str, parameters: tuple[str, ...]
) -> Iterator[Route]:
    for entry in patterns:
        here = parameters + tuple(entry.pattern.converters)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry.url_patterns, prefix + str(entry.pattern), inner, here)
        else:
            yield Route(f"{space}{entry.name}", prefix + str(entry.pattern), entry.callback, here)
