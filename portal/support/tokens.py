"""The secrets in e-mails about a ticket: one files a reply, one opens the page of somebody who cannot sign in.

They are random, stored only as digests and valid for half a year, so that an old e-mail that leaks opens nothing.
"""

import base64
import hashlib
import re
import secrets
from datetime import timedelta

from portal.lib import clock
from portal.support.models import Purpose, Ticket, Token

LIFE = timedelta(days=180)
_TAG = re.compile(r"\[Ticket\s+(?:SR|IT)-(\d{6,12})/([a-z2-7]{32})\]", re.IGNORECASE)


def mint(ticket: Ticket, purpose: Purpose) -> str:
    """Returns a new secret of 160 bits, in characters that every mail program keeps."""
    secret = base64.b32encode(secrets.token_bytes(20)).decode().lower()
    Token.objects.create(ticket=ticket, purpose=purpose, digest=_digest(secret), made_at=clock.now())
    return secret


def tag(ticket: Ticket) -> str:
    """Returns the prefix of an e-mail's subject, which comes back with the reply."""
    return f"[Ticket {ticket.reference}/{mint(ticket, Purpose.REPLY)}]"


def ticket_of_subject(subject: str) -> Ticket | None:
    """Returns the ticket whose number and secret are both in the subject. The number from before a referral is valid, too."""
    found = _TAG.search(subject)
    if found is None:
        return None
    return _holder(found[2].lower(), Purpose.REPLY, ticket_id=int(found[1]))


def ticket_of_page(secret: str) -> Ticket:
    """Returns the ticket that a link from an e-mail opens. Raises Ticket.DoesNotExist."""
    ticket = _holder(secret, Purpose.PAGE)
    if ticket is None:
        raise Ticket.DoesNotExist
    return ticket


def without_secret(subject: str) -> str:
    """Removes the secret from a subject, so that it may be shown (H33)."""
    return " ".join(_TAG.sub("", subject).split())


def _holder(secret: str, purpose: Purpose, **narrowed: int) -> Ticket | None:
    living = Token.objects.filter(purpose=purpose, made_at__gt=clock.now() - LIFE, **narrowed)
    token = living.select_related("ticket__reporter").filter(digest=_digest(secret)).first()
    return token.ticket if token else None


def _digest(secret: str) -> str:
    return hashlib.sha256(b"ticket:" + secret.encode()).hexdigest()
