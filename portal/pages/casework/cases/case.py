"""A case for caseworkers: the overview with its timeline, release, status, team and owner."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.cases import actions
from portal.cases.diary import TOLD_AT_RELEASE, Happened
from portal.cases.models import Case, DiaryEntry
from portal.cases.statuses import Status
from portal.content.words import words
from portal.lib.errors import RuleBroken
from portal.lib.routes import address
from portal.notifications import delivery_log
from portal.notifications.inbox import Place
from portal.notifications.rules import line, rule_of
from portal.pages.casework.cases.forms import HandOverForm, MoveForm, owner_choices
from portal.pages.casework.worklist.queues import way_back
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.shared.page import page
from portal.pages.shared.timeline import address_of, timeline_of
from portal.pages.shared.writing.answers import done, refused, tried
from portal.teams.models import Team

TABS = (
    ("Overview", "casework:case"),
    ("Tasks", "casework:case_tasks"),
    ("Documents", "casework:documents"),
    ("Messages", "casework:messages"),
    ("Determination", "casework:determination"),
)


def opened(request: PortalRequest, reference: str) -> Case:
    """Returns the case, recorded as opened; 404 when there is none."""
    with or_404():
        return actions.open_case(reference, by=request.actor)


def frame(case: Case, actor: Actor, tab: str) -> dict[str, Any]:
    """Returns the context of the layout around every tab."""
    return {
        "case": case,
        "status_words": words(f"status.{case.status}"),
        "team_words": words(f"team.{case.team}"),
        "tabs": [{"text": text, "href": address(name, case.reference), "current": text == tab} for text, name in TABS],
        "may_move": actor.may(Permission.MOVE_CASES),
        "may_release": actor.may(Permission.CREATE_CASES) and not case.is_released,
        "may_set_tasks": actor.may(Permission.SET_TASKS),
        "may_write": actor.may(Permission.WRITE_MESSAGES),
    }


@may(Permission.SEE_CASES)
@require_safe
def overview(request: PortalRequest, reference: str) -> HttpResponse:
    """The overview: facts on the left, the timeline on the right, with entries and reasons that only the service sees."""
    case, actor = opened(request, reference), request.actor
    rows, _ = timeline_of(case, actor, request.GET.get("page"))
    items = [service_item(case, entry, actor) for entry in rows]
    context = {"rows": rows, "items": items, "undelivered": delivery_log.undelivered(case)}
    context["crumbs"] = way_back(request.GET, actor)
    shown = {**frame(case, actor, "Overview"), **context}
    return page(request, "casework/case.html", shown, shows=Place("overview", case.pk))


def service_item(case: Case, entry: DiaryEntry, actor: Actor) -> dict[str, Any]:
    """Returns an entry of the timeline for staff, with internal reasons and a note when the landlord does not see it."""
    by = f"{entry.actor_name}, {case.landlord.name}" if entry.by_landlord else entry.actor_name
    text = entry.details.get("staff_reason") or entry.details.get("reason") or ""
    return {
        "title": line(entry, for_service=True),
        "by": by if entry.landlord_may_read else f"{by} ({_unseen(case, entry)})",
        "at": entry.at,
        "text": text,
        "href": address_of(case.reference, entry, actor) if rule_of(entry).page != "overview" else "",
    }


def _unseen(case: Case, entry: DiaryEntry) -> str:
    """Returns why the landlord does not see an entry. Entries that waited for the release were shown at the release."""
    if case.is_released and Happened(entry.kind) in TOLD_AT_RELEASE:
        return "before the release; the landlord was told at the release"
    return "the landlord does not see this"


@may(Permission.CREATE_CASES)
@require_POST
def case_release(request: PortalRequest, reference: str) -> HttpResponse:
    """“Release to landlord” (D11)."""
    case = opened(request, reference)
    back = redirect("casework:case", reference)
    try:
        actions.release_case(case, by=request.actor)
    except RuleBroken as broken:
        return refused(request, broken, back)
    return done(request, f"Case {reference} released. {case.landlord.name} can see it now.", back)


@may(Permission.MOVE_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("reason", chosen=("status", "team", "owner"), called="Change status")
def case_move(request: PortalRequest, reference: str) -> HttpResponse:
    """Moves the case to another status that the table of moves allows (C7)."""
    case = opened(request, reference)
    owner = case.owner.name if case.owner else ""
    form = MoveForm(
        request.POST or None,
        status=Status(case.status),
        owner=owner_choices(),
        owner_name=owner,
        initial={"seen": case.version_token},
    )
    moved = tried(form, lambda: _move(case, form, request.actor)) if request.method == "POST" else None
    if moved is None:
        shown = {**frame(case, request.actor, ""), "form": form, "managed_by": _managed_by(case)}
        return page(request, "casework/case_move.html", shown)
    words_done = f"Status changed to “{moved.get_status_display()}”. {_managed_by(moved)}"
    return done(request, words_done, redirect("casework:case", reference))


def _managed_by(case: Case) -> str:
    return f"{case.get_team_display()} manages the case. Owner: {case.owner.name if case.owner else 'nobody yet'}."


def _move(case: Case, form: MoveForm, actor: Actor) -> Case:
    given = form.cleaned_data
    return actions.move_case(
        case,
        to=Status(given["status"]),
        reason=given["reason"],
        team=Team(given["team"]) if given["team"] else None,
        owner_id=given["owner"],
        by=actor,
        seen=given["seen"],
    )


@may(Permission.MOVE_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def case_hand_over(request: PortalRequest, reference: str) -> HttpResponse:
    """Hands the case over to another team or owner (C8)."""
    case = opened(request, reference)
    initial = {"team": case.team, "owner": case.owner_id or "", "seen": case.version_token}
    form = HandOverForm(request.POST or None, owner=owner_choices(case.owner), initial=initial)
    handed = tried(form, lambda: _hand_over(case, form, request.actor)) if request.method == "POST" else None
    if handed is None:
        shown = {**frame(case, request.actor, ""), "form": form, "managed_by": _managed_by(case)}
        return page(request, "casework/case_hand_over.html", shown)
    return done(request, _managed_by(handed), redirect("casework:case", reference))


def _hand_over(case: Case, form: HandOverForm, actor: Actor) -> Case:
    return actions.hand_over(
        case,
        team=Team(form.cleaned_data["team"]),
        owner_id=form.cleaned_data["owner"],
        by=actor,
        seen=form.cleaned_data["seen"],
    )
