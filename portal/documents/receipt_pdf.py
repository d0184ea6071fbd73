"""The receipt as a tagged PDF."""

from functools import cache
from importlib.resources import files

from portal.documents.receipt import Receipt
from portal.documents.typeset import typeset


def receipt_pdf(receipt: Receipt) -> bytes:
    return typeset(_markup(), "receipt", receipt.as_data())


@cache
def _markup() -> bytes:
    return files("portal.documents").joinpath("receipt.typ").read_bytes()
