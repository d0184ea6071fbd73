"""How long the session still lasts: asked by a script before it warns, and by “Stay signed in” (D12).

With the header of background requests the question does not count as activity; “Stay signed in” asks without it.
"""

from math import ceil

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe

from portal.accounts.sessions import SessionStore
from portal.lib import clock
from portal.pages.guards import PortalRequest, signed_in


@signed_in
@require_safe
def session(request: PortalRequest) -> HttpResponse:
    """`final`: the end that no activity can put off. The token lets a page go on that was open when its person signed
    in again in another tab; `person` says whether it is the same one."""
    store = request.session
    row = store.row if isinstance(store, SessionStore) else None
    if row is None:
        return JsonResponse({"seconds": 0}, status=401)
    seconds = max(0, ceil((row.ends_at() - clock.now()).total_seconds()))
    return JsonResponse(
        {
            "seconds": seconds,
            "final": row.ends_at() == row.ends_for_good_at(),
            "person": request.actor.user_id,
            "csrf": get_token(request),
        }
    )
