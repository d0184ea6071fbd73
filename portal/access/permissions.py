"""Everything that somebody may or may not do in the portal: the one list. Which role may do what stands in roles.py."""

from enum import StrEnum


class Permission(StrEnum):
    """What a role may allow. Landlord permissions reach only the landlord's own released cases."""

    # a landlord's people
    LANDLORD_SEE_CASES = "see the landlord's cases"
    LANDLORD_WORK_CASES = "complete tasks and upload documents for the landlord"
    LANDLORD_WRITE_MESSAGES = "send messages for the landlord"
    LANDLORD_MANAGE_PEOPLE = "create and manage the landlord's other users"

    # the service's people
    SEE_CASES = "see every case"
    CREATE_CASES = "create a case and release it to the landlord"
    MOVE_CASES = "change a case's status, team and owner"
    SET_TASKS = "set tasks and check what was completed"
    DETERMINE = (
        "draft a determination, issue it as one of the team of its case's status or as a team manager, check compliance "
        "with its orders, and record a request for a review"
    )
    DECIDE_REVIEWS = "decide on requests for a review, as one of DR2 Review or as a team manager"
    WRITE_MESSAGES = "write to the landlord"
    SEE_LANDLORDS = "see the register of landlords"
    INVITE_LANDLORDS = "invite landlords and look after their accounts"
    MANAGE_SERVICE_PEOPLE = "create and look after the accounts of the service's own people"
    SEE_MAIL = "see whether e-mails were delivered"
    SEE_SUPPORT = "see fault reports, at least those that were referred to IT"
    SEE_ALL_SUPPORT = "see every fault report and question, suspected spam and mail that belongs to none"
    WRITE_SUPPORT = "answer the fault reports that they see, and resolve them"
    RUN_SUPPORT = "refer fault reports to IT, reopen them, look through spam and mail, and write service notices"
    SEE_RESTRICTIONS = "see whose access to the portal is restricted, and why"
    RESTRICT_PEOPLE = "restrict a person's access to the portal, or approve that a colleague does"
    EDIT_CONTENT = "change the portal's words, the categories of documents and the days on which the service is closed"
    READ_AUDIT = "read the audit trail"
