"""The service's four teams and its people. The labels are the guide's and fixed; the explanations are content."""

from django.db import models

from portal.access.roles import SERVICE_ROLES
from portal.accounts.models import User
from portal.lib.version_tokens import token


class Team(models.TextChoices):
    DISPUTE_SUPPORT = "dispute-support", "DR2 Dispute Support"
    TRIAGE = "triage", "DR2 Triage"
    DISPUTE_RESOLUTION = "dispute-resolution", "DR2 Dispute Resolution"
    REVIEW = "review", "DR2 Review"


class StaffMember(models.Model):
    """A person of the service. The portal team and auditors belong to none of the four teams."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=[(r.value, r.value.capitalize()) for r in SERVICE_ROLES])
    team = models.CharField(max_length=20, choices=Team, null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["team"], name="staff_of_team")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def version_token(self) -> str:
        """Changes with the role and the team."""
        return token(self.pk, self.role, self.team)
