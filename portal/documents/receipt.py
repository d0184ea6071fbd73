"""What the receipt of a submission says (B3): plain values, the same for the page and for the PDF."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from portal.documents.models import Document, Submission
from portal.lib.clock import LONDON
from portal.lib.days import day_in_words


@dataclass(frozen=True)
class ReceiptFile:
    name: str
    category: str
    size_bytes: int
    sha256: str
    received: str
    sent_as: str = ""  # the file's own name, where its sender gave it another
    replaces: str = ""  # the name of the document whose place it takes
    since: str = ""  # what became of it later: the page says so, the PDF stays the record of what was received


@dataclass(frozen=True)
class RefusedFile:
    name: str
    why: str
    remedy: str
    received: str


@dataclass(frozen=True)
class Receipt:
    """`number` is the submission's own: with it and the case the portal finds the batch again."""

    reference: str
    number: int
    person: str
    organisation: str
    submitted: str
    files: tuple[ReceiptFile, ...]
    refused: tuple[RefusedFile, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def file_name(self) -> str:
        return f"receipt-{self.reference}-{self.number}.pdf"


def receipt_of(submission: Submission) -> Receipt:
    """Reads a submission that actions.open_receipt has loaded with its documents."""
    return Receipt(
        reference=submission.case.reference,
        number=submission.pk,
        person=submission.person_name,
        organisation=submission.landlord.name,
        submitted=to_the_second(submission.submitted_at),
        files=tuple(_file(document) for document in submission.documents.all()),
        refused=tuple(_refused(refusal) for refusal in submission.refused),
    )


def to_the_second(moment: datetime) -> str:
    """23 November 2026 at 16:21:07, in London: what a receipt must say where the rest of the portal says 4:21pm."""
    local = moment.astimezone(LONDON)
    return f"{day_in_words(local)} at {local:%H:%M:%S}"


def _file(document: Document) -> ReceiptFile:
    return ReceiptFile(
        name=document.name,
        category=document.received_category_label,
        size_bytes=document.stored.size,
        sha256=document.stored.sha256,
        received=to_the_second(document.received_at),
        sent_as=document.sent_name,
        replaces=document.replaces.name if document.replaces else "",
        since=_since(document),
    )


def _refused(refusal: dict[str, str]) -> RefusedFile:
    return RefusedFile(
        name=refusal["name"],
        why=refusal["rule"],
        remedy=refusal["remedy"],
        received=to_the_second(datetime.fromisoformat(refusal["received_at"])),
    )


def _since(document: Document) -> str:
    if document.withdrawn_at is None:
        return f"Category changed to {document.category_label}" if document.sent_category else ""
    what = f"Replaced by {document.successor.name}" if document.successor else "Withdrawn"
    return f"{what}, {to_the_second(document.withdrawn_at)} (London time), by {document.withdrawn_by_name}"
