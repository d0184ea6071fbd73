"""The entry point of the web server."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings.production")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_REFUSAL = b"This request claims another character set than UTF-8, so it was not read. Nothing was kept."


def utf8_only(answer: Application) -> Application:
    """Every page and every form is UTF-8. Django reads a request in whatever character set it claims, base64 and zlib
    among them, and does so before the first middleware: such a request is refused here."""

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if _is_utf8(environ.get("CONTENT_TYPE") or ""):
            return answer(environ, start_response)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_REFUSAL)))]
        kept = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
        start_response("400 Bad Request", headers + kept)
        return [_REFUSAL]

    return wrapped


def _is_utf8(content_type: str) -> bool:
    try:
        _, parameters = parse_header_parameters(content_type)
    except (ValueError, LookupError):
        return False
    return parameters.get("charset", "utf-8").lower() in {"utf-8", "utf8"}


application = utf8_only(get_wsgi_application())
