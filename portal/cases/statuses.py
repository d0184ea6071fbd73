"""The ten statuses of a case, in the guide's words (D17). Their explanations are content."""

from django.db.models import TextChoices


class Status(TextChoices):
    INITIAL_ASSESSMENT = "initial-assessment", "Case under initial assessment"
    LANDLORD_PROCEDURE = "landlord-procedure", "Within landlord’s internal complaint procedure"
    REFERRAL_ASSESSMENT = "referral-assessment", "Referral assessment"
    EVIDENCE_GATHERING = "evidence-gathering", "Evidence gathering"
    AWAITING_INVESTIGATION = "awaiting-investigation", "Awaiting investigation"
    UNDER_INVESTIGATION = "under-investigation", "Under investigation"
    DETERMINED = "determined", "Determined"
    DETERMINED_AWAITING_ACTION = "determined-awaiting-action", "Determined – awaiting LL action"
    REVIEW = "review", "Review – case outcome"
    CLOSED = "closed", "Case closed"
