"""The user guide as a page and as a PDF, both made from the same sections."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.pages.guards import public
from portal.pages.guide import pdf, pictures
from portal.pages.guide.anybody import open_page
from portal.pages.guide.sections import sections


@public("who cannot get in needs the guide most")
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    return open_page(request, "guide/guide.html", {"sections": sections(), "pictures": pictures.taken()})


@public("the guide as a document, for the same people")
@require_safe
def guide_pdf(request: HttpRequest) -> HttpResponse:
    made = pdf.made(sections(), pictures.taken())
    response = HttpResponse(made.content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{pdf.FILE_NAME}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
