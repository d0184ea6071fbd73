"""The layout around every page: navigation, person menu, number of unread notifications. The navigation is data; the template
renders it."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.drafts import actions as drafts
from portal.lib import clock
from portal.lib.routes import address
from portal.notifications import inbox
from portal.notifications.inbox import Place
from portal.pages.shared.lists.counts import counted, lengths
from portal.restrictions import emails
from portal.support import notices


@dataclass(frozen=True)
class Link:
    """Somewhere to go. With `post`, the address is asked for by a form, because something changes there."""

    text: str
    href: str = ""
    current: bool = False
    post: str = ""


@dataclass(frozen=True)
class SessionFacts:
    """What the warning before a time-out is counted from (D12). `ends_at` is said to people without scripts."""

    href: str
    person: int
    seconds: int
    ends_at: datetime


@dataclass(frozen=True)
class Layout:
    service_name: str
    organisation: str
    home_href: str
    navigation: tuple[Link, ...]
    menu: tuple[Link, ...]
    bell_count: int
    bell_href: str
    person_name: str
    demo: bool
    signed_in: bool
    support_address: str
    request_id: str
    guide_href: str
    accessibility_href: str
    acceptable_use_href: str
    help_href: str
    known_issues_href: str
    notices: tuple[str, ...]
    restriction: str  # why buttons are missing; "" for nearly everybody
    restriction_href: str
    search_href: str  # "" for who has no cases to search
    session: "SessionFacts | None" = None


LANDLORD_NAVIGATION = (
    ("Home", "landlord:home"),
    ("Open cases", "landlord:open_cases"),
    ("Closed cases", "landlord:closed_cases"),
    ("My tasks", "landlord:tasks"),
)
CASEWORK_NAVIGATION: tuple[tuple[str, str, Permission], ...] = (
    ("Worklist", "casework:worklist", Permission.SEE_CASES),
    ("Cases", "casework:cases", Permission.SEE_CASES),
    ("Landlords", "office:landlords", Permission.SEE_LANDLORDS),
    ("People", "office:people", Permission.MANAGE_SERVICE_PEOPLE),
    ("E-mails", "office:mail_log", Permission.SEE_MAIL),
    ("Support", "office:support", Permission.SEE_SUPPORT),
    ("Restrictions", "office:restrictions", Permission.SEE_RESTRICTIONS),
    ("Content", "office:content", Permission.EDIT_CONTENT),
)
PERSON_MENU = (
    ("Profile and settings", "account:profile"),
    ("Notification settings", "account:notifications"),
    ("Edit password", "account:password"),
    ("Signed-in devices", "account:devices"),
)

DRAFTS = ("Your drafts", "shared:drafts")  # only while there are any
ADMINISTRATOR_MENU = (("Create a new user", "landlord:user_new"), ("Manage your users", "landlord:users"))


def waiting_for(actor: Actor | None, seen: Place | None = None) -> dict[str, int]:
    """The numbers of unread notifications and of drafts. Notifications about the place `seen` are marked as read first."""
    if actor is None or actor.is_shut_out:
        return {"bell": 0, "drafts": 0}
    since = drafts.kept_since()
    if seen is None:
        return counted(_waiting(actor, since=since))
    of = {} if seen.number is None else {"number": seen.number}
    numbers = counted(_waiting_at(actor, seen.page, case_id=seen.case_id, since=since, **of))
    if numbers["seen"]:
        numbers["bell"] -= inbox.look_at(seen, by=actor)
    return numbers


@kept
def _waiting(actor: Actor, since: datetime) -> QuerySet[Any]:
    return lengths(bell=inbox.unread(actor), drafts=drafts.unsent(actor.user_id, since))


@kept
def _waiting_at(actor: Actor, page: str, case_id: int, since: datetime, number: int | None = None) -> QuerySet[Any]:
    unread = inbox.unread(actor)
    seen = inbox.leading_to(unread, page, case_id=case_id, number=number)
    return lengths(bell=unread, drafts=drafts.unsent(actor.user_id, since), seen=seen)


def layout_of(request: HttpRequest, actor: Actor | None, waiting: dict[str, int]) -> Layout:
    """The layout data of a page."""
    landlord = getattr(request, "landlord", None)
    return Layout(
        service_name=settings.SERVICE_NAME,
        organisation=landlord.name if landlord else settings.ORGANISATION_NAME,
        home_href=_home(actor),
        navigation=_navigation(request, actor),
        menu=_person_menu(actor, waiting["drafts"]),
        bell_count=waiting["bell"],
        bell_href=address("shared:notifications") if actor and not actor.is_shut_out else "",
        person_name=actor.name if actor else "",
        demo=settings.PORTAL_DEMO,
        signed_in=actor is not None,
        support_address=settings.SUPPORT_ADDRESS,
        request_id=getattr(request, "request_id", ""),
        guide_href=address("guide:guide"),
        accessibility_href=address("guide:accessibility"),
        acceptable_use_href=address("guide:acceptable_use"),
        help_href=address("help:help"),
        known_issues_href=address("help:known_issues"),
        notices=tuple(notice.text for notice in notices.banners()),
        restriction=_restricted(actor),
        restriction_href=address("shared:your_access"),
        search_href=_search(actor),
        session=session_facts(request, actor),
    )


def session_facts(request: HttpRequest, actor: Actor | None) -> SessionFacts | None:
    row = getattr(request.session, "row", None) if actor and hasattr(request, "session") else None
    if actor is None or row is None:
        return None
    left = (row.ends_at() - clock.now()).total_seconds()
    return SessionFacts(address("account:session"), actor.user_id, max(0, ceil(left)), row.ends_at())


def _restricted(actor: Actor | None) -> str:
    """A warning has its own page; the others stand around every page."""
    if actor is None or actor.restriction is None or actor.has_warning_to_read:
        return ""
    return emails.decision(actor.restriction)


def _person_menu(actor: Actor | None, drafts: int) -> tuple[Link, ...]:
    if actor is None:
        return ()
    managing = ADMINISTRATOR_MENU if actor.may(Permission.LANDLORD_MANAGE_PEOPLE) else ()
    entries = (*PERSON_MENU, *((DRAFTS,) if drafts else ()), *managing)
    links = () if actor.is_shut_out else tuple(Link(text, address(name)) for text, name in entries)
    return (*links, Link("Sign out", post=address("account_logout")))


def _home(actor: Actor | None) -> str:
    """Where the service's name leads. The worklist sends people without cases to where they begin."""
    return "/" if actor is None or actor.is_landlord else address("casework:worklist")


def _search(actor: Actor | None) -> str:
    if actor is None or not (actor.may(Permission.LANDLORD_SEE_CASES) or actor.may(Permission.SEE_CASES)):
        return ""
    return address("landlord:search" if actor.is_landlord else "casework:search")


def _navigation(request: HttpRequest, actor: Actor | None) -> tuple[Link, ...]:
    if actor is None or actor.is_shut_out:
        return ()
    if actor.is_landlord:
        named = [(text, address(name)) for text, name in LANDLORD_NAVIGATION]
    else:
        named = [(text, address(name)) for text, name, permission in CASEWORK_NAVIGATION if actor.may(permission)]
    best = max((href for _, href in named if _is_within(request.path, href)), key=len, default="")
    return tuple(Link(text, href, href == best) for text, href in named)


def _is_within(path: str, href: str) -> bool:
    """Whether the page belongs to a menu entry. Every address begins with the area's start page: that counts alone."""
    starts = {"/": (), address("casework:worklist"): (f"{href}worklist/",)}
    return path == href or path.startswith(starts.get(href, (href,)))
