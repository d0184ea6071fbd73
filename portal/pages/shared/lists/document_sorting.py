"""By what the documents of a case are sorted, for both wings."""

from portal.content.words import category_labels
from portal.pages.shared.lists.sorting import Sorting, dates_column, label_column, words_column

Labels = tuple[tuple[str, str], ...]


def labels_now() -> Labels:
    return tuple(category_labels().items())


def document_sorting(labels: Labels) -> Sorting:
    """Made for each page: the categories are those that there are now. What came with a message has none and is last."""
    return Sorting(
        (
            words_column("name", "Name", "name"),
            label_column("category", "Category", "category", list(labels)),
            dates_column("received", "Received", "received_at", falls_first=True),
        ),
        "-received",
    )
