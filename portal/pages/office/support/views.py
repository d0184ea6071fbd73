"""The support desk: fault reports and questions as the portal team and IT support work through them (C27)."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.lib.routes import address
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may, or_404, sends
from portal.pages.office.support.forms import OPEN, AnswerForm, SupportFilter
from portal.pages.shared import tickets
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, refused, tried
from portal.search.keeping import cases_late
from portal.support import actions, states
from portal.support.models import Fate, IncomingMail, Side, Ticket
from portal.support.states import Step

A_PAGE = 25


def frame(actor: Actor, current: str) -> dict[str, Any]:
    """What stands around every page of the desk. IT support has the reports alone."""
    if not actor.may(Permission.SEE_ALL_SUPPORT):
        return {"parts": [], "may_run": False}
    spam = Ticket.objects.suspected().count()
    unfiled = IncomingMail.objects.filter(fate=Fate.UNFILED).count()
    named = (
        ("Reports", "office:support", 0),
        ("Suspected spam", "office:support_spam", spam),
        ("Unfiled e-mails", "office:support_mail", unfiled),
        ("Notices", "office:support_notices", 0),
    )
    parts = [
        {"text": text, "href": address(name), "current": text == current, "count": count} for text, name, count in named
    ]
    return {"parts": parts, "may_run": actor.may(Permission.RUN_SUPPORT)}


@may(Permission.SEE_SUPPORT)
@require_safe
def support(request: PortalRequest) -> HttpResponse:
    """The reports, the newest message first; those that are not resolved unless asked otherwise."""
    asked = SupportFilter({"state": OPEN, **request.GET.dict()})
    asked.is_valid()
    given = {name: value for name, value in asked.cleaned_data.items() if value}
    rows = Paginator(_found(request.actor, given), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": asked,
        "given": given,
        "rows": rows,
        "chips": _chips(given),
        "colours": tickets.COLOURS,
        "cases_late": cases_late(clock.now()),
    }
    return page(request, "office/support.html", {**context, **frame(request.actor, "Reports")})


def _found(actor: Actor, given: dict[str, str]) -> QuerySet[Ticket]:
    found = Ticket.objects.visible_to(actor).genuine().select_related("reporter", "landlord").newest_first()
    state, words = given.get("state"), given.get("words", "").strip()
    if state:
        found = found.unresolved() if state == OPEN else found.filter(state=state)
    if "kind" in given:
        found = found.filter(kind=given["kind"])
    if not words:
        return found
    by_address = Q(email__icontains=words) | Q(reporter__email__icontains=words)
    return found.filter(by_address) | found.numbered(words)


def _chips(given: dict[str, str]) -> list[dict[str, str]]:
    labels = {**dict(SupportFilter.base_fields["state"].choices), **dict(SupportFilter.base_fields["kind"].choices)}  # type: ignore[attr-defined]
    names = {"state": "State", "kind": "Kind", "words": "Number or address"}
    return [{"category": names[name], "text": labels.get(value, value)} for name, value in given.items()]


@may(Permission.SEE_ALL_SUPPORT)
@require_safe
def support_spam(request: PortalRequest) -> HttpResponse:
    """What the trap caught: looked through by people, so that a real report is never lost (S101)."""
    rows = Paginator(actions.open_suspected(by=request.actor), A_PAGE).get_page(request.GET.get("page"))
    return page(request, "office/support_spam.html", {"rows": rows, **frame(request.actor, "Suspected spam")})


def opened(request: PortalRequest, ticket_id: int) -> Ticket:
    with or_404():
        return actions.open_ticket(ticket_id, by=request.actor)


@may(Permission.SEE_SUPPORT)
@sends(Permission.WRITE_SUPPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("text", chosen=("then",), called="Answer to a report")
def support_ticket(request: PortalRequest, ticket_id: int) -> HttpResponse:
    """A report; a POST is the portal team's answer or IT's update, a note, or the words that resolve the report."""
    ticket, form = opened(request, ticket_id), AnswerForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or tried(form, lambda: _answer(ticket, form, request.actor)) is None:
        return _shown(request, ticket, form)
    said = {
        "answer": "Your answer has been sent.",
        "resolve": f"{ticket.reference} is resolved.",
        "note": "Note saved.",
    }
    return done(request, said[form.cleaned_data["then"]], redirect("office:support_ticket", ticket_id))


def _shown(request: PortalRequest, ticket: Ticket, form: AnswerForm) -> HttpResponse:
    actor, held = request.actor, ticket.is_suspected_spam
    is_running = actor.may(Permission.RUN_SUPPORT)
    step = Step.ANSWER if is_running else Step.UPDATE
    context = {
        "ticket": ticket,
        "form": form,
        "items": tickets.items(ticket, reader=Side.PORTAL_TEAM, file_route="office:support_file", with_notes=True),
        "colours": tickets.COLOURS,
        "may_write": actor.may(Permission.WRITE_SUPPORT) and not held and states.allowed(ticket.state, step),
        "may_refer": is_running and not held and states.allowed(ticket.state, Step.REFER),
        "may_reopen": is_running and not held and states.allowed(ticket.state, Step.REOPEN),
        "may_judge": is_running and held and ticket.discarded_at is None,
    }
    return page(request, "office/support_ticket.html", context, status=400 if form.errors else 200)


def _answer(ticket: Ticket, form: AnswerForm, by: Actor) -> object:
    text, then = form.cleaned_data["text"], form.cleaned_data["then"]
    if then == "resolve":
        return actions.resolve(ticket.pk, text=text, by=by)
    return actions.answer(ticket.pk, text=text, by=by, is_internal=then == "note")


@may(Permission.RUN_SUPPORT)
@require_POST
def support_refer(request: PortalRequest, ticket_id: int) -> HttpResponse:
    """To IT support (S96)."""
    return _done(
        request, ticket_id, actions.refer, "Referred to IT support. The reporter gets the ticket number by e-mail."
    )


@may(Permission.RUN_SUPPORT)
@require_POST
def support_reopen(request: PortalRequest, ticket_id: int) -> HttpResponse:
    return _done(request, ticket_id, actions.reopen, "The report is open again.")


@may(Permission.RUN_SUPPORT)
@require_POST
def support_not_spam(request: PortalRequest, ticket_id: int) -> HttpResponse:
    return _done(
        request,
        ticket_id,
        actions.not_spam,
        "The report is now among the others, and the sender is told that we have it.",
    )


@may(Permission.RUN_SUPPORT)
@require_POST
def support_discard(request: PortalRequest, ticket_id: int) -> HttpResponse:
    return _done(request, ticket_id, actions.discard, "Discarded as spam.", "office:support_spam")


def _done(
    request: PortalRequest, ticket_id: int, action: Callable[..., Ticket], words: str, route: str = ""
) -> HttpResponse:
    """One of the buttons."""
    ticket = opened(request, ticket_id)
    back = redirect("office:support_ticket", ticket.pk)
    try:
        action(ticket.pk, by=request.actor)
    except RuleBroken as broken:
        return refused(request, broken, back)
    return done(request, words, redirect(route) if route else back)


@may(Permission.SEE_SUPPORT)
@require_safe
def support_file(request: PortalRequest, ticket_id: int, file_id: int) -> HttpResponseBase:
    return tickets.serve_file(opened(request, ticket_id), file_id, request.actor)
