"""The portal team's other two lists: e-mails that belong to no report (D15), and the notices to everybody (B28)."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.permissions import Permission
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may, or_404
from portal.pages.office.support.forms import FileMailForm, NoticeForm, of_notice
from portal.pages.office.support.views import A_PAGE, frame
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, refused, tried
from portal.pages.shared.writing.idempotency import done_once
from portal.support import notices, receiving
from portal.support.models import Fate, IncomingMail, Notice

DROPPED = (Fate.AUTOMATIC, Fate.LOOP, Fate.REFUSED)


@may(Permission.SEE_ALL_SUPPORT)
@require_safe
def support_mail(request: PortalRequest) -> HttpResponse:
    """What came to the support address and fits no report, and how much was dropped."""
    return _mails(request, FileMailForm(), 0)


def _mails(request: PortalRequest, form: FileMailForm, answered: int) -> HttpResponse:
    rows = Paginator(receiving.open_unfiled(by=request.actor), A_PAGE).get_page(request.GET.get("page"))
    counted = dict(IncomingMail.objects.filter(fate__in=DROPPED).values_list("fate").annotate(Count("id")))
    dropped = [(fate.label, counted.get(fate.value, 0)) for fate in DROPPED]
    context = {"rows": rows, "form": form, "answered": answered, "dropped": dropped}
    status = 400 if form.errors else 200
    return page(
        request, "office/support_mail.html", {**context, **frame(request.actor, "Unfiled e-mails")}, status=status
    )


@may(Permission.RUN_SUPPORT)
@require_POST
def support_mail_add(request: PortalRequest, incoming_id: int) -> HttpResponse:
    """Onto a report, as a note of the desk."""
    form = FileMailForm(request.POST, auto_id=f"id_{incoming_id}_%s")
    with or_404():
        added = tried(
            form,
            lambda: receiving.add_to_ticket(incoming_id, reference=form.cleaned_data["reference"], by=request.actor),
        )
    if added is None or added.ticket is None:
        return _mails(request, form, incoming_id)
    return done(request, f"Added to {added.ticket.reference} as a note.", redirect("office:support_mail"))


@may(Permission.RUN_SUPPORT)
@require_POST
def support_mail_settle(request: PortalRequest, incoming_id: int) -> HttpResponse:
    """Looked through; it needs nothing more."""
    back = redirect("office:support_mail")
    try:
        with or_404():
            receiving.settle(incoming_id, by=request.actor)
    except RuleBroken as broken:
        return refused(request, broken, back)
    return done(request, "The e-mail is off the list.", back)


@may(Permission.SEE_ALL_SUPPORT)
@require_safe
def support_notices(request: PortalRequest) -> HttpResponse:
    """All notices, the newest first."""
    rows = Paginator(Notice.objects.order_by("-starts_at", "-id"), A_PAGE).get_page(request.GET.get("page"))
    context = {"rows": rows, "now": clock.now(), **frame(request.actor, "Notices")}
    return page(request, "office/support_notices.html", context)


@may(Permission.RUN_SUPPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("text", chosen=("kind", "is_banner", "starts_on", "starts_at", "ends_on", "ends_at"), called="New notice")
def support_notice_new(request: PortalRequest) -> HttpResponse:
    form, actor = NoticeForm(request.POST or None), request.actor
    is_sent = request.method == "POST"
    put_up = (
        tried(form, lambda: done_once(request, form, lambda: notices.put_up(**form.given(), by=actor), by=actor))
        if is_sent
        else None
    )
    if put_up is None:
        return page(
            request, "office/support_notice.html", {"form": form, "notice": None}, status=400 if form.errors else 200
        )
    return done(request, "The notice is put up.", redirect("office:support_notices"))


@may(Permission.RUN_SUPPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("text", chosen=("kind", "is_banner", "starts_on", "starts_at", "ends_on", "ends_at"), called="Notice")
def support_notice(request: PortalRequest, notice_id: int) -> HttpResponse:
    """Other words or times."""
    with or_404():
        notice = Notice.objects.get(pk=notice_id)
    form = NoticeForm(request.POST or None, initial=of_notice(notice))
    changed = None
    if request.method == "POST":
        changed = tried(
            form, lambda: notices.change(notice_id, **form.given(), by=request.actor, seen=form.cleaned_data["seen"])
        )
    if changed is None:
        context = {"form": form, "notice": notice}
        return page(request, "office/support_notice.html", context, status=400 if form.errors else 200)
    return done(request, "The notice is changed.", redirect("office:support_notices"))


@may(Permission.RUN_SUPPORT)
@require_POST
def support_notice_end(request: PortalRequest, notice_id: int) -> HttpResponse:
    back = redirect("office:support_notices")
    try:
        with or_404():
            notices.take_down(notice_id, by=request.actor)
    except RuleBroken as broken:
        return refused(request, broken, back)
    return done(request, "The notice is taken down.", back)
