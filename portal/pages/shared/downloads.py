"""A document as a download, for both areas: always an attachment in a sandbox, never run on our origin (H9)."""

from typing import IO, TypeVar

from django.http import FileResponse, HttpResponse, HttpResponseBase

from portal.documents import actions as documents
from portal.documents.models import Document
from portal.files.models import StoredFile
from portal.lib.errors import RuleBroken
from portal.pages.guards import PortalRequest, or_404
from portal.pages.shared.page import page

Response = TypeVar("Response", bound=HttpResponseBase)
_SANDBOX = "default-src 'none'; sandbox"


def serve_document(request: PortalRequest, reference: str, document_id: int) -> HttpResponseBase:
    """The whole view of a download. Another landlord's or a hidden document answers 404; the opening is recorded."""
    try:
        with or_404():
            document, content = documents.open_document(reference, document_id, by=request.actor)
    except RuleBroken as error:
        return page(
            request, "design/error.html", {"title": "You cannot open this document", "text": error.words}, status=409
        )
    return stored_file(document, content)


def stored_file(document: Document, content: IO[bytes]) -> HttpResponseBase:
    return inspected_file(document.name, document.stored, content)


def inspected_file(name: str, stored: StoredFile, content: IO[bytes]) -> HttpResponseBase:
    """Any file that inspection let in, such as a screenshot of a fault."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=stored.media_type)
    response["Content-Length"] = str(stored.size)
    return _sealed(response)


def made_pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF that the portal itself made, such as a receipt."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _sealed(response)


def _sealed(response: Response) -> Response:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _SANDBOX
    response["Cache-Control"] = "no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
