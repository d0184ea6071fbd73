"""The service's people: who makes, moves, closes and opens accounts, what is refused, and what the audit trail keeps."""

import pytest

from portal.access.actor import service_actor
from portal.access.roles import Role
from portal.accounts.models import User
from portal.audit.models import AuditRow
from portal.lib.errors import NotAllowed, RuleBroken
from portal.mail.models import OutgoingMail
from portal.teams import actions
from portal.teams.models import StaffMember, Team
from tests.cast import Cast

EVERYBODY_ELSE = ("amina", "carys", "dev", "farid", "hana", "ines")
NEW = {"name": "Nina New", "email": "nina@ombudsman.example", "role": Role.CASEWORKER, "team": Team.REVIEW}


def href(token: str) -> str:
    return f"/password/{token}/"


def member_of(cast: Cast, name: str) -> StaffMember:
    return StaffMember.objects.select_related("user").get(user=cast.users[name])


def verbs_of(user: User) -> list[str]:
    return list(
        AuditRow.objects.filter(record="user", record_id=str(user.pk)).order_by("id").values_list("verb", flat=True)
    )


def is_active(user: User) -> bool:
    return User.objects.get(pk=user.pk).is_active


def test_a_new_person_has_a_place_one_mail_and_audit_rows(cast: Cast) -> None:
    member = actions.create_service_person(**NEW, href=href, by=cast.gwen)
    assert (member.role, member.team, member.user.name) == (Role.CASEWORKER, Team.REVIEW, "Nina New")
    assert OutgoingMail.objects.filter(to_address=NEW["email"]).count() == 1
    assert sorted(verbs_of(member.user)) == ["account created", "service person created"]
    row = AuditRow.objects.get(verb="service person created")
    assert (row.actor_id, row.details) == (cast.gwen.user_id, {"role": "caseworker", "team": "review"})


@pytest.mark.parametrize("person", EVERYBODY_ELSE)
def test_only_the_portal_team_looks_after_accounts(cast: Cast, person: str) -> None:
    by, esi = getattr(cast, person), member_of(cast, "esi")
    rows = AuditRow.objects.count()
    refused = (
        lambda: actions.create_service_person(**NEW, href=href, by=by),
        lambda: actions.change_place(esi, role=Role.AUDITOR, team=None, by=by),
        lambda: actions.reset_password(esi, href=href, by=by),
        lambda: actions.deactivate(esi, by=by),
        lambda: actions.reactivate(esi, href=href, by=by),
    )
    for doing in refused:
        with pytest.raises(NotAllowed):
            doing()
    assert AuditRow.objects.count() == rows
    assert is_active(cast.users["esi"])
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_somebody_who_has_just_left_the_portal_team_is_refused(cast: Cast) -> None:
    StaffMember.objects.filter(user=cast.users["gwen"]).update(role=Role.AUDITOR)
    with pytest.raises(NotAllowed):
        actions.deactivate(member_of(cast, "esi"), by=cast.gwen)
    assert is_active(cast.users["esi"])


def test_somebody_who_joins_the_portal_team_while_signed_in_in_another_role_is_refused(cast: Cast) -> None:
    by = service_actor(user_id=cast.gwen.user_id, name=cast.gwen.name, role=Role.AUDITOR, team=None)
    with pytest.raises(NotAllowed):
        actions.change_place(member_of(cast, "esi"), role=Role.AUDITOR, team=None, by=by)
    assert member_of(cast, "esi").role == Role.CASEWORKER


def test_nobody_changes_their_own_account(cast: Cast) -> None:
    gwen = member_of(cast, "gwen")
    refused = (
        lambda: actions.change_place(gwen, role=Role.AUDITOR, team=None, by=cast.gwen),
        lambda: actions.reset_password(gwen, href=href, by=cast.gwen),
        lambda: actions.deactivate(gwen, by=cast.gwen),
        lambda: actions.reactivate(gwen, href=href, by=cast.gwen),
    )
    for doing in refused:
        with pytest.raises(RuleBroken, match="your own account"):
            doing()
    assert is_active(cast.users["gwen"])
    assert member_of(cast, "gwen").role == Role.PORTAL_TEAM


@pytest.mark.parametrize(
    ("role", "team", "field"),
    [
        (Role.ADMINISTRATOR, None, "role"),
        ("", None, "role"),
        ("nonsense", Team.TRIAGE, "role"),
        (Role.AUDITOR, Team.TRIAGE, "team"),
        (Role.CASEWORKER, None, "team"),
        (Role.TEAM_MANAGER, "nonsense", "team"),
    ],
)
def test_a_place_that_does_not_exist_is_refused_beside_its_field(cast: Cast, role: str, team: str, field: str) -> None:
    with pytest.raises(RuleBroken) as created:
        actions.create_service_person(**{**NEW, "role": role, "team": team}, href=href, by=cast.gwen)
    with pytest.raises(RuleBroken) as changed:
        actions.change_place(member_of(cast, "esi"), role=role, team=team, by=cast.gwen)
    assert (created.value.field, changed.value.field) == (field, field)
    assert not User.objects.filter(email=NEW["email"]).exists()
    assert member_of(cast, "esi").team == Team.DISPUTE_RESOLUTION


def test_another_place_is_kept_and_audited(cast: Cast) -> None:
    actions.change_place(member_of(cast, "esi"), role=Role.AUDITOR, team=None, by=cast.gwen)
    member = member_of(cast, "esi")
    assert (member.role, member.team) == (Role.AUDITOR, None)
    row = AuditRow.objects.get(verb="role or team changed")
    assert (row.actor_id, row.record_id) == (cast.gwen.user_id, str(member.user_id))
    assert row.details == {"old": ["caseworker", "dispute-resolution"], "new": ["auditor", None]}


def test_an_account_is_closed_once_and_opened_once(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="active already"):
        actions.reactivate(member_of(cast, "esi"), href=href, by=cast.gwen)
    actions.deactivate(member_of(cast, "esi"), by=cast.gwen)
    assert not is_active(cast.users["esi"])
    with pytest.raises(RuleBroken, match="deactivated already"):
        actions.deactivate(member_of(cast, "esi"), by=cast.gwen)
    actions.reactivate(member_of(cast, "esi"), href=href, by=cast.gwen)
    assert is_active(cast.users["esi"])
    assert verbs_of(cast.users["esi"]) == ["deactivated", "reactivated"]


def test_a_reset_password_no_longer_opens_and_a_link_is_mailed(cast: Cast) -> None:
    actions.reset_password(member_of(cast, "esi"), href=href, by=cast.gwen)
    assert not User.objects.get(pk=cast.users["esi"].pk).has_usable_password()
    assert OutgoingMail.objects.filter(to_address="esi@ombudsman.example").count() == 1
    assert verbs_of(cast.users["esi"]) == ["password reset"]


def test_the_first_person_is_refused_while_the_portal_team_has_somebody(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="has somebody already"):
        actions.first_person(name="Flo First", email="flo@ombudsman.example")
    User.objects.filter(pk=cast.users["gwen"].pk).update(is_active=False)
    member = actions.first_person(name="Flo First", email="flo@ombudsman.example")
    assert (member.role, member.team) == (Role.PORTAL_TEAM, None)
    row = AuditRow.objects.get(verb="first person created")
    assert (row.actor_id, row.record_id) == (None, str(member.user_id))


@pytest.mark.parametrize(
    ("name", "email"),
    [("", "flo@x.example"), ("  ", "flo@x.example"), ("Flo", "flo"), ("Flo", "ESI@ombudsman.example")],
)
def test_the_first_person_has_a_name_and_an_address_of_their_own(cast: Cast, name: str, email: str) -> None:
    User.objects.filter(pk=cast.users["gwen"].pk).update(is_active=False)
    with pytest.raises(RuleBroken):
        actions.first_person(name=name, email=email)
    assert not StaffMember.objects.filter(role=Role.PORTAL_TEAM, user__is_active=True).exists()
