"""Saved filters: those at the top of a list, the page on which one is saved, and the page where they are managed."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.filters import actions
from portal.filters.actions import NameTaken
from portal.filters.models import NAME_LIMIT, List, SavedFilter
from portal.filters.querysets import SavedFilterQuerySet
from portal.lib.routes import address
from portal.pages.guards import PortalRequest, or_404, signed_in
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, tried

ROUTES = {
    List.OPEN_CASES: "landlord:open_cases",
    List.CLOSED_CASES: "landlord:closed_cases",
    List.ALL_CASES: "landlord:cases",
    List.TASKS: "landlord:tasks",
    List.SERVICE_CASES: "casework:cases",
}
NEVER_SAVED = ("page", "from")
SHOWN = 6  # at the top of a list before the others are folded away


class FilterForm(forms.Form):
    """The name of a filter, and for the landlord's people whether their colleagues see it."""

    name = forms.CharField(
        label="Name of the filter",
        max_length=NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter a name for the filter",
            "max_length": f"The name must be {NAME_LIMIT} characters or fewer",
        },
    )
    is_shared = forms.BooleanField(label="Share with colleagues", required=False)
    taken = ""  # the name about which the person is asked whether to replace what has it

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]

    @property
    def given(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"], "is_shared": self.cleaned_data.get("is_shared", False)}


def saved_filters(of: List, actor: Actor, query: str) -> dict[str, Any]:
    """What stands at the top of a list: the person's saved filters, and where this one is saved. One statement."""
    links = [_link(one, actor) | {"current": one.query == query} for one in _saved(actor, of)]
    return {
        "links": links[:SHOWN],
        "more": links[SHOWN:],
        "save_href": f"{address('shared:filter_new', of)}?{query}" if query else "",
    }


@kept
def _saved(actor: Actor, of: List) -> SavedFilterQuerySet:
    return SavedFilter.objects.visible_to(actor).filter(list=of).own_first(actor)


@signed_in
@require_safe
def filters(request: PortalRequest) -> HttpResponse:
    """One's own, to rename and delete, and what colleagues share."""
    actor = request.actor
    saved = list(SavedFilter.objects.visible_to(actor).own_first(actor))
    rows = [_link(one, actor) | {"saved": one} for one in saved]
    context = {
        "own": [row for row in rows if not row["by"]],
        "shared": [row for row in rows if row["by"]],
        "most": actions.MOST_OF_ONE_PERSON,
        "may_share": actions.may_share(actor),
        "may_delete": set(SavedFilter.objects.deletable_by(actor).values_list("pk", flat=True)),
    }
    return page(request, "shared/filters.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def filter_new(request: PortalRequest, key: str) -> HttpResponse:
    """“Save this filter”: its name. One of the same name is replaced after the person was asked."""
    of, query = _list_of(request.actor, key), _query(request)
    form = _form(request)
    saved = tried(form, lambda: _save(of, query, form, request)) if request.method == "POST" else None
    if saved:
        return done(request, f"Filter “{saved.name}” saved.", redirect(_href(saved)))
    back_to = f"{address(ROUTES[of])}?{query}" if query else address(ROUTES[of])
    return page(request, "shared/filter_new.html", {"form": form, "list": of, "back_to": back_to})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def filter_change(request: PortalRequest, filter_id: int) -> HttpResponse:
    """Another name for one's own filter; shared or not."""
    with or_404():
        saved = SavedFilter.objects.visible_to(request.actor).of(request.actor).get(pk=filter_id)
        form = _form(request, saved)
        change = None
        if request.method == "POST":
            change = tried(form, lambda: actions.change_filter(filter_id, **form.given, by=request.actor))
    if change:
        return done(request, f"Filter “{change.name}” changed.", redirect("shared:filters"))
    return page(request, "shared/filter.html", {"form": form, "saved": saved})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def filter_delete(request: PortalRequest, filter_id: int) -> HttpResponse:
    """Asks first."""
    with or_404():
        saved = SavedFilter.objects.deletable_by(request.actor).select_related("user").get(pk=filter_id)
        if request.method == "POST":
            actions.delete_filter(filter_id, by=request.actor)
            return done(request, f"Filter “{saved.name}” deleted.", redirect("shared:filters"))
    return page(request, "shared/filter_delete.html", {"saved": saved, **_link(saved, request.actor)})


def _save(of: List, query: str, form: FilterForm, request: PortalRequest) -> SavedFilter:
    try:
        return actions.save_filter(
            of, query=query, **form.given, replacing=request.POST.get("replace", ""), by=request.actor
        )
    except NameTaken:
        form.taken = form.given["name"]
        raise


def _form(request: PortalRequest, saved: SavedFilter | None = None) -> FilterForm:
    may_share = actions.may_share(request.actor, saved)
    initial = {"name": saved.name, "is_shared": saved.is_shared} if saved else {}
    return FilterForm(request.POST if request.method == "POST" else None, initial=initial, may_share=may_share)


def _list_of(actor: Actor, key: str) -> List:
    """One of the actor's own lists; 404 for any other."""
    found = [of for of in actions.lists_of(actor) if of == key]
    if not found:
        raise Http404
    return found[0]


def _query(request: PortalRequest) -> str:
    pairs = [(name, value) for name, values in request.GET.lists() for value in values if name not in NEVER_SAVED]
    return urlencode([(name, value) for name, value in pairs if value.strip()])


def _href(saved: SavedFilter) -> str:
    return f"{address(ROUTES[List(saved.list)])}?{saved.query}"


def _link(saved: SavedFilter, actor: Actor) -> dict[str, Any]:
    """`by` names the colleague who shares it; "" for one's own."""
    by = "" if saved.user_id == actor.user_id else saved.user.name_now
    return {"text": saved.name, "href": _href(saved), "by": by, "is_shared": saved.is_shared}
