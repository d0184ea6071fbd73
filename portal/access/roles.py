"""Who may do what: each role in plain words, and the permissions it carries. The one place for it."""

from dataclasses import dataclass
from enum import StrEnum

from portal.access.permissions import Permission as P


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    SUB_ACCOUNT = "sub account"
    ENQUIRY_OFFICER = "enquiry officer"
    CASEWORKER = "caseworker"
    TEAM_MANAGER = "team manager"
    PORTAL_TEAM = "portal team"
    AUDITOR = "auditor"
    IT_SUPPORT = "it support"


@dataclass(frozen=True)
class RoleWords:
    """A role as people read it, and what it allows."""

    name: str
    words: str
    permissions: frozenset[P]


_LANDLORD = frozenset({P.LANDLORD_SEE_CASES, P.LANDLORD_WORK_CASES, P.LANDLORD_WRITE_MESSAGES})
_CASEWORK = frozenset(
    {
        P.SEE_CASES,
        P.CREATE_CASES,
        P.MOVE_CASES,
        P.SET_TASKS,
        P.DETERMINE,
        P.DECIDE_REVIEWS,
        P.WRITE_MESSAGES,
        P.SEE_LANDLORDS,
    }
)

ROLES: dict[Role, RoleWords] = {
    Role.ADMINISTRATOR: RoleWords(
        "Administrator",
        "The landlord’s main account: works on all of its cases and manages its users.",
        _LANDLORD | {P.LANDLORD_MANAGE_PEOPLE},
    ),
    Role.SUB_ACCOUNT: RoleWords("Sub account", "Works on all of the landlord’s cases.", _LANDLORD),
    Role.ENQUIRY_OFFICER: RoleWords("Enquiry officer", "Takes first enquiries and works with both sides.", _CASEWORK),
    Role.CASEWORKER: RoleWords(
        "Caseworker", "Adjudicator or investigator: runs cases from task to outcome.", _CASEWORK
    ),
    Role.TEAM_MANAGER: RoleWords(
        "Team manager",
        "Runs a team: everything a caseworker does, for anyone’s cases. Decides on restrictions with the portal team.",
        _CASEWORK | {P.SEE_RESTRICTIONS, P.RESTRICT_PEOPLE},
    ),
    Role.PORTAL_TEAM: RoleWords(
        "Portal team",
        "Invites landlords and helps them; looks after everybody’s accounts.",
        frozenset(
            {
                P.SEE_LANDLORDS,
                P.INVITE_LANDLORDS,
                P.MANAGE_SERVICE_PEOPLE,
                P.SEE_MAIL,
                P.SEE_SUPPORT,
                P.SEE_ALL_SUPPORT,
                P.WRITE_SUPPORT,
                P.RUN_SUPPORT,
                P.SEE_RESTRICTIONS,
                P.RESTRICT_PEOPLE,
                P.EDIT_CONTENT,
            }
        ),
    ),
    Role.AUDITOR: RoleWords(
        "Auditor",
        "Reads everything and changes nothing.",
        frozenset(
            {
                P.SEE_CASES,
                P.SEE_LANDLORDS,
                P.SEE_MAIL,
                P.READ_AUDIT,
                P.SEE_SUPPORT,
                P.SEE_ALL_SUPPORT,
                P.SEE_RESTRICTIONS,
            }
        ),
    ),
    Role.IT_SUPPORT: RoleWords(
        "IT support",
        "Works on the faults that the portal team refers to it, and sees nothing else.",
        frozenset({P.SEE_SUPPORT, P.WRITE_SUPPORT}),
    ),
}

LANDLORD_ROLES = (Role.ADMINISTRATOR, Role.SUB_ACCOUNT)
SERVICE_ROLES = tuple(role for role in Role if role not in LANDLORD_ROLES)


def permissions_of(role: str) -> frozenset[P]:
    return ROLES[Role(role)].permissions
