"""Which pages the portal has and who opens them, from the URL resolver: for the tests of accessibility and the statement.

A page is asked for by everybody who may see it, and visited once for each way in which it is built.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal.lib import clock
from portal.pages.casework.worklist.queues import QUEUES
from portal.support import tokens
from portal.support.models import Purpose, Ticket
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from tests import cast as the_cast
from tests import world
from tests.cast import Cast
from tests.house.resolver import Route, routes
from tests.signing_in import link_in_mail
from tests.visitors import Visitors

# Pages that bear the name of the record that they show.
NAMES = {
    "case": "A case",
    "task": "A task",
    "thread": "A conversation",
    "landlord": "A landlord",
    "ticket": "A report of a fault",
    "follow": "A report of a fault, opened from an e-mail",
    "support_ticket": "A report of a fault",
    "person": "A person",
    "restriction": "A restriction",
    "restrict": "Restrict access",
    "content_words": "Words",
    "category": "A category",
    "receipt": "A receipt",
    "your_access": "Your access to the portal",
}
PLAINLY = {
    r" (of|to|on) case\b": "",
    r"\b(?:SR-|IT-)?\d{6,9}\b": "",
    "Ben Carter": "a person",
    r"\border \d": "an order",
    r"\brecommendation \d": "a recommendation",
}
BLOCKED = "/?"  # in place of every page, for somebody whose access is blocked
# Lists that find nothing, filters that cannot be read, steps that an address alone does not show.
MORE = (
    "/cases/?text=nothing-bears-this-name",
    "/tasks/?show=completed",
    "/casework/cases/?text=nothing-bears-this-name",
    "/casework/landlords/?name=nothing-bears-this-name",
    "/casework/restrictions/?show=ended",
    "/help/report/sent/?number=SR-000001",
    "/nowhere/",
    BLOCKED,
    *(f"/casework/worklist/{queue.key}/" for queue in QUEUES if queue.shape != "cases"),
)
STATUS_OF = {"/nowhere/": 404, BLOCKED: 403}


@dataclass(frozen=True)
class Visit:
    """A page to open, what it is called, and by whom: "" is somebody who has not signed in.

    `is_first` is the fullest way in which the page is built; `is_refused` says that its form is refused when sent empty.
    """

    route: str
    address: str
    who: str
    name: str
    is_first: bool
    is_refused: bool


@dataclass(frozen=True)
class Place:
    """An address and the view that answers there, where the address is a route's own."""

    route: str
    address: str
    view: Any = None


def everything(cast: Cast, *, only_first: bool = False) -> tuple[list[Visit], Visitors]:
    """Makes one record of every kind. Every visit, or with `only_first` one to each page, and the visitors."""
    made = world.build(cast)
    visitors = Visitors(cast)
    values = _values(cast, made, visitors)
    places = [*_places(values), *(Place(address, address) for address in MORE)]
    return [visit for place in places for visit in _of_page(place, visitors, only_first=only_first)], visitors


def _values(cast: Cast, values: dict[str, Any], visitors: Visitors) -> dict[str, Any]:
    """What a route's parameters take; for some routes a record in the state that they ask for."""
    visitors.clients[""].post("/forgotten-password/", {"email": "esi@ombudsman.example"})
    completed, unable = (_task(cast, title) for title in ("Send the stage 1 response", "Send the tenancy file"))
    tasks.complete_task(completed, completed_on=clock.today(), by=cast.amina)
    tasks.report_unable(unable, reason="The archive has burnt down.", by=cast.amina)
    return values | {
        "task_id": {"": values["task_id"], "casework:task_return": completed.pk, "casework:task_answer": unable.pk},
        "token": {
            "account_reset_password_from_key": link_in_mail("esi@ombudsman.example").split("/")[2],
            "help:follow": tokens.mint(Ticket.objects.earliest("pk"), Purpose.PAGE),
        },
    }


def _task(cast: Cast, title: str) -> Task:
    kind = TaskKind.RESPOND_TO_REQUEST
    return tasks.set_task(cast.case, kind=kind, title=title, details="", due_on=the_cast.in_days(3), by=cast.dev)


def _places(values: dict[str, Any]) -> Iterator[Place]:
    for route in routes():
        wanted = {name: _value(route, values.get(name)) for name in route.parameters}
        if None not in wanted.values():
            yield Place(route.name, reverse(route.name, kwargs=wanted), route.view)


def _value(route: Route, value: Any) -> Any:
    return value.get(route.name, value.get("")) if isinstance(value, dict) else value


def _of_page(place: Place, visitors: Visitors, *, only_first: bool) -> Iterator[Visit]:
    seen: set[str] = set()
    name = ""
    for who, client in visitors.admitted_to(place.view):
        answer = _ask(client.get, place.address)
        if answer.status_code == 405:
            return  # an address for sending only
        page = BeautifulSoup(answer.content, "lxml") if _is_page(answer, place.address) else None
        if page and (new := kinds(page.body if place.address == "/" else page.main) - seen):
            name = name or name_of(page.title.get_text(), place)
            is_refused = not only_first and _is_refused(client, page, place.address)
            yield Visit(place.route, place.address, who, name, is_first=not seen, is_refused=is_refused)
            if only_first:
                return
            seen |= new


def _ask(verb: Any, address: str) -> HttpResponse:
    """Looks, and leaves everything as it was."""
    with transaction.atomic():
        answer = verb(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def _is_page(answer: HttpResponse, address: str) -> bool:
    is_html = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
    return bool(is_html) and answer.status_code == STATUS_OF.get(address, 200)


def _is_refused(client: Client, page: BeautifulSoup, address: str) -> bool:
    if not page.select_one("main form[method=post]"):
        return False
    answer = _ask(partial(client.post, data={"sent": "1"}), address)  # a browser always sends the form's own token
    return answer.status_code in {200, 400} and b"govuk-error-summary" in answer.content


def kinds(part: Tag) -> set[str]:
    """Of which elements it is built: two pages of the same kinds need not both be looked at. What stands around `main`
    is seen on everybody's first page."""
    found = set()
    for tag in part.find_all(True):
        classes = ".".join(sorted(tag.get("class", [])))
        found.add(f"{tag.name}.{classes} {tag.get('role', '')} {tag.get('type', '')}")
    return found


def name_of(title: str, place: Place) -> str:
    """What the statement calls the page: its title without the data of the tests' cast."""
    name = title.split(" – ")[0]
    for data, word in PLAINLY.items():
        name = re.sub(data, word, name)
    name = NAMES.get(place.route.split(":")[-1]) or " ".join(name.split()).replace(" :", ":")
    return f"{name} (our staff)" if place.address.startswith("/casework/") else name


def as_plain(visits: list[Visit]) -> list[dict[str, Any]]:
    return [asdict(visit) for visit in visits]
