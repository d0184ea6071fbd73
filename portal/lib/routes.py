"""The address of a named route. Django looks each one up anew; here its pattern is kept once it has been asked for.

The portal has one set of routes and always stands at the top of its host.
"""

from functools import cache, lru_cache

from django.urls import reverse


def address(name: str, *args: object) -> str:
    """What reverse(name, args=args) gives: address("landlord:case", reference)."""
    for arg in args:
        if not (type(arg) is int and arg >= 0) and not (type(arg) is str and arg.isascii() and arg.isdigit()):
            return _looked_up(name, args)
    return _pattern(name, len(args)).format(*args)


@cache  # as many as there are routes
def _pattern(name: str, count: int) -> str:
    """The address with {} for each argument. Only for digits: every converter of the portal takes them as they are."""
    probes = [f"{number}000000000{number}" for number in range(1, count + 1)]
    found = reverse(name, args=probes).replace("{", "{{").replace("}", "}}")
    for probe in probes:
        found = found.replace(probe, "{}")
    return found


@lru_cache(maxsize=1000)
def _looked_up(name: str, args: tuple[object, ...]) -> str:
    return reverse(name, args=args)
