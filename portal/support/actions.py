"""Actions on a support ticket: report, ask and reply; answer, refer to IT, resolve and reopen; handle suspected spam."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts import rate_limits
from portal.accounts.models import User
from portal.accounts.rate_limits import Kind
from portal.audit import trail
from portal.files import storage
from portal.lib import clock
from portal.lib.addresses import can_be_mailed
from portal.lib.errors import NotAllowed, RuleBroken
from portal.lib.typed import tidied
from portal.support import emails, tokens, writing
from portal.support.models import Affected, Post, Side, Ticket, TicketFile, TicketKind
from portal.support.states import State, Step, after
from portal.support.writing import Kept, Sent

ADDRESSES_LIMIT = 10


@dataclass(frozen=True)
class Surroundings:
    """What the portal itself adds to a report (S95). Rate limits count the `network`."""

    browser: str
    ip: str
    network: str


@dataclass(frozen=True)
class Fault:
    """A fault as somebody describes it. `email` counts only for somebody who is not signed in."""

    affected: str
    addresses: str
    description: str
    email: str = ""
    screenshots: tuple[Sent, ...] = ()


@transaction.atomic
def report_fault(fault: Fault, *, by: Actor | None, where: Surroundings, is_trapped: bool = False) -> Ticket:
    """Records a new fault report from anybody (S94, S95). With `is_trapped` (the hidden field was changed) the sender sees the
    same page, but no mail is sent, so that robots cannot send mail through the form (S101)."""
    if fault.affected not in Affected.values:
        raise RuleBroken("Choose which account has the fault", field="affected")
    addresses = _addresses(fault.addresses)
    text = writing.required(fault.description, "Describe the fault", field="description")
    reporter = User.objects.get(pk=by.user_id) if by else None
    email = reporter.email if reporter else _address(fault.email, field="email")
    counted_as = _held(by, email)
    ticket = Ticket(
        kind=TicketKind.FAULT,
        reporter=reporter,
        landlord_id=by.landlord_id if by else None,
        email=email,
        affected=fault.affected,
        affected_addresses=addresses,
        browser=tidied(where.browser)[:300],
        ip=where.ip,
        is_suspected_spam=is_trapped,
    )
    if earlier := _reported_just_now(ticket, text, fault.screenshots):
        return earlier
    _count(counted_as, where)
    return _begin(ticket, text, fault.screenshots, by=by)


@transaction.atomic
def ask(*, text: str, by: Actor, where: Surroundings, screenshots: Iterable[Sent] = ()) -> Ticket:
    """“Chat to us”: asks the portal team a question (S100). It continues the person's open ticket, or reopens one that was
    resolved recently; otherwise it starts a new ticket."""
    text = writing.required(text, "Enter your message", field="text")
    counted_as = _held(by, "")
    open_one = Ticket.objects.reported_by(by).filter(kind=TicketKind.QUESTION).going_on().newest_first().first()
    if open_one is not None:
        return reply(open_one.pk, text=text, by=by, screenshots=screenshots).ticket
    reporter = User.objects.get(pk=by.user_id)
    _count(counted_as, where)
    browser = tidied(where.browser)[:300]
    ticket = Ticket(
        kind=TicketKind.QUESTION,
        reporter=reporter,
        landlord_id=by.landlord_id,
        email=reporter.email,
        browser=browser,
        ip=where.ip,
    )
    return _begin(ticket, text, screenshots, by=by)


@transaction.atomic
def _begin(ticket: Ticket, text: str, screenshots: Iterable[Sent], *, by: Actor | None) -> Ticket:
    kept = writing.pictures(screenshots)
    ticket.reported_at = clock.now()
    ticket.save()
    writing.add(ticket, side=Side.REPORTER, text=text, author=ticket.reporter, name=ticket.reporter_name, files=kept)
    trail.record(by, "support ticket opened", ticket, kind=ticket.kind)
    emails.tell(ticket, emails.RECEIVED)
    return ticket


@transaction.atomic
def reply(ticket_id: int, *, text: str, by: Actor, screenshots: Iterable[Sent] = ()) -> Post:
    """Adds the reporter's reply. Raises Ticket.DoesNotExist when the ticket is not theirs."""
    Ticket.objects.reported_by(by).get(pk=ticket_id)
    return _reporter_writes(_locked(ticket_id), text, screenshots=screenshots, by=by)


@transaction.atomic
def reply_by_link(secret: str, *, text: str, screenshots: Iterable[Sent] = ()) -> Post:
    """Adds a reply from somebody who could not sign in and has the link from the e-mail."""
    return _reporter_writes(_locked(tokens.ticket_of_page(secret).pk), text, screenshots=screenshots)


@transaction.atomic
def reply_by_mail(ticket: Ticket, *, text: str, files: Iterable[Kept]) -> Post:
    """Adds an e-mail to the ticket (S98); receiving.py has checked its sender and secret."""
    return _reporter_writes(_locked(ticket.pk), text, kept=files, by_mail=True)


def _reporter_writes(
    ticket: Ticket,
    text: str,
    *,
    screenshots: Iterable[Sent] = (),
    kept: Iterable[Kept] = (),
    by: Actor | None = None,
    by_mail: bool = False,
) -> Post:
    """Adds what the reporter wrote on a page or, with `by_mail`, in an e-mail. Copies of an e-mail are removed before, so an
    e-mail in the same words is a new one."""
    text, screenshots = writing.required(text, "Enter your message", field="text"), tuple(screenshots)
    if not by_mail and (earlier := _written_just_now(ticket, text, screenshots)):
        return earlier
    writing.stop_flood(ticket)
    found = [*kept, *writing.pictures(screenshots)]
    was_resolved = ticket.state == State.RESOLVED
    _move(ticket, Step.WRITE)
    post = writing.add(
        ticket,
        side=Side.REPORTER,
        text=text,
        author=ticket.reporter,
        name=ticket.reporter_name,
        files=found,
        by_mail=by_mail,
    )
    trail.record(by, "support ticket replied to", ticket, post=post.pk)
    if was_resolved:
        emails.tell(ticket, emails.REOPENED)
    return post


@transaction.atomic
def answer(ticket_id: int, *, text: str, by: Actor, is_internal: bool = False) -> Post:
    """Adds the portal team's answer or IT's update. With `is_internal` it is a note that only these two read."""
    side, step = _worker(by)
    ticket = _at_desk(ticket_id, by)
    text = writing.required(text, "Enter your answer", field="text")
    after(ticket.state, step)
    is_visible = not is_internal
    if earlier := writing.sent_just_now(ticket, side=side, author_id=by.user_id, text=text, is_visible=is_visible):
        return earlier
    if is_visible:
        _move(ticket, step)
    post = writing.add(ticket, side=side, text=text, author=_user(by), name=by.name, is_visible=is_visible)
    if is_visible:
        emails.tell(ticket, emails.ANSWERED)
    trail.record(by, "support note written" if is_internal else "support ticket answered", ticket, post=post.pk)
    return post


@transaction.atomic
def refer(ticket_id: int, *, by: Actor) -> Ticket:
    """Refers the ticket to IT support. It gets an IT number, and the reporter is told from the IT address (S96)."""
    by.require(Permission.RUN_SUPPORT)
    ticket = _at_desk(ticket_id, by)
    after(ticket.state, Step.REFER)
    ticket.referred_at = ticket.referred_at or clock.now()
    _move(ticket, Step.REFER)
    ticket.save()
    trail.record(by, "support ticket referred to IT", ticket)
    emails.tell(ticket, emails.REFERRED)
    return ticket


@transaction.atomic
def resolve(ticket_id: int, *, text: str, by: Actor) -> Ticket:
    """Resolves the ticket with a text about what was done."""
    side, _ = _worker(by)
    ticket = _at_desk(ticket_id, by)
    text = writing.required(text, "Enter what was done", field="text")
    _move(ticket, Step.RESOLVE)
    ticket.resolved_at = clock.now()
    writing.add(ticket, side=side, text=text, author=_user(by), name=by.name)
    trail.record(by, "support ticket resolved", ticket)
    emails.tell(ticket, emails.RESOLVED)
    return ticket


@transaction.atomic
def reopen(ticket_id: int, *, by: Actor) -> Ticket:
    by.require(Permission.RUN_SUPPORT)
    ticket = _at_desk(ticket_id, by)
    ticket.waits_for_us = True
    _move(ticket, Step.REOPEN)
    ticket.save()
    trail.record(by, "support ticket reopened", ticket)
    emails.tell(ticket, emails.REOPENED)
    return ticket


@transaction.atomic
def not_spam(ticket_id: int, *, by: Actor) -> Ticket:
    """Releases a real report that the trap caught and tells the reporter that it has arrived (S101)."""
    by.require(Permission.RUN_SUPPORT)
    ticket = _suspected(ticket_id)
    ticket.is_suspected_spam = False
    ticket.save()
    trail.record(by, "support ticket is no spam", ticket)
    emails.tell(ticket, emails.RECEIVED)
    return ticket


@transaction.atomic
def discard(ticket_id: int, *, by: Actor) -> Ticket:
    """Discards spam. The row is kept but appears in no list."""
    by.require(Permission.RUN_SUPPORT)
    ticket = _suspected(ticket_id)
    ticket.discarded_at = clock.now()
    ticket.save()
    trail.record(by, "support ticket discarded as spam", ticket)
    return ticket


def open_ticket(ticket_id: int, *, by: Actor) -> Ticket:
    """Returns the ticket for the desk and records that it was opened. Raises Ticket.DoesNotExist."""
    ticket = Ticket.objects.visible_to(by).select_related("reporter", "landlord").get(pk=ticket_id)
    trail.record(by, "support ticket read", ticket)
    return ticket


def open_suspected(*, by: Actor) -> QuerySet[Ticket]:
    """Returns suspected spam, newest first. It is personal data, so the opening is recorded."""
    by.require(Permission.SEE_ALL_SUPPORT)
    trail.record(by, "list of suspected spam opened", Ticket)
    return Ticket.objects.suspected().select_related("reporter", "landlord").newest_first()


def own_ticket(ticket_id: int, *, by: Actor) -> Ticket:
    """Returns the reporter's own ticket. Raises Ticket.DoesNotExist."""
    return Ticket.objects.reported_by(by).select_related("reporter").get(pk=ticket_id)


def open_file(ticket: Ticket, file_id: int, *, by: Actor) -> tuple[TicketFile, IO[bytes]]:
    """Returns a file of a ticket that the actor may open, with its content. Raises TicketFile.DoesNotExist."""
    found = TicketFile.objects.select_related("stored").get(pk=file_id, post__ticket=ticket)
    trail.record(by, "support file read", found)
    return found, storage.documents().open(found.stored.key)


def _worker(by: Actor) -> tuple[Side, Step]:
    if by.may(Permission.RUN_SUPPORT):
        return Side.PORTAL_TEAM, Step.ANSWER
    by.require(Permission.WRITE_SUPPORT)
    return Side.IT, Step.UPDATE


def _at_desk(ticket_id: int, by: Actor) -> Ticket:
    """Locks a ticket that the actor sees and that is not held as spam."""
    if not Ticket.objects.visible_to(by).filter(pk=ticket_id).exists():
        raise NotAllowed("You cannot change this report.")
    ticket = _locked(ticket_id)
    if ticket.is_suspected_spam:
        raise RuleBroken("This report is held as suspected spam. If it is real, choose “Not spam” first.")
    return ticket


def _suspected(ticket_id: int) -> Ticket:
    ticket = _locked(ticket_id)
    if not ticket.is_suspected_spam or ticket.discarded_at:
        raise RuleBroken("This report is not held as suspected spam any more.")
    return ticket


def _locked(ticket_id: int) -> Ticket:
    return Ticket.objects.select_for_update(of=("self",)).select_related("reporter").get(pk=ticket_id)


def _move(ticket: Ticket, step: Step) -> None:
    """Sets the next state. The caller saves the ticket, with the post if there is one: a post stores this state."""
    ticket.state = after(ticket.state, step)
    if ticket.state != State.RESOLVED:
        ticket.resolved_at = None


def _user(by: Actor) -> User:
    return User.objects.get(pk=by.user_id)


def _reported_just_now(ticket: Ticket, text: str, screenshots: Iterable[Sent]) -> Ticket | None:
    """Finds the report that a second press of the button would repeat: the same in every field."""
    alike = Ticket.objects.filter(
        kind=ticket.kind,
        reporter=ticket.reporter,
        landlord=ticket.landlord,
        email=ticket.email,
        affected=ticket.affected,
        affected_addresses=ticket.affected_addresses,
        is_suspected_spam=ticket.is_suspected_spam,
        discarded_at=None,
    )
    mine = alike.order_by("-id").first()
    is_new = mine is not None and mine.posts.count() == 1
    return mine if mine and is_new and _written_just_now(mine, text, screenshots) else None


def _written_just_now(ticket: Ticket, text: str, screenshots: Iterable[Sent]) -> Post | None:
    """Finds the reply that a second press of the button would repeat."""
    return writing.sent_just_now(ticket, side=Side.REPORTER, author_id=ticket.reporter_id, text=text, files=screenshots)


def _held(by: Actor | None, email: str) -> str:
    """Returns the subject of the rate limit and locks it until the transaction ends, so that concurrent submits are checked in
    turn.

    A typed address is counted separately: it proves nothing, so it must not lock out anybody who has signed in.
    """
    counted_as = rate_limits.subject_of(f"user {by.user_id}" if by else f"typed {email}")
    rate_limits.hold(Kind.REPORT_ADDRESS, counted_as)
    return counted_as


def _count(counted_as: str, where: Surroundings) -> None:
    """Raises Paused, a RuleBroken, when this person or network sends too much. A refused report is not counted."""
    rate_limits.begin(Kind.REPORT_ADDRESS, counted_as)
    rate_limits.begin(Kind.REPORT_IP, rate_limits.subject_of(where.network))


def _addresses(text: str) -> str:
    """Returns the addresses of the affected accounts, one to a line, however they were separated."""
    found = tidied(text).replace(",", " ").replace(";", " ").split()
    if not found:
        raise RuleBroken("Enter the e-mail addresses of the accounts that are affected", field="addresses")
    if len(found) > ADDRESSES_LIMIT:
        raise RuleBroken(f"Enter {ADDRESSES_LIMIT} addresses or fewer, and name the others below", field="addresses")
    return "\n".join(_address(one, field="addresses") for one in found)


def _address(text: str, *, field: str) -> str:
    text = text.strip()
    try:
        validate_email(text)
    except ValidationError:
        wrong = f"“{text[:60]}” is not an e-mail address. It should look like name@landlord.example"
        raise RuleBroken(wrong if text else "Enter your e-mail address", field=field) from None
    if len(text) > 254:
        raise RuleBroken("The e-mail address is too long", field=field)
    if not can_be_mailed(text):
        raise RuleBroken(f"No e-mail can be sent to “{text[:60]}”. Check the part after the @", field=field)
    return text
