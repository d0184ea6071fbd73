"""The same page in the other wing: where a link from the other side leads whoever follows it, if they may see it there."""

from typing import Any

from django.urls import ResolverMatch

from portal.access.actor import Actor
from portal.cases.models import Case
from portal.lib.routes import address
from portal.messaging.models import Thread
from portal.pages.shared.layout import Link
from portal.tasks.models import Task

_WINGS = {"landlord": "casework", "casework": "landlord"}
_TABS = {
    "case_tasks": "the tasks of case {}",
    "documents": "the documents of case {}",
    "messages": "the messages of case {}",
    "determination": "the determination of case {}",
}


def counterpart(match: ResolverMatch | None, actor: Actor) -> Link | None:
    """The link to it. None for a page that has none, and for a case that the actor cannot see or that does not exist."""
    here = match.namespace if match else ""
    if match is None or here not in _WINGS or actor.is_landlord == (here == "landlord"):
        return None
    return _led_to(_WINGS[here], match.url_name or "", match.kwargs, actor)


def _led_to(wing: str, page: str, asked: dict[str, Any], actor: Actor) -> Link | None:
    if "task_id" in asked:
        task = Task.objects.visible_to(actor).select_related("case").filter(pk=asked["task_id"]).first()
        words = "this task of case {}"
        return _link(words, task.case, address(f"{wing}:task", task.pk)) if task else None
    case = Case.objects.visible_to(actor).filter(reference=asked.get("reference", "")).first()
    if case is None:
        return None
    if "thread_id" in asked:
        thread = Thread.objects.visible_to(actor).filter(case=case, pk=asked["thread_id"]).first()
        if thread:
            return _link("this exchange of case {}", case, address(f"{wing}:thread", case.reference, thread.pk))
    tab = _tab(page, asked, case)
    return _link(_TABS.get(tab, "case {}"), case, address(f"{wing}:{tab}", case.reference))


def _tab(page: str, asked: dict[str, Any], case: Case) -> str:
    """The tab of the case on which the thing asked for stands."""
    if "thread_id" in asked or page == "message_new":
        return "messages"
    if asked.keys() & {"document_id", "submission_id", "upload_id"}:
        return "documents"
    if asked.keys() & {"order_id", "recommendation_id"}:
        page = "determination"
    return page if page in _TABS and (page != "determination" or case.determined_at) else "case"


def _link(words: str, case: Case, href: str) -> Link:
    return Link(words.format(case.reference), href)
