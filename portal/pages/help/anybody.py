"""Help is for everybody: who asks, where they are signed in, and what the portal sees of their browser (S95)."""

from typing import cast

from django.http import HttpRequest

from portal.access.actor import Actor
from portal.pages import visitor
from portal.pages.guards import PortalRequest, actor_of
from portal.support.actions import Surroundings


def somebody(request: HttpRequest) -> Actor | None:
    """The signed-in person, whose menu then stands around the page; else None."""
    actor = actor_of(request)
    if actor is not None:
        cast(PortalRequest, request).actor = actor
    return actor


def surroundings(request: HttpRequest) -> Surroundings:
    return Surroundings(browser=browser_of(request), ip=visitor.ip_of(request), network=visitor.network_of(request))


def browser_of(request: HttpRequest) -> str:
    """In words, with what the browser says of itself: “Firefox on Windows (Mozilla/5.0 ...)”."""
    told = visitor.user_agent_of(request)
    return f"{visitor.browser_words(told)} ({told})" if told else visitor.browser_words(told)
