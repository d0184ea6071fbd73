"""The secrets that mails about a ticket carry: one files a reply, one opens the page of somebody who cannot sign in.

Random, kept as digests only, and dead half a year after their mail: an old mail that leaks opens nothing.
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
    """A new secret of 160 bits, in letters that survive every mail program."""
    secret = base64.b32encode(secrets.token_bytes(20)).decode().lower()
    Token.objects.create(ticket=ticket, purpose=purpose, digest=_digest(secret), made_at=clock.now())
    return secret


def tag(ticket: Ticket) -> str:
    """What stands before the subject of a mail, and comes back with the reply."""
    return f"[Ticket {ticket.reference}/{mint(ticket, Purpose.REPLY)}]"


def ticket_of_subject(subject: str) -> Ticket | None:
    """The ticket whose number and secret both stand in the subject. The number before the referral is good, too."""
    found = _TAG.search(subject)
    if found is None:
        return None
    return _holder(found[2].lower(), Purpose.REPLY, ticket_id=int(found[1]))


def ticket_of_page(secret: str) -> Ticket:
    """The ticket that a link from a mail opens. Raises Ticket.DoesNotExist."""
    ticket = _holder(secret, Purpose.PAGE)
    if ticket is None:
        raise Ticket.DoesNotExist
    return ticket


def without_secret(subject: str) -> str:
    """The subject as it may be shown (H33)."""
    return " ".join(_TAG.sub("", subject).split())


def _holder(secret: str, purpose: Purpose, **narrowed: int) -> Ticket | None:
    living = Token.objects.filter(purpose=purpose, made_at__gt=clock.now() - LIFE, **narrowed)
    token = living.select_related("ticket__reporter").filter(digest=_digest(secret)).first()
    return token.ticket if token else None


def _digest(secret: str) -> str:
    return hashlib.sha256(b"ticket:" + secret.encode()).hexdigest()
