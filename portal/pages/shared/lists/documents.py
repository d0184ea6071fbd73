"""The documents of a case as a list, for the landlord and the service: its pages, and by what they sort."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.kept import kept
from portal.content.words import category_labels
from portal.documents.models import Document
from portal.documents.querysets import DocumentQuerySet
from portal.pages.shared.lists.counts import counted, lengths
from portal.pages.shared.lists.paging import pages
from portal.pages.shared.lists.sorting import Sorting, dates_column, label_column, words_column

A_PAGE = 50
Labels = tuple[tuple[str, str], ...]


def labels_now() -> Labels:
    return tuple(category_labels().items())


def document_sorting(labels: Labels) -> Sorting:
    """Made for each page: the categories are those that there are now. What came with a message has none and is last."""
    return Sorting(
        (
            words_column("name", "Name", "name", is_never_missing=True),
            label_column("category", "Category", "category", list(labels)),
            dates_column("received", "Received", "received_at", falls_first=True),
        ),
        "-received",
    )


def documents_of(case_id: int, sort: str, labels: Labels, *, by: Actor) -> Paginator:  # type: ignore[type-arg]
    length = counted(_length(by, case_id=case_id))["documents"]
    return pages(_documents, by, length, A_PAGE, sort, labels, case_id=case_id)


@kept
def _length(actor: Actor, case_id: int) -> QuerySet[Any]:
    return lengths(documents=Document.objects.visible_to(actor).filter(case=case_id))


@kept
def _documents(actor: Actor, first: int, last: int, sort: str, labels: Labels, case_id: int) -> DocumentQuerySet:
    """The service also sees which uploads nobody has marked as seen."""
    rows = Document.objects.visible_to(actor).on_case(case_id)
    rows = rows if actor.is_landlord else rows.select_related("submission")
    return document_sorting(labels).applied(rows, sort)[first:last]
