"""Which pages keep what is typed on them, and how it comes back: to the same person, at the same address only (B1, D12).

A view names its fields and itself: `@drafted("subject", "body", called="New message")`, below its guard. Everything else
follows from that. A script saves them as one types; a form that is sent to a session which has timed out is kept by the
guard, and so is one that the page refuses because its record is gone; the page then opens with the words in it; what was
sent is forgotten; what waits is marked beside its thing and listed by shared/drafts.py. No password, code or file is ever
among the fields.

Sent is what a page says was done: it leads on with a success message. Whatever else it answers, what was typed stays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime

from portal.accounts.sessions import SessionStore
from portal.drafts import actions as drafts
from portal.drafts.actions import Chosen, Kept
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.lib.typed import number_in, storable

HEADER = "X-Portal-Draft"
DISCARD = "discard-draft"
DISCARDED = "Draft discarded."
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Names:
    """The fields of a page that are kept: what is typed, and what is chosen beside it."""

    typed: tuple[str, ...]
    chosen: tuple[str, ...] = ()

    def chosen_in(self, sent: QueryDict) -> Chosen:
        """A date is sent as several inputs: due_on-day, due_on-month, due_on-year."""
        return {key: sent.getlist(key) for key in sent if key.partition("-")[0] in self.chosen}


@dataclass(frozen=True)
class Typing:
    """What the page needs: the fields that are kept, when the page was drawn, and what was kept before."""

    names: Names
    shown_at: datetime
    kept: Kept | None = None


def drafted(*fields: str, chosen: tuple[str, ...] = (), called: str) -> Callable[[View], View]:
    """For a page with a form: keeps what is typed into these fields until it is sent, and with it what is `chosen` beside
    it: dates, radio buttons, boxes that are ticked. It is `called` so where it waits."""

    def decorate(view: View) -> View:
        @wraps(view)
        def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _drawn(request, Names(fields, chosen), lambda: view(request, *args, **kwargs))

        cast(Any, keeping).drafted, cast(Any, keeping).chosen = fields, chosen
        cast(Any, keeping).draft_called = called
        return keeping

    return decorate


def typing_of(request: HttpRequest) -> Typing | None:
    return getattr(request, "typing", None)


def keep_of_locked(request: HttpRequest, view: View) -> bool:
    """Keeps a form whose session timed out before it arrived. The CSRF check has let it through. Says whether it did."""
    names, user_id = Names(getattr(view, "drafted", ()), getattr(view, "chosen", ())), locked_user_id(request)
    if not names.typed or user_id is None or request.method != "POST":
        return False
    return _keep(request, user_id, names)


def locked_user_id(request: HttpRequest) -> int | None:
    """Whose session it was that timed out in this browser."""
    session = request.session
    session.get("")  # reads it
    locked = session.locked if isinstance(session, SessionStore) else None
    return locked.user_id if locked else None


def _drawn(request: HttpRequest, names: Names, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    user_id, key = cast(Any, request).actor.user_id, _key(request)
    if request.method != "POST":
        cast(Any, request).typing = Typing(names, clock.now(), drafts.kept(user_id, key))
        return answer()
    if HEADER in request.headers:
        return _saved(request, user_id, names)
    if DISCARD in request.POST:
        drafts.discard(user_id, key)
        messages.success(request, DISCARDED)
        return redirect(request.get_full_path())
    cast(Any, request).typing = Typing(names, clock.now())
    told_before = len(messages.get_messages(request))
    try:
        response = answer()
    except (Http404, PermissionDenied):  # gone, or no longer theirs to do, while they typed: the error's page shows it
        if _keep(request, user_id, names):
            cast(Any, request).typing = Typing(names, clock.now(), drafts.kept(user_id, key))
        raise
    if _is_sent(request, response, told_before):
        drafts.discard(user_id, key)
    return response


def _is_sent(request: HttpRequest, response: HttpResponseBase, told_before: int) -> bool:
    """A page that leads on for another reason, such as a refusal, does not say that anything was done."""
    if not 300 <= response.status_code < 400:
        return False
    told = cast(BaseStorage, messages.get_messages(request))
    levels = [message.level for message in told][told_before:]
    told.used = False  # they are still to be read by the person
    return messages.SUCCESS in levels


def _saved(request: HttpRequest, user_id: int, names: Names) -> HttpResponse:
    """The answer to the script that saves."""
    try:
        typed, chosen = _typed(request, names), names.chosen_in(request.POST)
        is_kept = drafts.keep(user_id, _key(request), typed, chosen, shown_at=_shown_at(request))
    except RuleBroken as broken:
        return JsonResponse({"ok": False, "words": broken.words}, status=413)
    if not is_kept:  # sent or discarded in another tab: a page that is still open may save it as typed from now on
        return JsonResponse({"ok": False, "shown": clock.now().isoformat()}, status=409)
    return HttpResponse(status=204)


def _keep(request: HttpRequest, user_id: int, names: Names) -> bool:
    """Keeps what was sent in vain, and says whether it did. A form with nothing in it takes nothing away."""
    typed = _typed(request, names)
    if not any(text.strip() for text in typed.values()):
        return False
    try:
        return drafts.keep(user_id, _key(request), typed, names.chosen_in(request.POST), shown_at=_shown_at(request))
    except RuleBroken:
        return False


def _key(request: HttpRequest) -> str:
    """The page: its address names the case, the exchange or the task; a new message may be about one of two tasks."""
    task, path = number_in(request.GET.get("task", "")), storable(request.path)
    return f"{path}?task={task}" if task else path


def _typed(request: HttpRequest, names: Names) -> dict[str, str]:
    return {name: request.POST[name] for name in names.typed if name in request.POST}


def _shown_at(request: HttpRequest) -> datetime | None:
    """Said by the script alone: what a person sends by a button is always kept."""
    if HEADER not in request.headers:
        return None
    try:
        moment = parse_datetime(request.headers[HEADER])
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None
