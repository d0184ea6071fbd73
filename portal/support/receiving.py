"""Files an e-mail to the support address (D15, S98, H50) on its ticket when both sender and secret match.

Otherwise the portal team sees it among the unfiled. Automatic e-mail is dropped and counted. Nothing here sends an answer.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.audit import trail
from portal.files import actions as files
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.support import actions, emails, tokens, writing
from portal.support.incoming import Mail, Unreadable, read
from portal.support.models import Fate, IncomingMail, Ticket
from portal.support.writing import Kept


@dataclass(frozen=True)
class Verdict:
    fate: Fate
    why: str = ""
    ticket: Ticket | None = None


def receive(raw: bytes) -> IncomingMail:
    """Receives one e-mail in one transaction. A second copy is only counted. Raises Unreadable."""
    try:
        mail = read(raw)
    except Unreadable as refused:
        note_refusal(str(refused))
        raise
    if earlier := _counted_copy(mail.key):
        return earlier
    try:
        return _take(mail)
    except IntegrityError:  # the other copy came at the same moment
        return _counted_copy(mail.key) or _take(mail)


def note_refusal(why: str) -> IncomingMail:
    """Counts a refused e-mail, so that the portal team can see that one came."""
    key = f"refused:{clock.now().timestamp()}"
    return IncomingMail.objects.create(key=key, fate=Fate.REFUSED, why=why[:200], received_at=clock.now())


@transaction.atomic
def _take(mail: Mail) -> IncomingMail:
    verdict = _judge(mail)
    row = IncomingMail.objects.create(
        key=mail.key, fate=verdict.fate, why=verdict.why[:200], sender=mail.sender, received_at=clock.now()
    )
    if verdict.fate == Fate.FILED and verdict.ticket is not None:
        return _file(row, mail, verdict.ticket)
    return _keep_unfiled(row, mail, verdict.why) if verdict.fate == Fate.UNFILED else row


def _judge(mail: Mail) -> Verdict:
    if mail.machine:
        return Verdict(Fate.AUTOMATIC, mail.machine)
    if mail.is_looping:
        return Verdict(Fate.LOOP, "It was passed on too often.")
    if mail.sender in _our_own():
        return Verdict(Fate.LOOP, "It came from the portal’s own address.")
    ticket = tokens.ticket_of_subject(mail.subject)
    if ticket is None:
        return Verdict(Fate.UNFILED, "No ticket number with its code stands in the subject, or the code is too old.")
    if not mail.sender or mail.sender != ticket.address.lower():
        return Verdict(Fate.UNFILED, f"The code belongs to {ticket.reference}, but the sender did not report it.")
    if ticket.is_suspected_spam or not emails.is_still_theirs(ticket):
        return Verdict(Fate.UNFILED, f"The sender may no longer write on {ticket.reference}.")
    return Verdict(Fate.FILED, ticket=ticket)


def _our_own() -> set[str]:
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    return {settings.SUPPORT_ADDRESS.lower(), settings.IT_ADDRESS.lower(), sender.strip().lower()}


def _file(row: IncomingMail, mail: Mail, ticket: Ticket) -> IncomingMail:
    """Adds the e-mail to the ticket. Where a rule of the ticket forbids it, such as the limit on posts, it stays unfiled."""
    try:
        with transaction.atomic():
            kept, refused = _inspected(mail)
            text = "\n\n".join(filter(None, [mail.text, *refused])) or ("Sent without words." if kept else "")
            actions.reply_by_mail(ticket, text=text[: writing.TEXT_LIMIT], files=kept)
    except RuleBroken as broken:
        row.fate, row.why = Fate.UNFILED, broken.words[:200]
        return _keep_unfiled(row, mail, broken.words)
    row.ticket, row.subject = ticket, tokens.without_secret(mail.subject)
    row.save()
    return row


def _inspected(mail: Mail) -> tuple[list[Kept], list[str]]:
    """Returns the accepted files, and for each other file a line with its name and the reason."""
    kept: list[Kept] = []
    refused = [f"(Not kept: {name}. A mail may bring 20 files.)" for name in mail.left_out]
    for sent in mail.files:
        try:
            with transaction.atomic():
                kept.append(files.store_accepted(sent.name, sent.content))
        except RuleBroken as broken:
            refused.append(f"(Not kept: {broken.words})")
    return kept, refused


def _keep_unfiled(row: IncomingMail, mail: Mail, why: str) -> IncomingMail:
    """Stores only the text and the names of files: files from strangers are not stored."""
    row.why, row.subject, row.text = why[:200], tokens.without_secret(mail.subject), mail.text
    row.attachments = "\n".join([*(sent.name for sent in mail.files), *mail.left_out])
    row.save()
    return row


def _counted_copy(key: str) -> IncomingMail | None:
    IncomingMail.objects.filter(key=key).update(copies=F("copies") + 1)
    return IncomingMail.objects.filter(key=key).first()


@transaction.atomic
def add_to_ticket(mail_id: int, *, reference: str, by: Actor) -> IncomingMail:
    """Adds an unfiled e-mail to a ticket, as a note that only the desk reads."""
    row = _unfiled(mail_id, by)
    ticket = Ticket.objects.genuine().numbered(reference).first()
    if ticket is None:
        wrong = "There is no report with this number. A number looks like SR-000123 or IT-000123."
        raise RuleBroken(wrong, field="reference")
    text = f"E-mail from {row.sender or 'an unknown sender'}, “{row.subject}”:\n\n{row.text}"
    actions.answer(ticket.pk, text=text[: writing.TEXT_LIMIT], by=by, is_internal=True)
    row.ticket, row.fate = ticket, Fate.SETTLED
    row.save()
    return row


def open_unfiled(*, by: Actor) -> QuerySet[IncomingMail]:
    """Returns unfiled e-mail, newest first. It is personal data, so the opening is recorded."""
    by.require(Permission.SEE_ALL_SUPPORT)
    trail.record(by, "list of unfiled mails opened", IncomingMail)
    return IncomingMail.objects.filter(fate=Fate.UNFILED).order_by("-received_at", "-id")


@transaction.atomic
def settle(mail_id: int, *, by: Actor) -> IncomingMail:
    """Marks an unfiled e-mail as dealt with."""
    row = _unfiled(mail_id, by)
    row.fate = Fate.SETTLED
    row.save()
    trail.record(by, "unfiled mail settled", row)
    return row


def _unfiled(mail_id: int, by: Actor) -> IncomingMail:
    by.require(Permission.RUN_SUPPORT)
    row = IncomingMail.objects.select_for_update(of=("self",)).get(pk=mail_id)
    if row.fate != Fate.UNFILED:
        raise RuleBroken("Somebody has looked through this mail already.")
    return row
