"""What somebody has typed and not sent: the mark beside the thing, and “Your drafts” with all of them (B1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST, require_safe

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.cases.models import Case
from portal.determinations.kinds import DeterminationState
from portal.determinations.models import Complaint, Order, Recommendation
from portal.documents.models import Document
from portal.drafts import actions
from portal.drafts.models import Draft
from portal.landlords.models import Landlord, Membership
from portal.lib.typed import number_in
from portal.messaging.models import Thread
from portal.pages.drafting import DISCARDED
from portal.pages.guards import PortalRequest, or_404, signed_in
from portal.pages.shared.page import page
from portal.restrictions.models import Restriction
from portal.support.models import Notice, Ticket
from portal.tasks.models import Task

GREATEST_ID = 2**63 - 1
EXCERPT = 200


@dataclass(frozen=True)
class Unsent:
    """A draft, what it is called, which page it goes on at, and what that page's address names."""

    draft: Draft
    called: str
    page: str
    named: dict[str, Any]

    @property
    def href(self) -> str:
        return self.draft.key

    @cached_property
    def typed(self) -> dict[str, str]:
        return actions.typed_in(self.draft)

    @property
    def about(self) -> str:
        """What its writer calls it: the subject of a message, the title of a task."""
        return self.typed.get("subject", "") or self.typed.get("title", "")

    @property
    def text(self) -> str:
        """All that was typed, field by field."""
        return "\n\n".join(self.typed.values())


def unsent_of(actor: Actor) -> list[Unsent]:
    """The person's own drafts on pages that they may open, the latest first. One statement."""
    return [one for draft in _typed_by(actor) if (one := _placed(draft, actor))]


def _typed_by(actor: Actor) -> list[Draft]:
    return actions.unsent_now(None, user_id=actor.user_id, since=actions.kept_since())


def about_task(task: Task, unsent: Iterable[Unsent]) -> list[Unsent]:
    return [one for one in unsent if one.named.get("task_id") == task.pk]


def about_thread(thread: Thread, unsent: Iterable[Unsent]) -> list[Unsent]:
    return [one for one in unsent if one.named.get("thread_id") == thread.pk]


def new_messages(case: Case, unsent: Iterable[Unsent]) -> list[Unsent]:
    """Those that no thread of the case has yet."""
    return [one for one in unsent if one.page == "message_new" and one.named["reference"] == case.reference]


def _placed(draft: Draft, actor: Actor) -> Unsent | None:
    path, _, query = draft.key.partition("?")
    try:
        found = resolve(path)
    except Resolver404:
        return None
    called = getattr(found.func, "draft_called", "")
    if not called or not found.func.guard.admits(actor):  # type: ignore[attr-defined]
        return None
    if any(isinstance(value, int) and value > GREATEST_ID for value in found.kwargs.values()):
        return None
    task = number_in(QueryDict(query).get("task", ""))
    named = {**found.kwargs, **({"task_id": task} if task else {})}
    if "row_id" in named:  # of which part of a determination, the address says before it
        named[f"draft {named['part']}"] = named["row_id"]
    return Unsent(draft, called, found.url_name or "", named)


@signed_in
@require_safe
def listing(request: PortalRequest) -> HttpResponse:
    """“Your drafts”: each with the way on."""
    context = {
        "items": _items(unsent_of(request.actor), request.actor),
        "area": "landlord" if request.actor.is_landlord else "casework",
        "excerpt": EXCERPT,
        "days": settings.DRAFT_KEPT_FOR.days,
    }
    return page(request, "shared/drafts.html", context)


@signed_in
@require_POST
def discard(request: PortalRequest, draft_id: int) -> HttpResponse:
    with or_404():
        actions.discard_one(request.actor.user_id, draft_id)
    messages.success(request, DISCARDED)
    return redirect("shared:drafts")


def _items(unsent: list[Unsent], actor: Actor) -> list[dict[str, Any]]:
    """A row for each draft whose case, task and thread the person still sees. One statement for each kind of thing."""
    cases = {
        case.reference: case
        for case in Case.objects.visible_to(actor).filter(reference__in=_named("reference", unsent))
    }
    tasks = Task.objects.visible_to(actor).select_related("case").in_bulk(_named("task_id", unsent))
    threads = Thread.objects.visible_to(actor).select_related("case").in_bulk(_named("thread_id", unsent))
    known = {"reference": cases, "task_id": tasks, "thread_id": threads}
    gone = _gone(unsent, actor)
    items = []
    for one in unsent:
        things = {name: known[name].get(value) for name, value in one.named.items() if name in known}  # type: ignore[attr-defined]
        if None in things.values():
            continue
        thread, task = things.get("thread_id"), things.get("task_id")
        case = things.get("reference") or (task and task.case)
        about = thread.subject if thread else task.title if task else one.about
        items.append({"unsent": one, "case": case, "about": about, "is_gone": one.draft.pk in gone})
    return items


def _gone(unsent: list[Unsent], actor: Actor) -> set[int]:
    """The drafts whose page is no more: a record that its address names is none of those that the page looks among."""
    gone: set[int] = set()
    for name, rows in _looked_among(actor).items():
        naming = [one for one in unsent if name in one.named]
        if naming:
            there = set(rows.filter(pk__in=_named(name, naming)).values_list("pk", flat=True))
            gone.update(one.draft.pk for one in naming if one.named[name] not in there)
    return gone


def _looked_among(actor: Actor) -> dict[str, QuerySet[Any]]:
    """By what an address calls its number. Case, task and thread apart: who sees them no more sees no draft of them."""
    drafted = {"determination__state": DeterminationState.DRAFT}
    return {
        "draft complaints": Complaint.objects.visible_to(actor).filter(**drafted),
        "draft orders": Order.objects.visible_to(actor).filter(**drafted),
        "draft recommendations": Recommendation.objects.visible_to(actor).filter(**drafted),
        "order_id": Order.objects.visible_to(actor).in_force(),
        "recommendation_id": Recommendation.objects.visible_to(actor).in_force(),
        "document_id": Document.objects.visible_to(actor),
        "report_id": Ticket.objects.reported_by(actor),
        "ticket_id": Ticket.objects.visible_to(actor),
        "notice_id": Notice.objects.all(),
        "restriction_id": Restriction.objects.visible_to(actor),
        "landlord_id": Landlord.objects.all(),
        "member_id": Membership.objects.all(),
        "user_id": User.objects.all(),
    }


def _named(name: str, unsent: Iterable[Unsent]) -> list[Any]:
    return [one.named[name] for one in unsent if name in one.named]
