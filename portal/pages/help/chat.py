"""“Chat to us”: one open conversation with the portal team (S100). It is a ticket of the kind “question”."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from portal.content.words import words
from portal.lib.errors import RuleBroken
from portal.pages.design.fields import add_rule
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, signed_in
from portal.pages.help.anybody import surroundings
from portal.pages.help.reports import SENT
from portal.pages.shared import tickets
from portal.pages.shared.page import page
from portal.pages.shared.tickets import WritingForm, arrived_whole
from portal.pages.shared.writing.idempotency import done_once
from portal.support import actions
from portal.support.models import Side, Ticket, TicketKind


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("text", called="Question to the portal team")
def chat(request: PortalRequest) -> HttpResponse:
    """What was said so far, and a place to write. What was resolved lately stands there too: writing reopens it."""
    form = WritingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and arrived_whole(request, form):
        try:
            done_once(request, form, lambda: _ask(request, form), by=request.actor)
            messages.success(request, SENT)
            return redirect("help:chat")
        except RuleBroken as broken:
            add_rule(form, broken)
    mine = Ticket.objects.reported_by(request.actor).filter(kind=TicketKind.QUESTION).newest_first()
    found = mine.going_on().first()
    context = {
        "form": form,
        "ticket": found,
        "items": tickets.items(found, reader=Side.REPORTER, file_route="help:ticket_file") if found else [],
        "hours": words("contact.opening-hours"),
    }
    return page(request, "help/chat.html", context, status=400 if form.errors else 200)


def _ask(request: PortalRequest, form: WritingForm) -> Ticket:
    text, where = form.cleaned_data["text"], surroundings(request)
    return actions.ask(text=text, by=request.actor, where=where, screenshots=form.sent())
