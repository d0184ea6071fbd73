"""The address of a route is what Django's reverse gives, for every route and every kind of argument."""

import pytest
from django.urls import NoReverseMatch, reverse

from portal.lib.routes import address
from tests.house.resolver import Route, routes

ARGUMENTS = (7, "202601234", "007", "overdue", "two words", "ä/é?{}", "", -1, 0, 10**12, "１２", True)


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.name)
def test_every_address_is_the_one_that_django_gives(route: Route) -> None:
    for argument in ARGUMENTS:
        args = [argument, *range(1, len(route.parameters))] if route.parameters else []
        assert _given(address, route.name, *args) == _given(_reversed, route.name, *args)
    assert _given(address, route.name, 1, 2, 3, 4, 5) == ""


def _reversed(name: str, *args: object) -> str:
    return reverse(name, args=args)


def _given(address_of, name: str, *args: object) -> str:
    """ "" where there is no such address."""
    try:
        return address_of(name, *args)
    except NoReverseMatch:
        return ""
