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
    except smtplib.SMTPRecipientsRefused as error:
        _refused(row, error, now)
    except ValueError as error:  # a UnicodeError, too: the same words would fail every time
        claims.give_up(row, f"No mail can be made for this address: {error}", sealed_tag="", **wiped)
    except (smtplib.SMTPException, OSError) as error:
        log.warning("mail %s not sent: %s", row.pk, type(error).__name__)
        claims.try_again(row, f"{type(error).__name__}: {error}", now=now)
    else:
        claims.finish(row, sent_at=clock.now(), sealed_tag="", **wiped)
    return True


def _refused(row: OutgoingMail, error: smtplib.SMTPRecipientsRefused, now: datetime) -> None:
    codes = [code for code, _ in error.recipients.values()]
    if codes and all(code >= 500 for code in codes):
        claims.give_up(row, f"The receiving mail server refused the address: {error.recipients}")
    else:
        claims.try_again(row, f"{error.recipients}", now=now)


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
