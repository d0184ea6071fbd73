"""The guide's pictures: which page each shows, to whom, and its words. `bin/guide pictures` takes them.

`pictures_taken.json` holds their sizes and what stood on each page, so that a test notices a stale picture.
"""

# ruff: noqa: E501 (a sentence is easier to read and to compare on one line)

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "static" / "guide"
TAKEN = Path(__file__).parent / "pictures_taken.json"
WIDTH = 1000
MOST_BYTES = 150_000


@dataclass(frozen=True)
class Pictured:
    """A page of the demo. `who` is one of the demo's people or "nobody". In an address {case} stands for the case with
    most tasks, {thread} for its first exchange, {task} for the first request for evidence. The picture begins with the element that
    `since` selects and ends with that of `until`."""

    slug: str
    who: str
    address: str
    until: str
    caption: str
    alt: str
    since: str = "body"

    @property
    def file(self) -> str:
        return f"{self.slug}.png"


@dataclass(frozen=True)
class Picture:
    """A picture that is there, as the page and the PDF need it."""

    file: str
    caption: str
    alt: str
    width: int
    height: int


PICTURED: tuple[Pictured, ...] = (
    Pictured(
        "sign-in",
        "nobody",
        "/sign-in/",
        "main",
        "The log-in page",
        "The page Sign in, with boxes for the e-mail address and the password and the buttons Sign in, Forgot your password? and Sign in with a passkey.",
    ),
    Pictured(
        "profile",
        "administrator",
        "/account/",
        "main",
        "The Profile and settings page, with the person icon’s menu open",
        "The page Profile and settings, with name, e-mail address, organisation and role, and links to notification settings, edit password, two-factor authentication and signed-in devices. At the top right the menu of the person icon is open.",
    ),
    Pictured(
        "home",
        "administrator",
        "/",
        "main .govuk-grid-row",
        "The homepage",
        "The homepage of a landlord: how many cases are open and tasks outstanding, overdue and approaching, then the outstanding tasks with their deadlines and the unread messages. At the top right are User guide, Accessibility statement, Notifications and the person icon.",
    ),
    Pictured(
        "cases",
        "administrator",
        "/cases/open/",
        "tbody tr:nth-child(5)",
        "The cases page",
        "The page Open cases: the applied filter at the top, Filter cases below it, and a table of cases with reference, resident and home, status, managing team, case owner and next deadline.",
    ),
    Pictured(
        "case",
        "administrator",
        "/cases/{case}/",
        ".portal-beside__aside section",
        "The case details screen",
        "A case: status, managing team and case owner at the top, the tabs Overview, Tasks, Documents and Messages, and on the left the list of upcoming tasks.",
    ),
    Pictured(
        "messages",
        "administrator",
        "/cases/{case}/messages/{thread}/",
        "main",
        "The messages section of a case",
        "An exchange of messages on a case: what we wrote and what the landlord replied, each with name and time, and below it the box for a reply with the paperclip and the button Send.",
    ),
    Pictured(
        "tasks",
        "administrator",
        "/tasks/",
        ".portal-task:nth-child(6)",
        "My tasks, with the details of the first task open",
        "My tasks: each task with an arrow and its coloured status on the left, its title, case and deadline, and three dots on the right. The details of the first task are open.",
    ),
    Pictured(
        "task-options",
        "administrator",
        "/tasks/",
        ".portal-task:nth-child(3)",
        "The options of a task",
        "My tasks, with the menu of the three dots of the first task open. It offers Task completed and Unable to complete.",
    ),
    Pictured(
        "task-completed",
        "administrator",
        "/tasks/{task}/completed/",
        "main",
        "Task completed",
        "The page Task completed of a task, which asks for the date completed as day, month and year, with the button Confirm task completed.",
    ),
    Pictured(
        "task-unable",
        "administrator",
        "/tasks/{task}/unable/",
        "main",
        "Unable to complete",
        "The page Unable to complete of a task, with a box for the reason and the button Send reason.",
    ),
    Pictured(
        "documents",
        "administrator",
        "/cases/{case}/documents/",
        "tbody tr:nth-child(3)",
        "The documents section of a case",
        "The Documents tab of a case, with the box in which documents are dropped or browsed for, and below it the documents on the case.",
        since=".portal-beside",
    ),
    Pictured(
        "categories",
        "administrator",
        "/cases/{case}/documents/",
        "[data-upload-list] ~ [data-upload-when-listed]",
        "Document categories",
        "The Documents tab with two documents that are ready to upload. Each has a box for its category; above them is the box Set same category for all documents, below them the button Upload documents.",
        since=".portal-beside",
    ),
    Pictured(
        "users",
        "administrator",
        "/users/",
        "main",
        "Manage your users",
        "The page Manage your users: the landlord’s users with account, e-mail address, state and last sign-in. The menu of the three dots of a sub account is open and offers Reset password and Deactivate.",
    ),
)


def record() -> dict[str, Any]:
    """slug -> size and digest of every picture that was taken."""
    found: dict[str, Any] = json.loads(TAKEN.read_text()) if TAKEN.is_file() else {}
    return found


def taken() -> dict[str, Picture]:
    """The pictures that are there. The guide is right without any."""
    sizes = record()
    return {
        one.slug: Picture(one.file, one.caption, one.alt, sizes[one.slug]["width"], sizes[one.slug]["height"])
        for one in PICTURED
        if one.slug in sizes and (FOLDER / one.file).is_file()
    }
