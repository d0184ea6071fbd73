"""The one gate of every page: who may ask for it. Builds the Actor; a record that the actor cannot see answers 404.

Each view bears exactly one guard; tests/house walks the routes and holds a table of what every role gets.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse, QueryDict

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.emailed_codes import SECOND_FACTOR_KEY
from portal.lib.routes import address
from portal.pages import drafting
from portal.pages.request import PortalRequest as PortalRequest
from portal.pages.visitor import ip_of
from portal.restrictions import access_state

View = Callable[..., HttpResponseBase]
LOOKING = frozenset({"GET", "HEAD"})


class GuardedView(Protocol):
    guard: "Guard"


@dataclass(frozen=True)
class Guard:
    """What the house tests read: the guard's name, and the permission or reason beside it."""

    name: str
    permission: Permission | None = None
    reason: str = ""
    shows_warning: bool = False  # the page on which a warning is read: no warning can stand before it

    def admits(self, actor: Actor) -> bool:
        if self.name == "landlord":
            return actor.is_landlord
        if self.name == "staff":
            return not actor.is_landlord
        return self.permission is None or actor.may(self.permission)


def landlord(view: View) -> View:
    """For any of a landlord's people."""
    return _guarded(view, Guard("landlord"))


def staff(view: View) -> View:
    """For any of the service's people."""
    return _guarded(view, Guard("staff"))


def signed_in(view: View) -> View:
    """For anybody who has signed in."""
    return _guarded(view, Guard("signed in"))


def warned(view: View) -> View:
    """For anybody who has signed in, also while they have a warning to read: the page that shows it."""
    return _guarded(view, Guard("signed in", shows_warning=True))


def sends(permission: Permission) -> Callable[[View], View]:
    """Beneath a guard, where more people may look than may send: whatever is not looking needs the permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def sending(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in LOOKING and not request.actor.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return sending

    return decorate


def may(permission: Permission) -> Callable[[View], View]:
    """For people whose role carries the permission."""
    return lambda view: _guarded(view, Guard("may", permission=permission))


def public(reason: str) -> Callable[[View], View]:
    """For everybody, with the reason why."""

    def decorate(view: View) -> View:
        @wraps(view)
        def open_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        cast(GuardedView, open_view).guard = Guard("public", reason=reason)
        return open_view

    return decorate


def actor_of(request: HttpRequest) -> Actor | None:
    """The signed-in person as an Actor; None without a complete sign-in or a place at a landlord or in the service."""
    if not request.user.is_authenticated or not request.session.get(SECOND_FACTOR_KEY):
        return None
    user = request.user
    cast(PortalRequest, request).landlord = access_state.landlord_of(user)
    return access_state.actor_of(user, ip=ip_of(request), request_id=getattr(request, "request_id", ""))


@contextmanager
def or_404() -> Iterator[None]:
    """A record that is not there, or not the actor's to see, answers 404: the two cannot be told apart (S1)."""
    try:
        yield
    except (ObjectDoesNotExist, OverflowError):  # the latter: a number greater than any database's
        raise Http404 from None


def _guarded(view: View, guard: Guard) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = actor_of(request)
        if actor is None:
            return _to_sign_in(request, view)
        cast(PortalRequest, request).actor = actor  # also of a refusal, which says who is signed in (S8)
        if actor.has_warning_to_read and not guard.shows_warning and request.method in LOOKING:
            return _to_warning(request)
        if actor.is_shut_out or not guard.admits(actor):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    cast(GuardedView, guarded).guard = guard
    return guarded


def _to_sign_in(request: HttpRequest, view: View) -> HttpResponseBase:
    """One clear answer to whoever is not signed in (any more): a page to a person, words to a script (H35)."""
    kept = drafting.keep_of_locked(request, view)
    if request.headers.get("Accept", "").startswith("application/json"):
        words = "You have been signed out. Sign in again, then come back and try again."
        return JsonResponse({"ok": False, "words": words}, status=401)
    if request.method in LOOKING:
        return redirect_to_login(request.get_full_path())
    return _after_sending(request, is_kept=kept)


def _after_sending(request: HttpRequest, *, is_kept: bool) -> HttpResponseRedirect:
    """A form came too late: the sign-in page says what became of it, and leads back to where it was kept."""
    answer = redirect_to_login(request.get_full_path() if is_kept else "/")
    if drafting.locked_user_id(request) is None:
        return answer
    return HttpResponseRedirect(f"{answer.url}&kept={'yes' if is_kept else 'no'}")


def _to_warning(request: HttpRequest) -> HttpResponseRedirect:
    """Something sent goes through, so that nothing typed is lost; the page that would follow it waits."""
    after = QueryDict(mutable=True)
    after["next"] = request.get_full_path()
    return HttpResponseRedirect(f"{address('shared:your_access')}?{after.urlencode(safe='/')}")
