"""The words of a determination: findings, kinds of orders, states, grounds and outcomes of a review. No database."""

from django.db.models import TextChoices


class FindingKind(TextChoices):
    """What the service finds on one defined complaint."""

    SEVERE_MALADMINISTRATION = "severe-maladministration", "Severe maladministration"
    MALADMINISTRATION = "maladministration", "Maladministration"
    SERVICE_FAILURE = "service-failure", "Service failure"
    REASONABLE_REDRESS = "reasonable-redress", "Reasonable redress"
    RESOLVED_WITH_INTERVENTION = "resolved-with-intervention", "Resolved with intervention"
    NO_MALADMINISTRATION = "no-maladministration", "No maladministration"
    OUTSIDE_JURISDICTION = "outside-jurisdiction", "Outside jurisdiction"
    WITHDRAWN = "withdrawn", "Withdrawn"


class RemedyKind(TextChoices):
    """What an order or a recommendation is about."""

    APOLOGY = "apology", "Apology"
    COMPENSATION = "compensation", "Compensation"
    REPAIRS = "repairs", "Repairs"
    INSPECTION = "inspection", "Inspection"
    POLICY_REVIEW = "policy-review", "Policy review"
    TRAINING = "training", "Training"
    CASE_REVIEW = "case-review", "Case review"
    OTHER = "other", "Other"


class DeterminationState(TextChoices):
    DRAFT = "draft", "Draft"
    ISSUED = "issued", "In force"
    SUPERSEDED = "superseded", "Superseded"


class OrderState(TextChoices):
    OWED = "owed", "To do"
    CONFIRMED = "confirmed", "Confirmed, being checked"
    ACCEPTED = "accepted", "Complied with"


class Feedback(TextChoices):
    """What the landlord says to a recommendation, which does not bind it."""

    ACCEPTED = "accepted", "Accepted"
    NOT_ACCEPTED = "not-accepted", "Not accepted"


class Asker(TextChoices):
    LANDLORD = "landlord", "the landlord"
    RESIDENT = "resident", "the resident"


class ReviewState(TextChoices):
    LATE = "late", "Asked for late, to be decided"
    OPEN = "open", "Being reviewed"
    NOT_TAKEN = "not-taken", "Asked for late, not taken on"
    DECIDED = "decided", "Decided"


PENDING = (ReviewState.LATE, ReviewState.OPEN)  # a request that nobody has decided on yet


class Outcome(TextChoices):
    UPHELD = "upheld", "The determination stands as it was"
    CHANGED = "changed", "The determination was changed"
    REJECTED = "rejected", "The request was rejected"


class SentHow(TextChoices):
    POST = "post", "Post"
    EMAIL = "email", "E-mail"
    BY_HAND = "by-hand", "By hand"
    OTHER = "other", "Another way that the resident asked for"
