"""Rules of every post on a ticket: text is tidied and limited, files are inspected, floods are stopped."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from portal.accounts.models import User
from portal.files import actions as files
from portal.files.inspection import LIMIT_BYTES, LIMIT_WORDS
from portal.files.models import StoredFile
from portal.files.names import clean_name
from portal.lib import clock, typed
from portal.lib.errors import RuleBroken
from portal.support.models import Post, Side, Ticket, TicketFile

TEXT_LIMIT = 10_000  # characters
SCREENSHOTS_LIMIT = 5
POSTS_AN_HOUR = 20
_AGAIN = "What you wrote is kept. Choose your screenshots again."
_DOUBLE_PRESS = timedelta(minutes=10)


@dataclass(frozen=True)
class Sent:
    """A received file that is not yet inspected."""

    name: str
    content: bytes


Kept = tuple[str, StoredFile]


def required(text: str, missing: str, *, field: str) -> str:
    """Returns the tidied text. Raises RuleBroken when it is empty or too long."""
    return typed.required(text, missing, field=field, limit=TEXT_LIMIT)


def pictures(sent: Iterable[Sent]) -> list[Kept]:
    """Inspects screenshots like every upload and accepts only pictures (S95). One refused file refuses all."""
    sent = list(sent)
    check_pictures(len(sent), sum(len(one.content) for one in sent))
    return [_picture(one) for one in sent]


def check_pictures(count: int, size: int) -> None:
    """Raises RuleBroken when they are too many or too large together. Pages call this before they read the files."""
    if count > SCREENSHOTS_LIMIT:
        raise RuleBroken(f"Choose {SCREENSHOTS_LIMIT} screenshots or fewer. None were kept.", field="screenshots")
    if size > LIMIT_BYTES:
        wrong = f"Choose screenshots of no more than {LIMIT_WORDS} in all. None were kept. What you wrote is kept."
        raise RuleBroken(wrong, field="screenshots")


def _picture(one: Sent) -> Kept:
    try:
        name, stored = files.store_accepted(one.name, one.content)
    except RuleBroken as refused:
        raise RuleBroken(f"{refused.words} {_AGAIN}", field="screenshots") from None
    if not stored.media_type.startswith("image/"):
        raise RuleBroken(f"{name} is not a picture. Send screenshots as PNG or JPEG. {_AGAIN}", field="screenshots")
    return name, stored


def add(
    ticket: Ticket,
    *,
    side: Side,
    text: str,
    author: User | None,
    name: str,
    files: Iterable[Kept] = (),
    is_visible: bool = True,
    by_mail: bool = False,
) -> Post:
    """Adds a post under the ticket's lock and saves the ticket, which already has its next state."""
    now = clock.now()
    post = Post.objects.create(
        ticket=ticket,
        landlord_id=ticket.landlord_id,
        side=side,
        author=author,
        author_name=name,
        text=text,
        is_visible=is_visible,
        by_mail=by_mail,
        ticket_state=ticket.state,
        at=now,
    )
    TicketFile.objects.bulk_create(
        TicketFile(post=post, landlord_id=ticket.landlord_id, name=name, stored=stored) for name, stored in files
    )
    ticket.last_post_at = now
    ticket.waits_for_us = side == Side.REPORTER if is_visible else ticket.waits_for_us
    ticket.save()
    return post


def sent_just_now(
    ticket: Ticket, *, side: Side, author_id: int | None, text: str, files: Iterable[Sent] = (), is_visible: bool = True
) -> Post | None:
    """Finds the post that a second press of the button would repeat.

    That is the last post on the ticket, if the same person wrote it on a page just now: of the same kind, in the same words,
    with the same files. Anything else is a new message and must not be lost.
    """
    last = ticket.posts.order_by("-id").first()
    if last is None or last.at <= clock.now() - _DOUBLE_PRESS:
        return None
    then = (last.side, last.author_id, last.is_visible, last.by_mail, last.text, last.ticket_state)
    is_same = then == (side, author_id, is_visible, False, text, ticket.state)
    return last if is_same and _brought_by(last) == [_known_by(one) for one in files] else None


def _brought_by(post: Post) -> list[tuple[str, str]]:
    return list(post.files.order_by("id").values_list("name", "stored__sha256"))


def _known_by(one: Sent) -> tuple[str, str]:
    """Returns name and digest, which identify an accepted file."""
    return clean_name(one.name), hashlib.sha256(one.content).hexdigest()


def stop_flood(ticket: Ticket) -> None:
    recent = ticket.posts.filter(side=Side.REPORTER, at__gt=clock.now() - timedelta(hours=1)).count()
    if recent >= POSTS_AN_HOUR:
        wrong = "You have written very often in the last hour. Wait a little, then write all of it in one message."
        raise RuleBroken(wrong, field="text")
