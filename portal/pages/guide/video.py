"""The demonstration video. It is built where it is served; the transcript is on the page in any case."""

from pathlib import Path

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from portal.pages.guards import public
from portal.pages.guide.anybody import open_page
from portal.pages.guide.scenes import SCENES

RECORDING = "landlord-portal.webm"
CAPTIONS = "landlord-portal.vtt"


def folder() -> Path:
    return Path(settings.PORTAL_DATA) / "guide"


@public("the guide, for who has not signed in yet")
@csp_update({"media-src": [SELF]})
@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    built = all((folder() / name).is_file() for name in (RECORDING, CAPTIONS))
    return open_page(request, "guide/video.html", {"built": built, "scenes": SCENES})


@public("a part of the guide")
@require_safe
def recording(request: HttpRequest) -> HttpResponseBase:
    return _sent(RECORDING, "video/webm")


@public("a part of the guide")
@require_safe
def captions(request: HttpRequest) -> HttpResponseBase:
    return _sent(CAPTIONS, "text/vtt; charset=utf-8")


def _sent(name: str, media_type: str) -> FileResponse:
    """The file itself; its name is ours and never comes from the address."""
    try:
        response = FileResponse((folder() / name).open("rb"), content_type=media_type)
    except OSError:
        raise Http404 from None
    response["X-Content-Type-Options"] = "nosniff"
    return response
