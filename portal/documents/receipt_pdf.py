"""The receipt as a tagged PDF."""

from functools import cache
from importlib.resources import files

from django.conf import settings

from portal.documents.receipt import Receipt
from portal.documents.typeset import typeset


def receipt_pdf(receipt: Receipt) -> bytes:
    return typeset(
        _markup(), "receipt", receipt.as_data() | {"head": [settings.ORGANISATION_NAME, settings.SERVICE_NAME]}
    )


@cache
def _markup() -> bytes:
    return files("portal.documents").joinpath("receipt.typ").read_bytes()
