"""The page of notifications. A notification links to what it is about and is read once that was opened (S27)."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.lib import pasted
from portal.lib.routes import address
from portal.notifications import inbox
from portal.notifications.models import Notification
from portal.notifications.rules import line
from portal.notifications.topics import Topic, topics_for_bell
from portal.pages.guards import PortalRequest, signed_in
from portal.pages.shared.lists.counts import counted, lengths
from portal.pages.shared.lists.paging import pages
from portal.pages.shared.page import page
from portal.pages.shared.timeline import address_of

A_PAGE = 25


class BellFilter(forms.Form):
    """By kind of event and by case; what cannot be understood filters nothing."""

    topic = forms.ChoiceField(label="Kind of event", required=False)
    case = forms.CharField(label="Case reference", required=False, max_length=20)
    show = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, topics: tuple[Topic, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "All"), *((topic.value, topic.label) for topic in topics)]
        self.fields["topic"].choices = choices  # type: ignore[attr-defined]

    def clean_show(self) -> str:
        return ""  # it is the tab, not a filter


@signed_in
@require_safe
def listing(request: PortalRequest) -> HttpResponse:
    only_unread = request.GET.get("show") == "unread"
    asked = BellFilter(request.GET, topics=topics_for_bell(request.actor))
    asked.is_valid()
    given = {name: value for name, value in asked.cleaned_data.items() if value}
    topic, reference = given.get("topic", ""), pasted.reference(given.get("case", ""))
    narrow = {"reference": reference} if reference else {}
    length = counted(_length(request.actor, only_unread, topic, **narrow))["entries"]
    listed = pages(_entries, request.actor, length, A_PAGE, only_unread, topic, **narrow)
    rows = listed.get_page(request.GET.get("page"))
    items = [
        {
            "entry": row,
            "line": line(row.entry, for_service=not request.actor.is_landlord),
            "reference": row.entry.case.reference,
            "href": address_of(row.entry.case.reference, row.entry, request.actor),
        }
        for row in rows
    ]
    context = {
        "area": "landlord" if request.actor.is_landlord else "casework",
        "rows": rows,
        "items": items,
        "only_unread": only_unread,
        "given": given,
        "filters": BellFilter(given | {"show": "unread" if only_unread else ""}, topics=topics_for_bell(request.actor)),
        "chips": _chips(given, only_unread),
        "all_href": _address({**given}),
        "unread_href": _address({**given, "show": "unread"}),
        "clear_href": _address({"show": "unread"} if only_unread else {}),
    }
    return page(request, "shared/notifications.html", context)


def _narrowed(actor: Actor, only_unread: bool, topic: str, reference: str) -> QuerySet[Notification]:
    entries = inbox.unread(actor) if only_unread else inbox.bell_of(actor)
    return inbox.narrowed(entries, topic=topic, reference=reference)


@kept
def _length(actor: Actor, only_unread: bool, topic: str, reference: str = "") -> QuerySet[Any]:
    return lengths(entries=_narrowed(actor, only_unread, topic, reference))


@kept
def _entries(
    actor: Actor, first: int, last: int, only_unread: bool, topic: str, reference: str = ""
) -> QuerySet[Notification]:
    shown = ("read_at", "entry__kind", "entry__at", "entry__details", "entry__case__reference")
    return _narrowed(actor, only_unread, topic, reference).only("entry", "entry__case", *shown)[first:last]


def _chips(given: dict[str, str], only_unread: bool) -> list[dict[str, str]]:
    """The filters that hold, each with the address without it."""
    show = {"show": "unread"} if only_unread else {}
    chips = []
    for name, value in given.items():
        rest = {key: kept for key, kept in given.items() if key != name} | show
        words = ("Kind", Topic(value).label) if name == "topic" else ("Case", value)
        chips.append({"category": words[0], "text": words[1], "href": _address(rest)})
    return chips


def _address(query: dict[str, str]) -> str:
    return address("shared:notifications") + (f"?{urlencode(query)}" if query else "")


@signed_in
@require_POST
def all_read(request: PortalRequest) -> HttpResponse:
    inbox.mark_all_read(by=request.actor)
    return redirect("shared:notifications")
