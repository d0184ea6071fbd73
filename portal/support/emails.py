"""E-mails about a ticket: they tell the reporter of each change and answer, never what was written (S96, S97)."""

from django.conf import settings

from portal.landlords.people import membership_of
from portal.mail import outbox
from portal.support import tokens
from portal.support.models import Purpose, Ticket, TicketKind

RECEIVED = ("we have it", "We have your {what}. Its number is {reference}. We answer as soon as we can.")
ANSWERED = ("an answer for you", "There is an answer to your {what} {reference}.")
REFERRED = (
    "referred to IT support",
    "We referred your {what} to our IT support team. Its ticket number is {reference}. "
    "From now on the team keeps you up to date until the fault is resolved, and you can write to it directly: "
    "answer this e-mail, or use the page below.",
)
RESOLVED = ("resolved", "Your {what} {reference} is resolved. If it is not right yet, write again and we reopen it.")
REOPENED = ("reopened", "Your {what} {reference} is open again.")

Words = tuple[str, str]


def tell(ticket: Ticket, words: Words) -> None:
    """Queues the e-mail in the caller's transaction. Sends none to people who have left, and none about suspected spam."""
    if ticket.is_suspected_spam or not is_still_theirs(ticket):
        return
    heading, line = words
    what = "fault report" if ticket.kind == TicketKind.FAULT else "question"
    by_it = ticket.referred_at is not None
    outbox.post(
        to=ticket.address,
        subject=f"Your {what} {ticket.reference}: {heading}",
        body=_body(ticket, line.format(what=what, reference=ticket.reference), by_it=by_it),
        is_secret=ticket.reporter is None,  # then the link in it opens the page
        kind="support ticket",
        user_id=ticket.reporter_id,
        landlord_id=ticket.landlord_id,
        from_address=sender(by_it=by_it),
        tag=tokens.tag(ticket),
    )


def sender(*, by_it: bool) -> str:
    own = f"{settings.SERVICE_NAME} support <{settings.SUPPORT_ADDRESS}>"
    return f"IT support <{settings.IT_ADDRESS}>" if by_it else own


def is_still_theirs(ticket: Ticket) -> bool:
    """Whether the reporter is still who they were: active, and at the landlord for which they reported (H47)."""
    if ticket.reporter is None:
        return True
    member = membership_of(ticket.reporter.pk)
    return ticket.reporter.is_active and (member.landlord_id if member else None) == ticket.landlord_id


def _body(ticket: Ticket, line: str, *, by_it: bool) -> str:
    team = "IT support" if by_it else f"The {settings.SERVICE_NAME} team"
    paragraphs = (
        f"Hello {ticket.reporter_name}," if ticket.reporter else "Hello,",
        line,
        f"Read it, and reply, here:\n\n{_href(ticket)}",
        f"You can also answer this e-mail from {ticket.address}. Keep the subject: it brings your answer to us.",
        f"{team}\n{settings.ORGANISATION_NAME}",
    )
    return "\n\n".join(paragraphs) + "\n"


def _href(ticket: Ticket) -> str:
    if ticket.reporter:
        return f"{settings.PORTAL_URL}/help/reports/{ticket.pk}/"
    return f"{settings.PORTAL_URL}/help/follow/{tokens.mint(ticket, Purpose.PAGE)}/"
