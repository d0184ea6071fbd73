"""What the landlord is asked to do on a case, by when, and every date that once stood there."""

from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents.models import Document
from portal.landlords.models import Landlord
from portal.lib import clock
from portal.lib.sort_keys import SortKey
from portal.lib.version_tokens import token
from portal.tasks.querysets import OUTSTANDING_STATES, TaskQuerySet


class TaskKind(models.TextChoices):
    RECORD_COMPLAINT = "record-complaint", "Record complaint and update"
    ESCALATE_COMPLAINT = "escalate-complaint", "Escalate complaint and update"
    FOR_INFORMATION = "for-information", "For information"
    RESPOND_TO_REQUEST = "respond-to-request", "Respond to information/evidence request"
    CONFIRM_COMPLIANCE = "confirm-compliance", "Confirm compliance"


class TaskState(models.TextChoices):
    OUTSTANDING = "outstanding", "Outstanding"
    UNABLE = "unable", "Unable to complete: we are looking at your reason"
    CHECKING = "checking", "Completed, being checked"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"


class Task(models.Model):
    """One thing to do. While Outstanding or Unable it is the landlord's; while Checking it is the caseworker's (D7)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=TaskKind)
    title = models.CharField(max_length=200)
    title_sort_key = SortKey("title")
    details = models.TextField(blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=TaskState, default=TaskState.OUTSTANDING)
    letter = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    set_by_name = models.CharField(max_length=200)
    set_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(null=True, blank=True)  # when somebody of the landlord first opened it (D3)
    colleague = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # of the landlord (D5)
    completed_on = models.DateField(null=True, blank=True)  # the date the landlord gave (S68)
    completed_at = models.DateTimeField(null=True, blank=True)  # when the landlord told us
    completed_by_name = models.CharField(max_length=200, blank=True)
    unable_reason = models.TextField(blank=True)  # the open one; earlier ones are in the diary
    unable_at = models.DateTimeField(null=True, blank=True)
    unable_by_name = models.CharField(max_length=200, blank=True)
    return_reason = models.TextField(blank=True)  # why it came back, while it is outstanding again
    ended_at = models.DateTimeField(null=True, blank=True)

    # Facts that an upper package knows and this package decides by, written only by parts.write: a task of several parts.
    parts_open = models.PositiveIntegerField(default=0)  # parts that the landlord has still to answer
    parts_unaccepted = models.PositiveIntegerField(default=0)  # parts that the service has still to accept

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["landlord", "state", "due_on", "id"], name="task_of_landlord_by_due"),
            models.Index(fields=["case", "state", "due_on"], name="task_of_case_by_due"),
            # a landlord's outstanding tasks in their own order: the nearest are read from here and nothing sorted
            models.Index(
                fields=["landlord", "due_on", "id"],
                name="outstanding_task_by_due",
                condition=Q(state__in=OUTSTANDING_STATES),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=TaskState.CHECKING) | Q(completed_on__isnull=False, completed_at__isnull=False),
                name="checked_task_was_completed",
            ),
            models.CheckConstraint(
                condition=~Q(state=TaskState.UNABLE) | ~Q(unable_reason=""), name="unable_task_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def version_token(self) -> str:
        """Changes with what a caseworker looks at before acting; not when the landlord opens the task."""
        dates = (self.due_on, self.completed_at, self.unable_at)
        return token(self.pk, self.title, self.details, self.state, self.return_reason, *dates)

    @property
    def is_outstanding(self) -> bool:
        """Whether the landlord has still to do something."""
        return self.state in {TaskState.OUTSTANDING, TaskState.UNABLE}


class DeadlineChange(models.Model):
    """A deadline that no longer stands: the old date, the new one, why and by whom (D16)."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="deadline_changes")
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT, related_name="+")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    reason = models.TextField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.old_due_on} to {self.new_due_on}"
