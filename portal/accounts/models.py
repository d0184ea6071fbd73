"""A person who can sign in. What they may do comes from their place at a landlord or in a team, never from here."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from portal.accounts.querysets import SessionQuerySet
from portal.lib import clock, pasted
from portal.lib.sort_keys import SortKey


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, name: str, password: str | None = None) -> "User":
        """A new person; with no password they must ask for a link before they can sign in (S12)."""
        user = self.model(email=pasted.address(email), name=name.strip())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def with_address(self, address: str) -> models.QuerySet["User"]:
        """The user with this address, in any case, found by the index that keeps addresses unique."""
        return self.alias(lowered=Lower("email")).filter(lowered=Lower(models.Value(pasted.address(address))))

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Identity hangs on the id, never on the address, which can change (D10)."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    name_sort_key = SortKey("name")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    deactivated_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_for_each_address")]

    def __str__(self) -> str:
        return self.name

    @property
    def name_now(self) -> str:
        """The name for places where the person has work to do: it says if they are no longer active."""
        return self.name if self.is_active else f"{self.name} (no longer active)"

    def get_full_name(self) -> str:
        return self.name


class Session(models.Model):
    """One browser's session. The key is in the browser's cookie only; here stands its digest. The data is sealed."""

    key_digest = models.CharField(max_length=64, unique=True)
    data = models.TextField()
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    started_at = models.DateTimeField()
    last_active_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    locked_at = models.DateTimeField(null=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "locked_at"], name="sessions_of_user")]

    def __str__(self) -> str:
        return f"session {self.pk}"

    def was_idle(self, now: datetime) -> bool:
        return now - self.last_active_at >= settings.SESSION_IDLE

    def ends_at(self) -> datetime:
        """When it times out if nobody does anything until then."""
        return min(self.last_active_at + settings.SESSION_IDLE, self.ends_for_good_at())

    def ends_for_good_at(self) -> datetime:
        return self.started_at + settings.SESSION_IN_ALL

    def is_timed_out(self, now: datetime) -> bool:
        return self.user_id is not None and (self.was_idle(now) or now - self.started_at >= settings.SESSION_IN_ALL)

    def is_forgotten(self, now: datetime) -> bool:
        """Nobody ever signed in with it, and whoever began to has long gone."""
        return self.user_id is None and now - self.started_at >= settings.SESSION_ANONYMOUS

    def was_locked_idle(self) -> bool:
        """Locked because nothing was done, rather than for its age."""
        return self.locked_at is not None and self.was_idle(self.locked_at)

    def lock(self, now: datetime) -> None:
        if self.locked_at is None:
            self.locked_at = now
            self.save(update_fields=["locked_at"])


class KnownBrowser(models.Model):
    """A browser that has passed this person's second factor. It only has a counter of its own (rate_limits.py)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_digest = models.CharField(max_length=64)
    known_since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_digest", "user"], name="browser_known_once")]

    def __str__(self) -> str:
        return f"browser {self.pk}"


class AttemptCount(models.Model):
    """How often something was tried without success (rate_limits.py). `subject` is a digest of a typed address or an IP."""

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=64)
    browser = models.CharField(max_length=64, blank=True)  # "" stands for all browsers that are not known
    tries = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    pauses = models.PositiveSmallIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject", "browser"], name="one_count_for_each")]
        indexes = [models.Index(fields=["since"], name="counts_by_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.tries}"


class PasswordLink(models.Model):
    """A link that lets one person make a password, once, for an hour (S12, S13). The token is in the mail only."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)  # used, or overtaken by a new password or a deactivation

    class Meta:
        indexes = [models.Index(fields=["user", "ended_at"], name="links_of_user")]

    def __str__(self) -> str:
        return f"password link {self.pk}"


class IdempotencyKey(models.Model):
    """A form that was sent (idempotency.py), by the digest of its key, and the record that the action made of it."""

    digest = models.CharField(max_length=64, unique=True)
    record = models.CharField(max_length=60, blank=True)
    record_id = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["sent_at"], name="idempotency_keys_by_age")]

    def __str__(self) -> str:
        return f"idempotency key {self.pk}"
