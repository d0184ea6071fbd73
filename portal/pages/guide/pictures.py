"""The guide's pictures: which page each shows, to whom, and its words. `python -m tests.guide_pictures` takes them.

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
CASES = "/cases/open/"  # where the first open case of a person is found


@dataclass(frozen=True)
class Pictured:
    """A page of the demo. `who` is one of the demo's people or "nobody"; {case} is the first open case of that person."""

    slug: str
    who: str
    address: str
    caption: str
    alt: str
    height: int = 760

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
        "The sign-in page",
        "The sign-in page, with boxes for the e-mail address and the password, the button Sign in and the button Forgot your password?",
    ),
    Pictured(
        "profile",
        "administrator",
        "/account/",
        "Profile and settings",
        "The page Profile and settings, with the name, the e-mail address and the links Edit password and Signed-in devices.",
    ),
    Pictured(
        "home",
        "administrator",
        "/",
        "The homepage",
        "The homepage of a landlord, with its open cases and the deadlines of its tasks, and the options at the top right.",
    ),
    Pictured(
        "cases",
        "administrator",
        "/cases/open/",
        "Open cases",
        "The list of open cases: each with its reference, its status and its next deadline.",
    ),
    Pictured(
        "case",
        "administrator",
        "/cases/{case}/",
        "The case details screen",
        "A case, with its status, team and case owner at the top, the tabs, and the list of upcoming tasks on the left.",
    ),
    Pictured(
        "messages",
        "administrator",
        "/cases/{case}/messages/",
        "The messages of a case",
        "The Messages tab of a case, with what we wrote and what the landlord replied.",
        height=1100,
    ),
    Pictured(
        "tasks",
        "administrator",
        "/tasks/",
        "My tasks",
        "My tasks: each task with its coloured status, its deadline and the menu with three dots on the right.",
    ),
    Pictured(
        "documents",
        "administrator",
        "/cases/{case}/documents/",
        "The documents of a case",
        "The Documents tab of a case, with the box for browsing or dropping documents and the list of documents.",
        height=1100,
    ),
    Pictured(
        "users",
        "administrator",
        "/people/",
        "Manage your users",
        "Manage your users: the landlord’s users, each with the menu with three dots that resets a password or deactivates the account.",
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
