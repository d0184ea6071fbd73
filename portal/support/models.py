"""Support tickets with their posts and files, mail that came in, and notices to everybody (C27, D15, B28).

A ticket is a fault report or a question to the portal team: one mechanism for both.
"""

from datetime import datetime

from django.db import models

from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.landlords.models import Landlord
from portal.lib import clock
from portal.lib.version_tokens import token
from portal.support.querysets import TicketQuerySet
from portal.support.states import State


class TicketKind(models.TextChoices):
    FAULT = "fault", "Fault"
    QUESTION = "question", "Question"


class Affected(models.TextChoices):
    """Which account has the fault (S95)."""

    MAIN = "main", "The main account"
    SUB = "sub", "One or more sub accounts"
    BOTH = "both", "Both"


class Side(models.TextChoices):
    REPORTER = "reporter", "Reporter"
    PORTAL_TEAM = "portal-team", "Portal team"
    IT = "it", "IT support"


class Ticket(models.Model):
    """`reporter` and `landlord` are empty for somebody who could not sign in: the address alone proves nothing."""

    kind = models.CharField(max_length=10, choices=TicketKind)
    state = models.CharField(max_length=20, choices=State, default=State.NEW)
    reporter = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254)
    affected = models.CharField(max_length=5, choices=Affected, blank=True)
    affected_addresses = models.TextField(blank=True)  # one to a line
    browser = models.CharField(max_length=300, blank=True)
    ip = models.GenericIPAddressField(null=True)
    is_suspected_spam = models.BooleanField(default=False)
    discarded_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(default=clock.now)
    last_post_at = models.DateTimeField(default=clock.now)
    waits_for_us = models.BooleanField(default=True)  # the reporter wrote last
    referred_at = models.DateTimeField(null=True)  # from then on the number is IT's, even when reopened
    resolved_at = models.DateTimeField(null=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-last_post_at"], name="tickets_by_state"),
            models.Index(fields=["reporter", "-last_post_at"], name="tickets_of_reporter"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """SR-000123, and IT-000123 once it was referred (S96): the digits stay."""
        return f"{'IT' if self.referred_at else 'SR'}-{self.pk:06d}"

    @property
    def address(self) -> str:
        """Where the reporter is written to, and the only address from which a reply is taken (D10, D15)."""
        return self.reporter.email if self.reporter else self.email

    @property
    def reporter_name(self) -> str:
        return self.reporter.name if self.reporter else self.name or self.email


class Post(models.Model):
    """Something written on a ticket. Internal notes are not `visible`. Never edited."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="posts")
    landlord = models.ForeignKey(Landlord, null=True, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=12, choices=Side)
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=254)
    text = models.TextField()
    is_visible = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)
    ticket_state = models.CharField(max_length=20, choices=State, blank=True)  # in which it left the ticket
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["ticket", "id"], name="posts_of_ticket")]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:40]}"


class TicketFile(models.Model):
    """A screenshot, or what came with a mail. Inspected like every document."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="files")
    landlord = models.ForeignKey(Landlord, null=True, on_delete=models.PROTECT, related_name="+")
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    def __str__(self) -> str:
        return self.name


class Purpose(models.TextChoices):
    REPLY = "reply", "Files a reply by e-mail"
    PAGE = "page", "Opens the page of a report made without signing in"


class Token(models.Model):
    """A secret that was mailed to the reporter. Only its digest is kept, and each mail has new ones."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="tokens")
    purpose = models.CharField(max_length=5, choices=Purpose)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.purpose} of {self.ticket_id}"


class Fate(models.TextChoices):
    FILED = "filed", "Added to a report"
    UNFILED = "unfiled", "Belongs to no report"
    SETTLED = "settled", "Looked through"
    AUTOMATIC = "automatic", "Automatic reply, dropped"
    LOOP = "loop", "Went round in a circle, dropped"
    REFUSED = "refused", "Could not be read, refused"


class IncomingMail(models.Model):
    """A mail that came to the support address. Of what was dropped only that it came is kept."""

    key = models.CharField(max_length=64, unique=True)  # digest of its Message-ID, so that it is taken once
    fate = models.CharField(max_length=10, choices=Fate)
    why = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    attachments = models.TextField(blank=True)  # the names, one to a line: those of unfiled mail are not kept
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    copies = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["fate", "received_at"], name="incoming_by_fate")]

    def __str__(self) -> str:
        return f"{self.fate} from {self.sender}"


class NoticeKind(models.TextChoices):
    KNOWN_ISSUE = "known-issue", "Known issue"
    SERVICE_NOTICE = "service-notice", "Service notice"


class Notice(models.Model):
    """What everybody should know about the portal itself, from `starts_at` until it ends (B28)."""

    kind = models.CharField(max_length=15, choices=NoticeKind)
    text = models.CharField(max_length=500)
    starts_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    is_banner = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gte=models.F("starts_at")),
                name="notice_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def version_token(self) -> str:
        """Changes with everything that the notice says."""
        return token(self.pk, self.kind, self.text, self.starts_at, self.ends_at, self.is_banner)

    def is_current(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)
