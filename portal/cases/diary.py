"""What can happen on a case, and who may read of it. diary_writer.py writes it.

An entry from before the case was released is never shown to the landlord, whatever its kind; what still stands of it is
told anew at the release. Who is told, and in which words, stands in notifications/rules.py.
"""

from enum import StrEnum


class Happened(StrEnum):
    CASE_CREATED = "case created"
    CASE_RELEASED = "case released"
    STATUS_CHANGED = "status changed"
    TEAM_CHANGED = "team changed"
    OWNER_CHANGED = "owner changed"
    COLLEAGUE_CHANGED = "colleague changed"
    TASK_SET = "task set"
    TASK_COMPLETED = "task completed"
    TASK_UNABLE = "task reported unable to complete"
    TASK_ANSWERED = "task unable answered"
    TASK_DEADLINE_CHANGED = "task deadline changed"
    TASK_CHANGED = "task changed"
    TASK_CANCELLED = "task cancelled"
    TASK_ACCEPTED = "task accepted"
    TASK_RETURNED = "task returned"
    TASK_ASSIGNED = "task assigned"
    TASK_DUE_SOON = "task due soon"
    TASK_OVERDUE = "task overdue"
    DOCUMENTS_UPLOADED = "documents uploaded"
    DOCUMENT_WITHDRAWN = "document withdrawn"
    DOCUMENT_REPLACED = "document replaced"
    DOCUMENT_RECATEGORISED = "document recategorised"
    DOCUMENT_SHARED = "document shared"
    DOCUMENT_KEPT = "document kept for the service"
    MESSAGE_FROM_SERVICE = "message from service"
    MESSAGE_FROM_LANDLORD = "message from landlord"
    DETERMINATION_ISSUED = "determination issued"
    RESIDENT_LETTER_SENT = "determination sent to the resident"
    ORDER_CONFIRMED = "order confirmed"
    ORDER_ACCEPTED = "order accepted"
    ORDER_RETURNED = "order returned"
    ORDER_DATE_CHANGED = "order due date changed"
    RECOMMENDATION_ANSWERED = "recommendation answered"
    REVIEW_ASKED = "review asked for"
    REVIEW_ASKED_LATE = "review asked for late"
    LATE_REVIEW_DECIDED = "late review request decided"
    REVIEW_DECIDED = "review decided"


class Readers(StrEnum):
    BOTH = "landlord and staff"
    STAFF = "staff only"
    LANDLORD = "landlord only"


READERS: dict[Happened, Readers] = {
    Happened.CASE_CREATED: Readers.STAFF,
    Happened.CASE_RELEASED: Readers.BOTH,
    Happened.STATUS_CHANGED: Readers.BOTH,
    Happened.TEAM_CHANGED: Readers.STAFF,
    Happened.OWNER_CHANGED: Readers.STAFF,
    Happened.COLLEAGUE_CHANGED: Readers.LANDLORD,
    Happened.TASK_SET: Readers.BOTH,
    Happened.TASK_COMPLETED: Readers.BOTH,
    Happened.TASK_UNABLE: Readers.BOTH,
    Happened.TASK_ANSWERED: Readers.BOTH,
    Happened.TASK_DEADLINE_CHANGED: Readers.BOTH,
    Happened.TASK_CHANGED: Readers.BOTH,
    Happened.TASK_CANCELLED: Readers.BOTH,
    Happened.TASK_ACCEPTED: Readers.BOTH,
    Happened.TASK_RETURNED: Readers.BOTH,
    Happened.TASK_ASSIGNED: Readers.LANDLORD,
    Happened.TASK_DUE_SOON: Readers.BOTH,
    Happened.TASK_OVERDUE: Readers.BOTH,
    Happened.DOCUMENTS_UPLOADED: Readers.BOTH,
    Happened.DOCUMENT_WITHDRAWN: Readers.BOTH,
    Happened.DOCUMENT_REPLACED: Readers.BOTH,
    Happened.DOCUMENT_RECATEGORISED: Readers.BOTH,
    Happened.DOCUMENT_SHARED: Readers.BOTH,
    Happened.DOCUMENT_KEPT: Readers.STAFF,
    Happened.MESSAGE_FROM_SERVICE: Readers.BOTH,
    Happened.MESSAGE_FROM_LANDLORD: Readers.BOTH,
    Happened.DETERMINATION_ISSUED: Readers.BOTH,
    Happened.RESIDENT_LETTER_SENT: Readers.STAFF,
    Happened.ORDER_CONFIRMED: Readers.BOTH,
    Happened.ORDER_ACCEPTED: Readers.BOTH,
    Happened.ORDER_RETURNED: Readers.BOTH,
    Happened.ORDER_DATE_CHANGED: Readers.BOTH,
    Happened.RECOMMENDATION_ANSWERED: Readers.BOTH,
    Happened.REVIEW_ASKED: Readers.BOTH,
    Happened.REVIEW_ASKED_LATE: Readers.BOTH,
    Happened.LATE_REVIEW_DECIDED: Readers.BOTH,
    Happened.REVIEW_DECIDED: Readers.BOTH,
}


# What the release tells the landlord anew: by each kind the detail that names the thing. A task is told of as it stands.
TOLD_AT_RELEASE: dict[Happened, str] = {
    Happened.TASK_SET: "task",
    Happened.DOCUMENT_SHARED: "document",
    Happened.MESSAGE_FROM_SERVICE: "message",
}
