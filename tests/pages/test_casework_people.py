"""The service's own people: a new account, role and team, closing and opening again; and what it does to their cases (C1)."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.access.roles import Role
from portal.accounts.models import User
from portal.audit.models import AuditRow
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.messaging import actions as messaging
from portal.notifications.fan_out import fan_out_one
from portal.notifications.inbox import bell_of
from portal.teams import actions
from portal.teams.models import StaffMember, Team
from portal.teams.people import actor_of
from tests import cast as the_cast
from tests.cast import PASSWORD, Cast
from tests.conftest import Browser
from tests.pages.landlord_rows import statements
from tests.signing_in import at_once, mails_to, sign_in, sign_in_by_pages, type_password, words_of
from tests.well_formed import check

pytestmark = pytest.mark.both  # filters

PEOPLE, NEW = "/casework/people/", "/casework/people/new/"
JO = {"name": "Jo Lindqvist", "email": "jo@ombudsman.example", "role": "caseworker", "team": Team.REVIEW.value}


def staff(cast: Cast, who: str) -> StaffMember:
    return StaffMember.objects.get(user_id=cast.actors[who].user_id)


def step(cast: Cast, who: str, what: str = "") -> str:
    return reverse(f"office:person{'_' if what else ''}{what}", args=[staff(cast, who).pk])


@pytest.mark.row("C1")
def test_the_portal_team_makes_an_account_with_role_and_team_and_its_person_signs_in(
    cast: Cast, client_of: Browser
) -> None:
    gwen = client_of("gwen")
    check(gwen.get(NEW))
    page = check(gwen.post(NEW, JO, follow=True))
    assert "Account created for Jo Lindqvist" in page.get_text()
    member = StaffMember.objects.get(user__email=JO["email"])
    assert (member.role, member.team) == (Role.CASEWORKER, Team.REVIEW)
    assert not member.user.has_usable_password()
    words = words_of(mails_to(JO["email"], "account made")[0])
    assert "Caseworker, DR2 Review" in words
    path = words.split("http://testserver")[1].split()[0]
    jo = Client()
    jo.post(path, {"password": PASSWORD, "again": PASSWORD})
    sign_in_by_pages(jo, JO["email"], PASSWORD)
    assert jo.get("/casework/").status_code == 200
    assert AuditRow.objects.filter(verb="service person created", actor_id=cast.gwen.user_id).exists()


@pytest.mark.row("C1")
@pytest.mark.row("H44")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "administrator"}, "role"),
        ({"role": "sub account"}, "role"),
        ({"role": ""}, "role"),
        ({"team": ""}, "team"),
        ({"team": "no-such-team"}, "team"),
        ({"role": "auditor"}, "team"),
        ({"name": " "}, "name"),
        ({"email": "Amina@alder.example"}, "email"),
    ],
)
def test_a_place_that_does_not_exist_or_an_address_that_is_taken_is_refused(
    cast: Cast, client_of: Browser, wrong: dict[str, str], field: str
) -> None:
    page = check(client_of("gwen").post(NEW, {**JO, **wrong}))
    assert page.select_one(f"#id_{field}-error")
    assert StaffMember.objects.count() == len(the_cast.SERVICE_PEOPLE)


@pytest.mark.row("H44")
@pytest.mark.parametrize(("role", "team"), [("administrator", None), ("nonsense", None), ("caseworker", "nonsense")])
def test_the_actions_refuse_what_the_form_would_not_offer(cast: Cast, role: str, team: str | None) -> None:
    with pytest.raises(RuleBroken):
        actions.create_service_person(**{**JO, "role": role, "team": team}, href=str, by=cast.gwen)
    with pytest.raises(RuleBroken):
        actions.change_place(staff(cast, "dev"), role=role, team=team, by=cast.gwen)


@pytest.mark.row("C1")
@pytest.mark.row("H32")
@pytest.mark.row("H47")
def test_another_role_counts_at_once_and_begins_with_a_new_sign_in(cast: Cast, client_of: Browser) -> None:
    gwen, dev = client_of("gwen"), client_of("dev")
    assert dev.get(NEW).status_code == 403
    assert dev.get("/casework/cases/new/").status_code == 200
    page = check(gwen.post(step(cast, "dev"), {"role": "portal team", "team": ""}, follow=True))
    assert "Dev Patel: Portal team." in page.get_text()
    assert dev.get("/casework/").status_code == 302
    sign_in(dev, cast.users["dev"])
    assert dev.get(NEW).status_code == 200
    assert dev.get("/casework/cases/new/").status_code == 403
    row = AuditRow.objects.get(verb="role or team changed")
    assert row.details == {"old": ["caseworker", "triage"], "new": ["portal team", None]}


@pytest.mark.row("C1")
def test_deactivating_reactivating_and_resetting(cast: Cast, client_of: Browser) -> None:
    gwen, dev = client_of("gwen"), client_of("dev")
    check(gwen.post(step(cast, "dev", "deactivate"), follow=True))
    assert dev.get("/casework/").status_code == 302
    assert type_password(Client(), "dev@ombudsman.example", PASSWORD).status_code == 200
    page = check(gwen.post(step(cast, "dev", "reactivate"), follow=True))
    assert "active again" in page.get_text()
    path = (
        words_of(mails_to("dev@ombudsman.example", "account reactivated")[0]).split("http://testserver")[1].split()[0]
    )
    Client().post(path, {"password": PASSWORD, "again": PASSWORD})
    fresh = Client()
    sign_in_by_pages(fresh, "dev@ombudsman.example", PASSWORD)
    assert fresh.get("/casework/").status_code == 200
    check(gwen.post(step(cast, "dev", "reset"), follow=True))
    assert fresh.get("/casework/").status_code == 302
    assert mails_to("dev@ombudsman.example", "password reset")


@pytest.mark.row("C1")
def test_nobody_closes_or_changes_their_own_account(cast: Cast, client_of: Browser) -> None:
    gwen = client_of("gwen")
    assert not check(gwen.get(step(cast, "gwen"))).select("main form")
    for what in ("deactivate", "reset"):
        assert "your own account" in check(gwen.post(step(cast, "gwen", what), follow=True)).get_text()
    page = check(gwen.post(step(cast, "gwen"), {"role": "auditor", "team": ""}))
    assert "your own account" in page.get_text()
    assert staff(cast, "gwen").role == Role.PORTAL_TEAM
    assert User.objects.get(pk=cast.gwen.user_id).is_active


@pytest.mark.django_db(transaction=True)
def test_two_of_the_portal_team_who_close_each_other_at_the_same_moment_leave_one() -> None:
    cast = the_cast.build()
    zoe = actions.create_service_person(
        name="Zoe", email="zoe@ombudsman.example", role="portal team", team=None, href=str, by=cast.gwen
    )
    gwen, by_zoe, refused = staff(cast, "gwen"), actor_of(zoe), []

    def close(member: StaffMember, by) -> None:
        try:
            actions.deactivate(member, by=by)
        except NotAllowed as error:
            refused.append(error)

    at_once([lambda: close(zoe, cast.gwen), lambda: close(gwen, by_zoe)])
    assert StaffMember.objects.filter(role=Role.PORTAL_TEAM, user__is_active=True).count() == 1
    assert len(refused) == 1


@pytest.mark.row("C1")
@pytest.mark.parametrize("who", ["dev", "farid", "hana", "ines", "amina"])
def test_nobody_else_looks_after_the_services_people(cast: Cast, client_of: Browser, who: str) -> None:
    assert client_of(who).get(PEOPLE).status_code == 403
    with pytest.raises(NotAllowed):
        actions.deactivate(staff(cast, "esi"), by=cast.actors[who])
    with pytest.raises(NotAllowed):
        actions.create_service_person(**JO, href=str, by=cast.actors[who])


def test_a_case_whose_owner_has_left_says_so_tells_the_team_and_gets_another_owner(
    cast: Cast, client_of: Browser
) -> None:
    while fan_out_one(clock.now()):
        pass
    actions.deactivate(staff(cast, "dev"), by=cast.gwen)
    assert "3 open cases" in check(client_of("gwen").get(step(cast, "dev"))).get_text()
    messaging.start_thread(cast.case, subject="Access", body="Who looks after this now?", by=cast.amina)
    before = bell_of(cast.farid).count()
    while fan_out_one(clock.now()):
        pass
    assert bell_of(cast.farid).count() == before + 1  # of the same team
    farid, address = client_of("farid"), f"/casework/cases/{cast.case.reference}/owner/"
    assert "Dev Patel (no longer active)" in check(farid.get(f"/casework/cases/{cast.case.reference}/")).get_text()
    chosen = check(farid.get(address)).select_one("select[name=owner] option[selected]")
    assert chosen.get_text(strip=True) == "Dev Patel (no longer active)"
    farid.post(address, {"team": Team.REVIEW.value, "owner": chosen["value"]})
    assert Case.objects.get(pk=cast.case.pk).owner_id == cast.dev.user_id
    farid.post(address, {"team": Team.REVIEW.value, "owner": str(cast.esi.user_id)})
    assert Case.objects.get(pk=cast.case.pk).owner_id == cast.esi.user_id
    with pytest.raises(RuleBroken):
        cases.hand_over(cast.case, team=Team.REVIEW, owner_id=cast.dev.user_id, by=cast.farid)


def test_the_list_of_people_takes_the_same_statements_for_few_and_for_many(cast: Cast, client_of: Browser) -> None:
    gwen = client_of("gwen")
    page = check(gwen.get(PEOPLE))
    assert "Esi Mensah" in page.get_text()
    few = statements(lambda: gwen.get(PEOPLE))
    for number in range(60):
        user = User.objects.create_user(email=f"s{number}@ombudsman.example", name=f"Somebody {number}")
        StaffMember.objects.create(user=user, role=Role.CASEWORKER, team=Team.TRIAGE)
    assert statements(lambda: gwen.get(PEOPLE)) == few
    assert few <= 9
