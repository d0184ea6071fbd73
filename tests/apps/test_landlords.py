"""Inviting a landlord and looking after its main account: who may, what is refused, and what the audit trail keeps."""

import pytest

from portal.access.roles import Role
from portal.accounts.models import AttemptCount, User
from portal.audit.models import AuditRow
from portal.landlords import actions, main_account, sub_accounts
from portal.landlords.main_account import Former
from portal.landlords.models import Landlord, LandlordState, Membership
from portal.landlords.people import administrator_of
from portal.lib.errors import NotAllowed, RuleBroken
from portal.mail.models import OutgoingMail
from tests.cast import Cast

EVERYBODY_ELSE = ("amina", "ben", "carys", "dev", "esi", "farid", "hana", "ines")
ELM = {"name": "Elm Homes", "administrator_name": "Ada Elm", "email": "ada@elm.example", "kind": "", "homes": 20}


def href(token: str) -> str:
    return f"/password/{token}/"


def audited(record: str, verb: str) -> list[AuditRow]:
    return list(AuditRow.objects.filter(record=record, verb=verb))


def invited(cast: Cast, **changed) -> Landlord:
    return actions.invite_landlord(**{**ELM, **changed}, by=cast.gwen)


def test_an_invitation_makes_the_landlord_its_administrator_one_mail_and_one_audit_row(cast: Cast) -> None:
    elm = invited(cast, name="  Elm   Homes ", administrator_name=" Ada Elm ")
    assert (elm.name, elm.state, elm.homes) == ("Elm Homes", LandlordState.INVITED, 20)
    administrator = administrator_of(elm.pk)
    assert (administrator.user.name, administrator.user.email) == ("Ada Elm", "ada@elm.example")
    assert administrator.role == Role.ADMINISTRATOR
    mail = OutgoingMail.objects.get(to_address="ada@elm.example")
    assert (mail.kind, mail.landlord_id, mail.user_id) == ("invitation", elm.pk, administrator.user_id)
    [row] = audited("landlord", "landlord invited")
    assert (row.actor_id, row.record_id, row.details) == (cast.gwen.user_id, str(elm.pk), {"email": "ada@elm.example"})


@pytest.mark.parametrize("person", EVERYBODY_ELSE)
def test_only_the_portal_team_invites_sends_again_sets_limits_and_hands_over(cast: Cast, person: str) -> None:
    elm, by = invited(cast), getattr(cast, person)
    mails, rows = OutgoingMail.objects.count(), AuditRow.objects.count()
    refused = (
        lambda: actions.invite_landlord(**{**ELM, "name": "Oak Homes", "email": "bo@oak.example"}, by=by),
        lambda: actions.resend_invitation(elm, by=by),
        lambda: sub_accounts.set_limit(elm, limit=9, by=by),
        lambda: main_account.change_address(
            elm, administrator_of(elm.pk).pk, email="new@elm.example", checked="Called back.", by=by
        ),
        lambda: main_account.hand_over(
            elm,
            successor_id=None,
            name="Bo",
            email="bo@elm.example",
            former=Former.LEAVES,
            checked="Called back.",
            href=href,
            by=by,
        ),
    )
    for doing in refused:
        with pytest.raises(NotAllowed):
            doing()
    assert (OutgoingMail.objects.count(), AuditRow.objects.count()) == (mails, rows)
    assert not Landlord.objects.filter(name="Oak Homes").exists()


@pytest.mark.parametrize("blank", ["", "   ", " "])
@pytest.mark.parametrize("field", ["name", "administrator_name"])
def test_an_empty_name_is_refused_beside_its_field(cast: Cast, field: str, blank: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        invited(cast, **{field: blank})
    assert refused.value.field == field
    assert not Landlord.objects.filter(name="Elm Homes").exists()
    assert not User.objects.filter(email="ada@elm.example").exists()


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("name", {"name": "alder HOMES"}),
        ("email", {"email": "AMINA@alder.example"}),
        ("email", {"email": " amina@alder.example "}),
    ],
)
def test_a_name_or_an_address_that_is_there_already_is_refused_whatever_its_case(
    cast: Cast, field: str, changed: dict[str, str]
) -> None:
    with pytest.raises(RuleBroken) as refused:
        invited(cast, **changed)
    assert refused.value.field == field
    assert not audited("landlord", "landlord invited")


def test_the_invitation_is_sent_again_until_the_first_sign_in(cast: Cast) -> None:
    elm = invited(cast)
    actions.resend_invitation(elm, by=cast.gwen)
    assert OutgoingMail.objects.filter(to_address="ada@elm.example", kind="invitation").count() == 2
    assert len(audited("landlord", "invitation sent again")) == 1
    actions.note_first_sign_in(administrator_of(elm.pk).user_id)
    actions.note_first_sign_in(administrator_of(elm.pk).user_id)
    elm.refresh_from_db()
    assert elm.state == LandlordState.ACTIVE
    assert elm.activated_at is not None
    [row] = audited("landlord", "landlord activated")
    assert (row.actor_id, row.record_id) == (None, str(elm.pk))
    with pytest.raises(RuleBroken):
        actions.resend_invitation(elm, by=cast.gwen)
    assert len(audited("landlord", "invitation sent again")) == 1


def test_the_limit_of_sub_accounts_counts_active_ones_and_leaves_what_is_there(cast: Cast) -> None:
    sub_accounts.set_limit(cast.alder, limit=2, by=cast.gwen)  # Ben and Ike are two
    new = {"name": "Cy", "email": "cy@alder.example", "href": href, "by": cast.amina}
    with pytest.raises(RuleBroken):
        sub_accounts.create_sub_account(**new)
    ben = Membership.objects.get(user_id=cast.ben.user_id)
    sub_accounts.deactivate(ben.pk, by=cast.amina)
    sub_accounts.create_sub_account(**new)
    with pytest.raises(RuleBroken):
        sub_accounts.reactivate(ben.pk, href=href, by=cast.amina)
    sub_accounts.set_limit(cast.alder, limit=0, by=cast.gwen)
    assert sub_accounts.active_sub_accounts(cast.alder.pk) == 2
    [first, second] = audited("landlord", "sub account limit changed")
    assert (first.details["new"], second.details) == (2, {"old": 2, "new": 0})


def test_the_same_limit_again_is_no_change_and_one_out_of_range_is_refused(cast: Cast) -> None:
    sub_accounts.set_limit(cast.alder, limit=cast.alder.sub_account_limit, by=cast.gwen)
    for limit in (-1, sub_accounts.MOST + 1):
        with pytest.raises(RuleBroken) as refused:
            sub_accounts.set_limit(cast.alder, limit=limit, by=cast.gwen)
        assert refused.value.field == "limit"
    assert not audited("landlord", "sub account limit changed")


@pytest.mark.parametrize("person", ["ben", "ike", "dev", "gwen"])
def test_only_the_administrator_looks_after_sub_accounts(cast: Cast, person: str) -> None:
    by, ben = getattr(cast, person), Membership.objects.get(user_id=cast.ben.user_id)
    rows = AuditRow.objects.count()
    for doing in (
        lambda: sub_accounts.create_sub_account(name="Cy", email="cy@alder.example", href=href, by=by),
        lambda: sub_accounts.reset_password(ben.pk, href=href, by=by),
        lambda: sub_accounts.deactivate(ben.pk, by=by),
        lambda: sub_accounts.reactivate(ben.pk, href=href, by=by),
    ):
        with pytest.raises(NotAllowed):
            doing()
    assert AuditRow.objects.count() == rows
    assert not AttemptCount.objects.exists()  # who may not create an account uses up no try of those who may


def test_whoever_was_the_administrator_a_moment_ago_is_refused(cast: Cast) -> None:
    Membership.objects.filter(user_id=cast.amina.user_id).update(role=Role.SUB_ACCOUNT)
    ben = Membership.objects.get(user_id=cast.ben.user_id)
    with pytest.raises(NotAllowed):
        sub_accounts.deactivate(ben.pk, by=cast.amina)


def test_another_landlords_sub_account_does_not_exist_for_an_administrator(cast: Cast) -> None:
    ben = Membership.objects.get(user_id=cast.ben.user_id)
    for doing in (
        lambda: sub_accounts.deactivate(ben.pk, by=cast.carys),
        lambda: sub_accounts.reset_password(ben.pk, href=href, by=cast.carys),
    ):
        with pytest.raises(Membership.DoesNotExist):
            doing()


def test_a_main_account_that_is_handed_over_leaves_one_administrator_and_one_audit_row(cast: Cast) -> None:
    ben = Membership.objects.get(user_id=cast.ben.user_id)
    given = {"former": Former.STAYS, "href": href, "by": cast.gwen}
    with pytest.raises(RuleBroken) as refused:
        main_account.hand_over(cast.alder, successor_id=ben.pk, checked="  ", **given)
    assert refused.value.field == "checked"
    main_account.hand_over(cast.alder, successor_id=ben.pk, checked="Called back.", **given)
    roles = dict(Membership.objects.filter(landlord=cast.alder).values_list("user_id", "role"))
    assert roles[cast.ben.user_id] == Role.ADMINISTRATOR
    assert roles[cast.amina.user_id] == Role.SUB_ACCOUNT
    [row] = audited("landlord", "main account handed over")
    assert (row.details["old"], row.details["new"]) == (cast.amina.user_id, cast.ben.user_id)
    assert row.details["checked"] == "Called back."


@pytest.mark.parametrize(
    "again",
    ["dina@alder.example\u200b", "Dina <dina@alder.example>", "DINA@ALDER.example.", "mailto:dina@alder.example"],
)
def test_an_address_that_looks_the_same_is_the_same_however_it_was_copied(cast: Cast, again: str) -> None:
    first = sub_accounts.create_sub_account(name="Dina", email="\u00addina@alder.example;", href=href, by=cast.amina)
    assert first.user.email == "dina@alder.example"
    with pytest.raises(RuleBroken, match="has an account"):
        sub_accounts.create_sub_account(name="Dina", email=again, href=href, by=cast.amina)
