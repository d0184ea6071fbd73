"""Puts e-mails into the outbox, in the transaction of the event they belong to, and sends them from there.

Delivery is at least once: the Message-ID is fixed when the row is made, so a second copy can be told from a second mail.
"""

import base64
import hashlib
import logging
import smtplib
from datetime import datetime
from email.header import Header
from email.utils import make_msgid

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.audit import trail
from portal.lib import claims, clock
from portal.mail.models import OutgoingMail

log = logging.getLogger(__name__)


def post(
    *,
    to: str,
    subject: str,
    body: str,
    kind: str,
    user_id: int | None = None,
    landlord_id: int | None = None,
    is_secret: bool = False,
    once: str = "",
    from_address: str = "",
    tag: str = "",
) -> OutgoingMail | None:
    """Queues a mail. With `once`, a mail with the same key is queued only the first time, and None is returned later."""
    message_id = f"<{once}@{_domain()}>" if once else make_msgid(domain=_domain())
    if once and OutgoingMail.objects.filter(message_id=message_id).exists():
        return None
    return OutgoingMail.objects.create(
        to_address=to,
        subject=" ".join(subject.split())[:200],
        from_address=from_address,
        sealed_tag=_sealed(tag) if tag else "",
        body=_sealed(body) if is_secret else body,
        kind=kind,
        is_secret=is_secret,
        user_id=user_id,
        landlord_id=landlord_id,
        message_id=message_id,
        claim_due_at=clock.now(),
    )


def open_log(*, by: Actor) -> QuerySet[OutgoingMail]:
    """The log of e-mails, newest first: people's addresses, so that the opening is recorded."""
    by.require(Permission.SEE_MAIL)
    trail.record(by, "e-mail log opened", OutgoingMail)
    return OutgoingMail.objects.order_by("-id")


def send_one(now: datetime) -> bool:
    """Claims and sends the next due mail. False when there is none."""
    row = claims.claim(OutgoingMail.objects.all(), now=now)
    if row is None:
        return False
    try:
        body = _opened(row.body) if row.is_secret else row.body
        tag = _opened(row.sealed_tag) if row.sealed_tag else ""
    except InvalidToken:
        claims.give_up(row, "The mail was sealed with another secret key and cannot be opened.", body="", sealed_tag="")
        return True
    wiped = {"body": ""} if row.is_secret else {}
    try:
        _deliver(row, body, tag)
    except ValueError as error:  # a UnicodeError, too: the same words would fail every time
        log.warning("mail %s cannot be made: %r", row.pk, error)
        claims.give_up(row, "No mail can be made for this address. It is not written as one.", sealed_tag="", **wiped)
    except (smtplib.SMTPException, OSError) as error:
        _not_sent(row, error, now)
    else:
        claims.finish(row, sent_at=clock.now(), sealed_tag="", **wiped)
    return True


def _not_sent(row: OutgoingMail, error: smtplib.SMTPException | OSError, now: datetime) -> None:
    """The log keeps what the server said; the row says it in words that the portal team can pass on (C28)."""
    log.warning("mail %s not sent: %r", row.pk, error)
    code = _refusal(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused) and code >= 500:
        claims.give_up(row, f"The receiving mail server refused the address ({code}). It may be wrong or closed.")
    else:
        claims.try_again(row, _in_words(error, code), now=now)


def _refusal(error: smtplib.SMTPException | OSError) -> int:
    """The mail server's answer as a number; 0 when there was none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min((code for code, _ in error.recipients.values()), default=0)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def _in_words(error: smtplib.SMTPException | OSError, code: int) -> str:
    if code:
        return f"The mail server did not take the e-mail ({code})."
    if isinstance(error, TimeoutError):
        return "The mail server did not answer in time."
    return "The mail server could not be reached."


def _deliver(row: OutgoingMail, body: str, tag: str) -> None:
    message = EmailMessage(
        subject=_in_short_words(f"{tag} {row.subject}" if tag else row.subject),
        body=body,
        from_email=row.from_address or None,
        to=[row.to_address],
        headers={"Message-ID": row.message_id, "Auto-Submitted": "auto-generated", "X-Portal-Kind": row.kind},
        connection=get_connection(),
    )
    message.send()


def _in_short_words(subject: str) -> str:
    """A subject with letters beyond ASCII is encoded in short pieces, so that the first stands beside “Subject:”.

    Left to itself, one long piece is folded onto the next line, and some readers then show a subject with a gap.
    """
    return subject if subject.isascii() else Header(subject, "utf-8", maxlinelen=60).encode(linesep="")


def _domain() -> str:
    return settings.PORTAL_URL.split("//")[-1].split(":")[0]


def _sealer() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"mail:" + settings.SECRET_KEY.encode()).digest()))


def _sealed(body: str) -> str:
    return _sealer().encrypt(body.encode()).decode()


def _opened(body: str) -> str:
    return _sealer().decrypt(body.encode()).decode()
