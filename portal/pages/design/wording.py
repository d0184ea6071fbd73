"""How dates, times, sizes, counts and typed text read on screen: the GOV.UK style, in London's time."""

from datetime import date, datetime
from typing import Any

from django.core.paginator import Page
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from portal.lib.amounts import plural
from portal.lib.clock import LONDON
from portal.lib.days import day_in_words


def _day(value: date) -> date:
    """An aware moment is shown as London's date; a date stays what it is."""
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value


def long_date(value: date | None) -> str:
    """23 November 2026."""
    return day_in_words(_day(value)) if value else ""


def short_date(value: date | None) -> str:
    """23 Nov 2026."""
    return f"{_day(value).day} {_day(value):%b %Y}" if value else ""


def time_of_day(value: datetime | None) -> str:
    """4:21pm, in London."""
    if not value:
        return ""
    local = value.astimezone(LONDON)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime | None) -> str:
    """23 November 2026 at 4:21pm, in London."""
    return f"{long_date(value)} at {time_of_day(value)}" if value else ""


def iso(value: date | None) -> str:
    """For the datetime attribute of a time element: a moment with its London offset, or a date."""
    if not value:
        return ""
    return value.astimezone(LONDON).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def lines(text: object) -> SafeString:
    """Typed text as paragraphs and line breaks, every character of it escaped."""
    return mark_safe(linebreaks(str(text or ""), autoescape=True))  # noqa: S308 - linebreaks escapes


def found(count: int, one: str, many: str = "", *, filtered: bool = False) -> str:
    """How long a list is: 42 open cases match your filters, 1 task, No tasks."""
    number = plural(count, one, many) if count else f"No {many or one + 's'}"
    return f"{number} {'matches' if count == 1 else 'match'} your filters" if filtered else number


def in_title(page: Page[Any], one: str, many: str = "") -> str:
    """What the title of a list's page says behind its heading: (312 cases, page 2 of 13)."""
    number, pages = found(page.paginator.count, one, many).replace("No ", "no "), page.paginator.num_pages
    return f"({number}, page {page.number} of {pages})" if pages > 1 else f"({number})"


STOCK = (
    "This field is required.",
    "Select a valid choice.",
    "Enter a valid email address.",
    "Ensure this value has at most",
    "Enter a whole number.",
)


def plain_error(label: str, code: str, words: str, kind: str, longest: int | None) -> str:
    """Django's stock phrases said in the words of the page; anything that a form or rule says itself stays as it is."""
    if not words.startswith(STOCK):
        return words
    asked = _asked(label)
    if code == "required":
        return {"checkbox": f"Tick the box: {label}", "file": f"Choose a file: {label}"}.get(
            kind, f"{_verb(kind)} {asked}"
        )
    if code == "max_length" and longest:
        return f"{label} must be {longest:,} characters or fewer"
    if words.startswith("Enter a valid email"):
        return "Enter an e-mail address in the correct format, like name@landlord.example"
    return f"{label} must be a whole number" if words.startswith("Enter a whole") else f"Choose {asked} from the list"


def _asked(label: str) -> str:
    """What is asked for, within a sentence: the team, your reason; a question is answered."""
    if label.endswith("?"):
        return "an answer"
    named = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    return named if named.startswith(("your ", "the ", "a ", "an ")) else f"the {named}"


def _verb(kind: str) -> str:
    return "Choose" if kind in {"select", "radios", "checkboxes"} else "Enter"
