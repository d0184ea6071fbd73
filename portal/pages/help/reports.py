"""Report a fault, with or without signing in, and follow what becomes of it (S94, S95, S97, S98, S101)."""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.actor import Actor
from portal.lib.errors import RuleBroken
from portal.lib.routes import address
from portal.pages.design.fields import add_rule
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, or_404, public, signed_in
from portal.pages.help.anybody import somebody, surroundings
from portal.pages.help.forms import ReportForm
from portal.pages.shared import tickets
from portal.pages.shared.page import page
from portal.pages.shared.tickets import WritingForm, arrived_whole
from portal.pages.shared.writing.idempotency import done_once
from portal.support import actions, tokens
from portal.support.models import Side, Ticket

A_PAGE = 25
SENT = "Your message has been sent."
_NUMBER = re.compile(r"SR-\d{6,12}", re.ASCII)


@public("who cannot sign in must be able to say so")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form. What the portal adds itself, browser and IP address, is shown."""
    actor = somebody(request)
    is_sent = request.method == "POST"
    form = (
        _form(request, actor) if is_sent else ReportForm(is_signed_in=actor is not None, initial=_known(request, actor))
    )
    if is_sent and arrived_whole(request, form):
        try:
            ticket = done_once(request, form, lambda: _report(request, form, actor), by=actor)
            return redirect(f"{address('help:report_sent')}?number={ticket.reference}")
        except RuleBroken as broken:
            add_rule(form, broken)
    where = surroundings(request)
    context = {"form": form, "browser": where.browser, "ip": where.ip, "is_signed_in": actor is not None}
    return page(request, "help/report.html", context, status=400 if is_sent else 200)


def _report(request: HttpRequest, form: ReportForm, actor: Actor | None) -> Ticket:
    return actions.report_fault(form.fault(), by=actor, where=surroundings(request), is_trapped=form.is_trapped)


def _form(request: HttpRequest, actor: Actor | None) -> ReportForm:
    return ReportForm(request.POST, request.FILES, is_signed_in=actor is not None)


def _known(request: HttpRequest, actor: Actor | None) -> dict[str, str]:
    """What a signed-in person need not type."""
    return {"addresses": getattr(request.user, "email", "")} if actor else {}


@public("the same confirmation for everybody")
@require_safe
def report_sent(request: HttpRequest) -> HttpResponse:
    actor = somebody(request)
    asked = request.GET.get("number", "")
    number = asked if _NUMBER.fullmatch(asked) else ""
    return page(request, "help/report_sent.html", {"number": number, "is_signed_in": actor is not None})


@signed_in
@require_safe
def reports(request: PortalRequest) -> HttpResponse:
    """One's own reports and questions."""
    rows = Paginator(Ticket.objects.reported_by(request.actor).newest_first(), A_PAGE).get_page(request.GET.get("page"))
    return page(request, "help/reports.html", {"rows": rows, "colours": tickets.COLOURS})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("text", called="Message about your report")
def ticket(request: PortalRequest, report_id: int) -> HttpResponse:
    """What became of a report, and writing again, also once it is with IT (S98)."""
    with or_404():
        found = actions.own_ticket(report_id, by=request.actor)
    form = WritingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and arrived_whole(request, form):
        try:
            actions.reply(report_id, text=form.cleaned_data["text"], by=request.actor, screenshots=form.sent())
            messages.success(request, SENT)
            return redirect("help:ticket", report_id)
        except RuleBroken as broken:
            add_rule(form, broken)
    return shown(request, found, form, file_route="help:ticket_file")


@signed_in
@require_safe
def ticket_file(request: PortalRequest, report_id: int, file_id: int) -> HttpResponseBase:
    with or_404():
        found = actions.own_ticket(report_id, by=request.actor)
    return tickets.serve_file(found, file_id, request.actor)


@public("who has the link from the mail shows by it who they are")
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """The report of somebody who could not sign in. Opening the page changes nothing: mail scanners open every link."""
    somebody(request)
    with or_404():
        found = tokens.ticket_of_page(token)
    form = WritingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and arrived_whole(request, form):
        try:
            actions.reply_by_link(token, text=form.cleaned_data["text"], screenshots=form.sent())
            messages.success(request, SENT)
            return _private(redirect("help:follow", token))
        except RuleBroken as broken:
            add_rule(form, broken)
    return _private(shown(request, found, form, file_route=""))


def shown(request: HttpRequest, found: Ticket, form: WritingForm, *, file_route: str) -> HttpResponse:
    context = {
        "ticket": found,
        "form": form,
        "items": tickets.items(found, reader=Side.REPORTER, file_route=file_route),
        "colours": tickets.COLOURS,
        "is_own": bool(file_route),
    }
    return page(request, "help/ticket.html", context, status=400 if form.errors else 200)


def _private(response: HttpResponse) -> HttpResponse:
    """The address holds the secret: no other site and no cache may learn it."""
    add_never_cache_headers(response)
    # "no-referrer" would make browsers send "Origin: null" with the form, which the CSRF check refuses
    response["Referrer-Policy"] = "strict-origin"  # the token of the address stays out of every log
    return response
