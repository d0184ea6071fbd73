"""Which role carries which permissions, and what each level of restriction takes away."""

import pytest

from portal.access.actor import Actor, landlord_actor, service_actor
from portal.access.levels import TAKES_AWAY, TO_READ, Level, left_by
from portal.access.permissions import Permission as P
from portal.access.roles import LANDLORD_ROLES, ROLES, SERVICE_ROLES, Role, permissions_of
from portal.lib.errors import NotAllowed

OF_LANDLORDS = {one for one in P if one.name.startswith("LANDLORD_")}
WRITING = {
    *(P.LANDLORD_WORK_CASES, P.LANDLORD_WRITE_MESSAGES, P.LANDLORD_MANAGE_PEOPLE),
    *(P.CREATE_CASES, P.MOVE_CASES, P.SET_TASKS, P.DETERMINE, P.DECIDE_REVIEWS, P.WRITE_MESSAGES),
    *(P.INVITE_LANDLORDS, P.MANAGE_SERVICE_PEOPLE, P.WRITE_SUPPORT, P.RUN_SUPPORT, P.RESTRICT_PEOPLE, P.EDIT_CONTENT),
}


def amina(level: Level | None = None) -> Actor:
    return landlord_actor(user_id=1, name="Amina", role=Role.ADMINISTRATOR, landlord_id=1, restriction=level)


def test_every_role_has_words_and_belongs_to_one_side() -> None:
    assert set(ROLES) == set(Role) == {*LANDLORD_ROLES, *SERVICE_ROLES}
    assert not set(LANDLORD_ROLES) & set(SERVICE_ROLES)
    assert all(role.name and role.words.endswith(".") for role in ROLES.values())


@pytest.mark.parametrize("role", LANDLORD_ROLES)
def test_a_landlords_people_hold_only_permissions_of_landlords(role: Role) -> None:
    assert permissions_of(role) <= OF_LANDLORDS
    assert (P.LANDLORD_MANAGE_PEOPLE in permissions_of(role)) is (role is Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", SERVICE_ROLES)
def test_the_services_people_hold_no_permission_of_landlords(role: Role) -> None:
    assert not permissions_of(role) & OF_LANDLORDS


def test_an_auditor_reads_and_changes_nothing() -> None:
    assert P.READ_AUDIT in permissions_of(Role.AUDITOR)
    assert not permissions_of(Role.AUDITOR) & WRITING


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (P.READ_AUDIT, {Role.AUDITOR}),
        (P.INVITE_LANDLORDS, {Role.PORTAL_TEAM}),
        (P.MANAGE_SERVICE_PEOPLE, {Role.PORTAL_TEAM}),
        (P.EDIT_CONTENT, {Role.PORTAL_TEAM}),
        (P.RUN_SUPPORT, {Role.PORTAL_TEAM}),
        (P.RESTRICT_PEOPLE, {Role.PORTAL_TEAM, Role.TEAM_MANAGER}),
        (P.SEE_RESTRICTIONS, {Role.PORTAL_TEAM, Role.TEAM_MANAGER, Role.AUDITOR}),
        (P.SEE_ALL_SUPPORT, {Role.PORTAL_TEAM, Role.AUDITOR}),
        (P.WRITE_SUPPORT, {Role.PORTAL_TEAM, Role.IT_SUPPORT}),
        (P.SEE_CASES, {Role.ENQUIRY_OFFICER, Role.CASEWORKER, Role.TEAM_MANAGER, Role.AUDITOR}),
        (P.DETERMINE, {Role.ENQUIRY_OFFICER, Role.CASEWORKER, Role.TEAM_MANAGER}),
        (P.MOVE_CASES, {Role.ENQUIRY_OFFICER, Role.CASEWORKER, Role.TEAM_MANAGER}),
    ],
)
def test_who_holds_a_permission(permission: P, roles: set[Role]) -> None:
    assert {role for role in Role if permission in permissions_of(role)} == roles


def test_each_level_takes_away_what_it_says() -> None:
    all_of_hers = permissions_of(Role.ADMINISTRATOR)
    assert set(TAKES_AWAY) == set(Level)
    assert left_by(None, all_of_hers) == left_by(Level.WARN, all_of_hers) == all_of_hers
    assert left_by(Level.MESSAGE_BLOCK, all_of_hers) == all_of_hers - {P.LANDLORD_WRITE_MESSAGES}
    assert left_by(Level.READ_ONLY, all_of_hers) == {P.LANDLORD_SEE_CASES}
    assert left_by(Level.FULL_BLOCK, frozenset(P)) == frozenset()


def test_only_a_warning_must_be_read_and_only_a_full_block_shuts_out() -> None:
    assert {Level.WARN} == TO_READ
    assert {level for level in Level if amina(level).has_warning_to_read} == {Level.WARN}
    assert {level for level in Level if amina(level).is_shut_out} == {Level.FULL_BLOCK}
    assert not amina().has_warning_to_read
    assert not amina().is_shut_out


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        (amina(Level.READ_ONLY), "restricted"),
        (service_actor(user_id=2, name="Dev", role=Role.AUDITOR, team=None), "account"),
    ],
)
def test_a_refusal_says_whether_the_role_or_a_restriction_refuses(actor: Actor, words: str) -> None:
    with pytest.raises(NotAllowed, match=words):
        actor.require(P.LANDLORD_WORK_CASES)
    amina().require(P.LANDLORD_WORK_CASES)
