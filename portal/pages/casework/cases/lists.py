"""The list of all cases with its filters, and the form for a new case."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.cases import actions
from portal.cases.models import Case
from portal.cases.querysets import CaseQuerySet
from portal.filters.models import List
from portal.landlords import register
from portal.lib.routes import address
from portal.pages.casework.cases.filters import CASE_SORTING, CaseFilter
from portal.pages.casework.cases.forms import CaseForm, owner_choices
from portal.pages.casework.worklist import queues
from portal.pages.casework.worklist.queues import WHOSE_WORDS, Whose
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may
from portal.pages.shared.horizon import today
from portal.pages.shared.lists.counts import length, lengths
from portal.pages.shared.lists.paging import in_parts, pages, part
from portal.pages.shared.lists.saved_filters import saved_filters
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, tried
from portal.teams.models import Team

A_PAGE = 25
NOUNS = {
    "": ("open case", "open cases"),
    "closed": ("closed case", "closed cases"),
    "hidden": ("case not yet released", "cases not yet released"),
    "all": ("case", "cases"),
}


@may(Permission.SEE_CASES)
@require_safe
def cases(request: PortalRequest) -> HttpResponse:
    """The list of cases. Without filters: the open ones, earliest deadline first."""
    actor, base = request.actor, address("casework:cases")
    whose = [(one.value, WHOSE_WORDS[one]) for one in queues.choices_of(actor) if one is not Whose.ALL]
    form = CaseFilter(request.GET, whose=whose, owner=owner_choices())
    asked = form.asked()
    chips = form.chips(base)
    return page(
        request,
        "casework/cases.html",
        {
            "form": form,
            "rows": _listed(form, actor).get_page(request.GET.get("page")),
            "noun": NOUNS[asked.get("show", "")],
            "chips": chips if "show" in asked else [{"text": "Open cases"}, *chips],
            "clear_href": form.cleared(base) if chips else "",
            "saved": saved_filters(List.SERVICE_CASES, actor, form.query()),
            "head": form.head(base),
            "horizon": today(),
            "whose": asked.get("whose", ""),
            "may_create": actor.may(Permission.CREATE_CASES),
        },
    )


def _listed(form: CaseFilter, actor: Actor) -> Paginator:  # type: ignore[type-arg]
    """Returns the rows. The list without a filter is requested most, so its SQL statements are kept."""
    if not form.narrows():
        return pages(_rows, actor, length(_length, actor), A_PAGE, form.sort())
    return in_parts(_shown(form.cases(actor)), A_PAGE)


@kept
def _length(actor: Actor) -> QuerySet[Any]:
    return lengths(cases=Case.objects.visible_to(actor).open())


@kept
def _rows(actor: Actor, first: int, last: int, sort: str) -> CaseQuerySet:
    cases = CASE_SORTING.applied(Case.objects.visible_to(actor).open(), sort)
    rows: CaseQuerySet = part(_shown(cases), first, last, is_indexed=not sort)
    return rows


def _shown(cases: CaseQuerySet) -> CaseQuerySet:
    """Reads only the columns that the list shows."""
    own = ("reference", "resident_name", "resident_address", "status", "team", "next_due_on", "released_at")
    others = ("landlord__name", "owner__name", "owner__is_active")
    return cases.select_related("landlord", "owner").only("landlord", "owner", *own, *others)


@may(Permission.CREATE_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted(
    "reference", "landlord", "resident_name", "resident_address", "summary", chosen=("team", "owner"), called="New case"
)
def case_new(request: PortalRequest) -> HttpResponse:
    """Creates a case, which is hidden from the landlord until it is released (D11)."""
    actor = request.actor
    form = CaseForm(request.POST or None, owner=owner_choices())
    case = (
        tried(form, lambda: actions.create_case(by=actor, **_given(form, actor))) if request.method == "POST" else None
    )
    if case is not None:
        words = f"Case {case.reference} created. The landlord cannot see it until you release it."
        return done(request, words, redirect("casework:case", case.reference))
    landlords = register.landlords(actor).values_list("name", flat=True)
    return page(request, "casework/case_new.html", {"form": form, "landlords": landlords})


def _given(form: CaseForm, actor: Actor) -> dict[str, Any]:
    given = form.cleaned_data
    names = ("reference", "resident_name", "resident_address", "summary")
    return {
        **{name: given[name] for name in names},
        "landlord": register.landlord_named(given["landlord"], by=actor),
        "team": Team(given["team"]),
        "owner_id": given["owner"],
    }
