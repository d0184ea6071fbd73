"""Which words can be edited, their groups and names, and the form that each kind of word must have.

Labels of statuses, teams and kinds of task are code and cannot be edited; their explanations can (D13).
"""

from dataclasses import dataclass
from enum import Enum

from portal.content.defaults import DEFAULTS
from portal.lib.errors import RuleBroken


class Form(Enum):
    """The form of a word, and its limit in characters."""

    PROSE = 1000
    LINE = 200
    LINK = 400
    LIST = 2000  # one in each line


@dataclass(frozen=True)
class Group:
    """Words of one kind. `prefix` finds their keys among the shipped ones."""

    title: str
    prefixes: tuple[str, ...]
    about: str


GROUPS = (
    Group("Explanations of statuses", ("status.",), "Shown beside the status of a case. The names are fixed."),
    Group("Explanations of teams", ("team.",), "Shown beside the managing team of a case. The names are fixed."),
    Group("Explanations of kinds of task", ("task.",), "Shown with each task. The names are fixed."),
    Group("Titles for tasks", ("task-titles.",), "Suggested to caseworkers who set a task, one in each line."),
    Group("Policies and guidance", ("name.", "link."), "Names and addresses of what the portal links to."),
    Group("Contact and opening hours", ("contact.",), "Shown wherever the portal says how to reach us."),
    Group("Advice", ("advice.",), "Shown to landlords where they do something."),
    Group("Restricted access", ("restriction.",), "What people read whose access is restricted. Keep it neutral."),
)
_LABELS = {
    "link.evidence-guidance": "Guidance about responding to information requests: address",
    "link.unacceptable-actions-policy": "Policy about unacceptable actions: address",
    "name.unacceptable-actions-policy": "Policy about unacceptable actions: name",
    "contact.opening-hours": "Opening hours",
    "contact.telephone": "Telephone number",
    "contact.address": "Postal address",
    "contact.website": "Contact page of our website: address",
    "advice.file-names": "How to name files",
    "restriction.appeal": "How to appeal, as suggested to whoever restricts",
    "restriction.appeal-address": "Where to send an appeal, suggested with it",
}


def keys_of(group: Group) -> list[str]:
    return [key for key in DEFAULTS if key.startswith(group.prefixes)]


def label_of(key: str) -> str:
    """The default name of a word. A package above may have a better one, such as the label of a status."""
    return _LABELS.get(key) or key.partition(".")[2].replace("-", " ").capitalize()


def form_of(key: str) -> Form:
    if key.startswith("link.") or key == "contact.website":
        return Form.LINK
    if key.startswith("task-titles."):
        return Form.LIST
    return Form.LINE if key.startswith(("name.", "contact.")) else Form.PROSE


def checked(key: str, text: str) -> str:
    """Returns the words as they are stored. Raises RuleBroken when they do not have the form of their kind."""
    form = form_of(key)
    text = _tidied(text, lines=form is Form.LIST)
    if not text:
        raise RuleBroken("Enter the words, or reset them to the shipped ones.", field="text")
    if len(text) > form.value:
        raise RuleBroken(f"Use {form.value:,} characters or fewer. You used {len(text):,}.", field="text")
    if form is Form.LINK and (not text.startswith("https://") or len(text.split()) > 1 or set(text) & set('()[]<>"\\')):
        raise RuleBroken("Enter a whole address that begins with https://", field="text")
    if form is Form.LINE and set(text) & set("[]"):
        raise RuleBroken("Leave out square brackets.", field="text")
    if form is Form.LIST and max(len(line) for line in text.split("\n")) > Form.LINE.value:
        raise RuleBroken(f"Each line can have up to {Form.LINE.value} characters.", field="text")
    return text


def _tidied(text: str, *, lines: bool) -> str:
    """Removes control characters and extra spaces. Keeps line breaks only in lists, where each line is one word."""
    plain = "".join(one if one.isprintable() or one == "\n" else " " for one in text.replace("\r\n", "\n"))
    kept = [" ".join(line.split()) for line in plain.split("\n")]
    return ("\n" if lines else " ").join(line for line in kept if line)
