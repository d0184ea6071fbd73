"""A support ticket as its reporter and the desk both see it: what was written and sent, and how one writes again."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase

from portal.access.actor import Actor
from portal.files.inspection import LIMIT_WORDS
from portal.lib.routes import address
from portal.pages.design.fields import FilesField, IdempotencyField, TypedText
from portal.pages.guards import or_404
from portal.pages.shared.downloads import inspected_file
from portal.pages.shared.writing.arrivals import problem_of
from portal.support import actions, writing
from portal.support.models import Post, Side, Ticket
from portal.support.writing import SCREENSHOTS_LIMIT, TEXT_LIMIT, Sent

COLOURS = {"new": "blue", "with-portal-team": "yellow", "with-it": "purple", "resolved": "green", "reopened": "orange"}
SCREENSHOTS_HINT = f"Up to {SCREENSHOTS_LIMIT} pictures, {LIMIT_WORDS} in all. PNG and JPEG are best."


class WritingForm(forms.Form):
    """Text and pictures."""

    text = TypedText(
        label="Your message",
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": TEXT_LIMIT}),
        error_messages={"required": "Enter your message"},
    )
    screenshots = FilesField(label="Screenshots", required=False, help_text=SCREENSHOTS_HINT)
    once = IdempotencyField()

    def sent(self) -> tuple[Sent, ...]:
        return sent_files(self)


def sent_files(form: forms.Form) -> tuple[Sent, ...]:
    """The pictures of a form, read once it is known that they are few and small."""
    files = form.cleaned_data["screenshots"]
    writing.check_pictures(len(files), sum(one.size for one in files))
    return tuple(Sent(one.name, one.read()) for one in files)


def arrived_whole(request: HttpRequest, form: forms.Form) -> bool:
    """Whether the form is complete and nothing was lost on the way; else the form says so."""
    problem = problem_of(request)
    if problem:
        form.add_error("screenshots", problem)
    return form.is_valid() and not problem


def items(ticket: Ticket, *, reader: Side, file_route: str = "", with_notes: bool = False) -> list[dict[str, Any]]:
    """What was written, oldest first. Without `file_route` files are named in the text, not linked."""
    posts = ticket.posts.order_by("id").prefetch_related("files__stored")
    shown = posts if with_notes else posts.filter(is_visible=True)
    return [_item(post, ticket, reader, file_route) for post in shown]


def _item(post: Post, ticket: Ticket, reader: Side, file_route: str) -> dict[str, Any]:
    files = list(post.files.all())
    named = "" if file_route or not files else f"\n\n(With: {', '.join(file.name for file in files)})"
    return {
        "id": post.pk,
        "sender": _sender(post, reader),
        "at": post.at,
        "text": post.text + named,
        "mine": (post.side == Side.REPORTER) == (reader == Side.REPORTER),
        "attachments": [
            {"name": file.name, "size": file.stored.size, "href": address(file_route, ticket.pk, file.pk)}
            for file in files
            if file_route
        ],
    }


def _sender(post: Post, reader: Side) -> str:
    """The desk sees who wrote; a reporter sees the side, as the service answers as one."""
    if reader == Side.REPORTER:
        return "You" if post.side == Side.REPORTER else Side(post.side).label
    who = post.author_name if post.side == Side.REPORTER else f"{post.author_name}, {Side(post.side).label}"
    how = ", by e-mail" if post.by_mail else ""
    return f"{who}{how}" if post.is_visible else f"{who} (note, not shown to the reporter)"


def serve_file(ticket: Ticket, file_id: int, actor: Actor) -> HttpResponseBase:
    with or_404():
        found, content = actions.open_file(ticket, file_id, by=actor)
    return inspected_file(found.name, found.stored, content)
