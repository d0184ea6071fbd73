"""Puts e-mails into the outbox, in the transaction of the event they belong to, and sends them from there.

Delivery is at least once: the Message-ID is fixed when the row is made, so a second copy can be told from a second mail.
"""

import logging
import smtplib
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.audit import trail
from portal.lib import claims, clock
from portal.lib.secrets_at_rest import seal, unseal
from portal.mail.models import OutgoingMail

_LABEL = "mail"
TOGETHER = 20  # mails of one connection
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A mail that is to be queued. With `once`, a mail with the same key is queued only the first time."""

    to: str
    subject: str
    body: str
    kind: str
    user_id: int | None = None
    landlord_id: int | None = None
    is_secret: bool = False
    once: str = ""
    from_address: str = ""
    tag: str = ""
    at: datetime = field(default_factory=clock.now)


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
    """Queues a mail. None when it was to be queued only once and has been."""
    draft = Draft(
        to=to,
        subject=subject,
        body=body,
        kind=kind,
        user_id=user_id,
        landlord_id=landlord_id,
        is_secret=is_secret,
        once=once,
        from_address=from_address,
        tag=tag,
    )
    return post_many([draft])[0]


def post_many(drafts: Sequence[Draft]) -> list[OutgoingMail | None]:
    """Queues mails. In the place of one that was to be queued only once and has been stands None."""
    rows = [_row(draft) for draft in drafts]
    unique = [row.message_id for row, draft in zip(rows, drafts, strict=True) if draft.once]
    known: set[str] = set()
    if unique:
        known.update(OutgoingMail.objects.filter(message_id__in=unique).values_list("message_id", flat=True))
    OutgoingMail.objects.bulk_create([row for row in rows if row.message_id not in known])
    return [None if row.message_id in known else row for row in rows]


def _row(draft: Draft) -> OutgoingMail:
    return OutgoingMail(
        to_address=draft.to,
        subject=" ".join(draft.subject.split())[:200],
        from_address=draft.from_address,
        sealed_tag=seal(_LABEL, draft.tag) if draft.tag else "",
        body=seal(_LABEL, draft.body) if draft.is_secret else draft.body,
        kind=draft.kind,
        is_secret=draft.is_secret,
        user_id=draft.user_id,
        landlord_id=draft.landlord_id,
        message_id=f"<{draft.once}@{_domain()}>" if draft.once else make_msgid(domain=_domain()),
        created_at=draft.at,
        claim_due_at=draft.at,
    )


def open_log(*, by: Actor) -> QuerySet[OutgoingMail]:
    """The log of e-mails, newest first: people's addresses, so that the opening is recorded."""
    by.require(Permission.SEE_MAIL)
    trail.record(by, "e-mail log opened", OutgoingMail)
    return OutgoingMail.objects.order_by("-id")


def send_one(now: datetime) -> bool:
    """Claims and sends the next due mail. False when there is none."""
    return send_many(now, limit=1)


def send_many(now: datetime, *, limit: int = TOGETHER) -> bool:
    """Claims the next due mails and sends them over one connection, each marked as sent before the next is begun. False
    when there are none. Those for which a slow mail server leaves no time under the lease wait again."""
    rows = claims.claim_many(OutgoingMail.objects.all(), now=now, limit=limit)
    connection, begun = get_connection(), time.monotonic()
    for row in rows:
        if time.monotonic() - begun > settings.CLAIM_LEASE.total_seconds() / 2:
            claims.put_off(row, now)
        else:
            _send(row, connection, now)
    _close(connection)
    return bool(rows)


def _send(row: OutgoingMail, connection: BaseEmailBackend, now: datetime) -> None:
    body, tag = body_of(row), tag_of(row)
    if body is None or tag is None:
        claims.give_up(row, "The mail was sealed with another secret key and cannot be opened.", body="", sealed_tag="")
        return
    wiped = {"body": ""} if row.is_secret else {}
    try:
        _deliver(row, body, tag, connection)
    except ValueError as error:  # a UnicodeError, too: the same words would fail every time
        log.warning("mail %s cannot be made: %r", row.pk, error)
        claims.give_up(row, "No mail can be made for this address. It is not written as one.", sealed_tag="", **wiped)
    except (smtplib.SMTPException, OSError) as error:
        _close(connection)
        _not_sent(row, error, now)
    else:
        claims.finish(row, sent_at=clock.now(), sealed_tag="", **wiped)


def body_of(row: OutgoingMail) -> str | None:
    """The body as it was written. None when it was sealed with a key that is gone."""
    return unseal(_LABEL, row.body) if row.is_secret else row.body


def tag_of(row: OutgoingMail) -> str | None:
    """What stands before the subject; "" for most. None when it was sealed with a key that is gone."""
    return unseal(_LABEL, row.sealed_tag) if row.sealed_tag else ""


def _close(connection: BaseEmailBackend) -> None:
    """The next mail opens it anew. Everything that was accepted is marked already, so a failure here changes nothing."""
    with suppress(smtplib.SMTPException, OSError):
        connection.close()


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


def _deliver(row: OutgoingMail, body: str, tag: str, connection: BaseEmailBackend) -> None:
    message = EmailMessage(
        subject=_in_short_words(f"{tag} {row.subject}" if tag else row.subject),
        body=body,
        from_email=row.from_address or None,
        to=[row.to_address],
        headers={"Message-ID": row.message_id, "Auto-Submitted": "auto-generated", "X-Portal-Kind": row.kind},
        connection=connection,
    )
    connection.open()  # by us, so that sending leaves it open for the next
    message.send()


def _in_short_words(subject: str) -> str:
    """A subject with letters beyond ASCII is encoded in short pieces, so that the first stands beside “Subject:”.

    Left to itself, one long piece is folded onto the next line, and some readers then show a subject with a gap.
    """
    return subject if subject.isascii() else Header(subject, "utf-8", maxlinelen=60).encode(linesep="")


def _domain() -> str:
    return settings.PORTAL_URL.split("//")[-1].split(":")[0]
