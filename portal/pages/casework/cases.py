"""The list of all cases with its filters, and the form for a new case."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Case as Switch
from django.db.models import Q, When
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.cases import actions
from portal.cases.querysets import CaseQuerySet
from portal.cases.statuses import Status
from portal.landlords import register
from portal.lib.references import tidy
from portal.pages.casework import queues
from portal.pages.casework.answers import done, tried
from portal.pages.casework.forms import NOBODY, CaseFilter, CaseForm, owner_choices
from portal.pages.casework.queues import WHOSE_WORDS, Whose
from portal.pages.guards import PortalRequest, may
from portal.pages.shared.page import page
from portal.search import finding
from portal.search.models import Kind
from portal.teams.models import Team

A_PAGE = 25
SORTS: dict[str, tuple[Any, ...]] = {
    "deadline": (),  # the queryset's own due_first
    "reference": ("reference",),
    "landlord": ("landlord__name", "id"),
    "status": (Switch(*(When(status=status, then=place) for place, status in enumerate(Status))), "id"),
}
COLUMNS = (
    ("Case", "reference"),
    ("Resident", ""),
    ("Landlord", "landlord"),
    ("Status", "status"),
    ("Team and owner", ""),
    ("Next deadline", "deadline"),
)


@may(Permission.SEE_CASES)
@require_GET
def cases(request: PortalRequest) -> HttpResponse:
    """Every case; without filters the open ones, earliest deadline first."""
    actor = request.actor
    whose = [(one.value, WHOSE_WORDS[one]) for one in queues.choices_of(actor) if one is not Whose.ALL]
    filters = _understood(request.GET, whose=whose, owner=owner_choices())
    asked = {name: value for name, value in filters.cleaned_data.items() if value}
    (found, is_close), order = filtered(actor, asked), SORTS[asked.get("sort", "deadline")]
    found = (found.order_by(*order) if order else found.due_first()).select_related("landlord", "owner")
    rows = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "casework/cases.html",
        {
            "filters": filters,
            "rows": rows,
            "chips": _chips(filters, asked, close={"resident"} if is_close else set()),
            "head": _head(asked),
            "horizon": queues.today(),
            "whose": asked.get("whose", ""),
            "may_create": actor.may(Permission.CREATE_CASES),
        },
    )


def filtered(actor: Actor, asked: dict[str, str]) -> tuple[CaseQuerySet, bool]:
    """The cases that fit the filters asked for, and whether the resident only nearly fits."""
    found = queues.cases_of(actor, Whose(asked.get("whose", Whose.ALL)))
    found = _shown(found, asked.get("show", ""))
    apart = {"whose", "show", "sort", "resident"}
    found = found.filter(*[_narrowing(name, value, actor) for name, value in asked.items() if name not in apart])
    if "resident" not in asked:
        return found, False
    return finding.narrow(found, asked["resident"], actor, (Kind.RESIDENT, Kind.HOME))


def _shown(found: CaseQuerySet, show: str) -> CaseQuerySet:
    if show == "closed":
        return found.closed()
    if show == "hidden":
        return found.open().filter(released_at__isnull=True)
    return found if show == "all" else found.open()


def _narrowing(name: str, value: str, actor: Actor) -> Q:
    narrowings = {
        "reference": lambda: Q(reference__contains=tidy(value)),
        "landlord": lambda: Q(landlord__in=register.named(value, by=actor)),
        "status": lambda: Q(status=value),
        "team": lambda: Q(team=value),
        "owner": lambda: Q(owner_id__isnull=True) if value == NOBODY else Q(owner_id=int(value)),
    }
    return narrowings[name]()


def _understood(data: QueryDict, **choices: list[tuple[str, str]]) -> CaseFilter:
    """The filters without what cannot be understood: a filter form complains of nothing."""
    form = CaseFilter(data, **choices)
    form.is_valid()
    kept = CaseFilter({name: value for name, value in form.cleaned_data.items() if value}, **choices)
    kept.is_valid()
    return kept


def _head(asked: dict[str, str]) -> list[dict[str, str]]:
    """The columns; a heading sorts by its column and keeps the filters."""
    sort, base = asked.get("sort", "deadline"), reverse("casework:cases")
    return [
        {
            "text": text,
            "sort": f"{base}?{urlencode({**asked, 'sort': key})}" if key else "",
            "sorted": "ascending" if key == sort else "",
        }
        for text, key in COLUMNS
    ]


def _chips(form: CaseFilter, asked: dict[str, str], close: set[str]) -> list[dict[str, Any]]:
    """What is applied, each with the address that takes it away (S30)."""
    chips: list[dict[str, Any]] = []
    for name, value in asked.items():
        if name == "sort":
            continue
        choices = dict(getattr(form.fields[name], "choices", ()))
        others = urlencode({key: kept for key, kept in asked.items() if key != name})
        chips.append(
            {
                "category": form.fields[name].label,
                "text": f"{choices.get(value, value)}{' (close matches)' if name in close else ''}",
                "href": f"{reverse('casework:cases')}?{others}",
            }
        )
    return chips if "show" in asked else [{"text": "Open cases"}, *chips]


@may(Permission.CREATE_CASES)
@require_http_methods(["GET", "POST"])
def case_new(request: PortalRequest) -> HttpResponse:
    """A new case, hidden from the landlord until it is released (D11)."""
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
