"""A case for its landlord: the layout around every tab, the overview and the tasks tab (S43-S46)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.access.permissions import Permission
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.content.words import words
from portal.determinations import reviews
from portal.lib.errors import RuleBroken
from portal.lib.routes import address
from portal.notifications.inbox import Place
from portal.pages.design.fields import add_rule
from portal.pages.guards import PortalRequest, landlord, or_404, sends
from portal.pages.landlord import back
from portal.pages.landlord.cases.rows import task_item
from portal.pages.landlord.tasks.forms import AssignForm, choices_of_people, with_the_one_who_left
from portal.pages.shared.horizon import today
from portal.pages.shared.page import page
from portal.pages.shared.timeline import timeline_of
from portal.pages.shared.writing import drafts
from portal.tasks.models import Task
from portal.tasks.querysets import TaskQuerySet

UPCOMING = 5  # tasks beside the tabs (S45)
A_PAGE = 25
TABS = (
    ("overview", "Overview", "landlord:case"),
    ("tasks", "Tasks", "landlord:case_tasks"),
    ("documents", "Documents", "landlord:documents"),
    ("messages", "Messages", "landlord:messages"),
)
DETERMINATION = ("determination", "Determination", "landlord:determination")  # once there is one
VIEWS = {"": "Outstanding tasks", "checking": "Completed tasks, being checked", "ended": "Tasks that have ended"}


def case_context(request: PortalRequest, reference: str, tab: str) -> tuple[Case, dict[str, Any]]:
    """Returns the case, recorded as opened, and the context of case_layout.html. 404 for any other case."""
    with or_404():
        case = cases.open_case(reference, by=request.actor)
    seen, came_from = today(), back.carried(request)
    return case, {
        "case": case,
        "tab": tab,
        "tabs": [
            {
                "text": text,
                "href": back.with_query(address(name, case.reference), came_from),
                "current": key == tab,
            }
            for key, text, name in _tabs(case, tab)
        ],
        "status_words": words(f"status.{case.status}"),
        "team_words": words(f"team.{case.team}"),
        "back_to": back.way_back(request, "landlord:open_cases" if case.is_open else "landlord:closed_cases"),
        "upcoming": [task_item(task, seen, request.actor) for task in _upcoming(request.actor, case_id=case.pk)],
        "read_only": not case.is_open,
        "review_until": reviews.last_day(case.determined_at) if case.determined_at else None,
        "may_work": case.is_open and request.actor.may(Permission.LANDLORD_WORK_CASES),
    }


def _tabs(case: Case, tab: str) -> tuple[tuple[str, str, str], ...]:
    return (*TABS, DETERMINATION) if case.determined_at or tab == DETERMINATION[0] else TABS


@kept
def _upcoming(actor: Actor, case_id: int) -> TaskQuerySet:
    return Task.objects.visible_to(actor).on_case(case_id).outstanding().due_first()[:UPCOMING]


def tasks_of(case: Case, actor: Actor) -> TaskQuerySet:
    return Task.objects.visible_to(actor).on_case(case.pk)


@landlord
@sends(Permission.LANDLORD_WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: PortalRequest, reference: str) -> HttpResponse:
    """The overview: facts and timeline. A POST assigns a colleague (D5)."""
    case, context = case_context(request, reference, "overview")
    people = with_the_one_who_left(choices_of_people(request.actor), case.colleague)
    form = AssignForm(request.POST or None, people=people, initial={"colleague": case.colleague_id or ""})
    if request.method == "POST" and _assigned(request, case, form):
        return redirect("landlord:case", case.reference)
    rows, items = timeline_of(case, request.actor, request.GET.get("page"))
    shown = {**context, "form": form, "rows": rows, "items": items}
    return page(request, "landlord/case_overview.html", shown, shows=Place("overview", case.pk))


def _assigned(request: PortalRequest, case: Case, form: AssignForm) -> bool:
    if not form.is_valid():
        return False
    try:
        cases.assign_colleague(case, colleague_id=form.cleaned_data["colleague"], by=request.actor)
    except RuleBroken as error:
        add_rule(form, error)
        return False
    messages.success(request, f"Case {case.reference}: {form.words}")
    return True


@landlord
@require_safe
def case_tasks(request: PortalRequest, reference: str) -> HttpResponse:
    """The tasks of the case: outstanding ones by deadline; completed and ended ones in views of their own."""
    case, context = case_context(request, reference, "tasks")
    tasks, asked = tasks_of(case, request.actor), request.GET.get("show", "")
    lists = {"": tasks.outstanding().due_first(), "checking": tasks.checking(), "ended": tasks.ended()}
    shown = asked if asked in lists else ""
    rows = Paginator(lists[shown].select_related("colleague"), A_PAGE).get_page(request.GET.get("page"))
    seen, base = today(), address("landlord:case_tasks", case.reference)
    unsent = drafts.unsent_of(request.actor)
    came_from = {back.FROM: request.GET[back.FROM]} if back.carried(request) else {}
    views = [
        {
            "text": text,
            "href": back.with_query(base, urlencode(({"show": key} if key else {}) | came_from)),
            "current": key == shown,
        }
        for key, text in VIEWS.items()
    ]
    shared = {
        "here": back.here(request),
        "heading": VIEWS[shown],
        "views": views,
        "rows": rows,
        "items": [task_item(task, seen, request.actor, unsent) for task in rows],
    }
    return page(request, "landlord/case_tasks.html", {**context, **shared})
