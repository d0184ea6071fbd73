"""The landlords in the scheme and the people who act for them."""

from django.db import models

from portal.access.roles import Role
from portal.accounts.models import User
from portal.lib import clock
from portal.lib.sort_keys import SortKey
from portal.lib.version_tokens import token

SUB_ACCOUNT_LIMIT = 3  # of a new landlord (D4); the portal team may set another


class LandlordState(models.TextChoices):
    INVITED = "invited", "Invited"
    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"


class Landlord(models.Model):
    """An organisation that the service oversees."""

    name = models.CharField(max_length=200, unique=True)
    name_sort_key = SortKey("name")
    kind = models.CharField(max_length=60, default="Housing association")
    homes = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=LandlordState, default=LandlordState.INVITED)
    sub_account_limit = models.PositiveSmallIntegerField(default=SUB_ACCOUNT_LIMIT)  # active ones (D4)
    invited_at = models.DateTimeField(default=clock.now)
    activated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["name_sort_key", "id"], name="landlord_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def version_token(self) -> str:
        """Changes with what the portal team may change of it."""
        return token(self.pk, self.sub_account_limit)


class Membership(models.Model):
    """A person's place at one landlord. There is exactly one administrator; the others are sub accounts."""

    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="memberships")
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(
        max_length=20, choices=[(r.value, r.value.capitalize()) for r in (Role.ADMINISTRATOR, Role.SUB_ACCOUNT)]
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord"],
                condition=models.Q(role=Role.ADMINISTRATOR.value),
                name="one_administrator_for_each_landlord",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.landlord}"

    @property
    def version_token(self) -> str:
        """Changes with the account that the person holds and its address."""
        return token(self.pk, self.role, self.user.email)
