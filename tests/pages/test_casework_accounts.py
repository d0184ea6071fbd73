"""What the portal team does for a landlord's accounts: the limit, an address after an identity check, another administrator."""

from contextlib import suppress

import pytest
from django.test import Client
from django.urls import reverse

from portal.access.roles import Role
from portal.accounts.models import Session, User
from portal.audit.models import AuditRow
from portal.landlords import main_account, sub_accounts
from portal.landlords.main_account import Former
from portal.landlords.models import Landlord, Membership
from portal.landlords.people import administrator_of
from portal.lib.errors import NotAllowed, RuleBroken
from tests import cast as the_cast
from tests.cast import PASSWORD, Cast, without_ike
from tests.conftest import Browser
from tests.signing_in import (
    ask_for_code,
    at_once,
    link_in_mail,
    mails_to,
    sign_in,
    sign_in_by_pages,
    type_code,
    type_password,
    words_of,
)
from tests.well_formed import check

CHECKED = "Called back on the number that we hold and spoke to the company secretary."
OLU = {"name": "Olu Bright", "email": "olu@alder.example"}


@pytest.fixture
def cast(cast: Cast) -> Cast:
    return without_ike(cast)


def member(cast: Cast, who: str) -> Membership:
    return Membership.objects.get(user_id=cast.actors[who].user_id)


def landlord_page(cast: Cast, what: str = "landlord", **more: int) -> str:
    return reverse(f"office:{what}", kwargs={"landlord_id": cast.alder.pk, **more})


def address_page(cast: Cast, who: str) -> str:
    return landlord_page(cast, "landlord_address", member_id=member(cast, who).pk)


def administrators(cast: Cast) -> list[str]:
    own = Membership.objects.filter(landlord=cast.alder, role=Role.ADMINISTRATOR)
    return [one.user.name for one in own]


@pytest.mark.row("D4")
@pytest.mark.row("S86")
def test_the_limit_is_changed_and_counts_from_then_on(cast: Cast, client_of: Browser) -> None:
    gwen = client_of("gwen")
    assert "1 active of 3" in check(gwen.get(landlord_page(cast))).get_text()
    assert check(gwen.get(landlord_page(cast, "landlord_limit"))).select_one("#id_limit")["value"] == "3"
    page = check(gwen.post(landlord_page(cast, "landlord_limit"), {"limit": "1"}, follow=True))
    assert "1 active of 1" in page.get_text()
    with pytest.raises(RuleBroken, match="1 active sub account and has as many"):
        sub_accounts.create_sub_account(**OLU, href=str, by=cast.amina)
    row = AuditRow.objects.get(verb="sub account limit changed")
    assert (row.actor_id, row.details) == (cast.gwen.user_id, {"old": 3, "new": 1})


@pytest.mark.row("D4")
@pytest.mark.parametrize("wrong", ["", "many", "-1", "101", "2.5"])
def test_a_limit_that_is_no_number_in_the_range_is_refused(cast: Cast, client_of: Browser, wrong: str) -> None:
    page = check(client_of("gwen").post(landlord_page(cast, "landlord_limit"), {"limit": wrong}))
    assert page.select_one("#id_limit-error")
    assert Landlord.objects.get(pk=cast.alder.pk).sub_account_limit == 3


@pytest.mark.row("D4")
def test_a_lower_limit_closes_no_account(cast: Cast) -> None:
    sub_accounts.set_limit(cast.alder, limit=0, by=cast.gwen)
    assert sub_accounts.active_sub_accounts(cast.alder.pk) == 1
    with pytest.raises(NotAllowed):
        sub_accounts.set_limit(cast.alder, limit=9, by=cast.amina)


@pytest.mark.row("S20")
@pytest.mark.row("D10")
@pytest.mark.row("C4")
def test_an_administrators_address_changes_after_a_recorded_check_and_both_addresses_are_told(
    cast: Cast, client_of: Browser
) -> None:
    amina, gwen, begun = client_of("amina"), client_of("gwen"), Client()
    Client().post(reverse("account_reset_password"), {"email": "amina@alder.example"})
    old_link = link_in_mail("amina@alder.example")
    type_password(begun, "amina@alder.example", PASSWORD)
    old_code = ask_for_code(begun, "amina@alder.example")
    form = check(gwen.get(address_page(cast, "amina")))
    assert form.h1.get_text() == "Change the e-mail address of Amina Yusuf"
    page = check(
        gwen.post(address_page(cast, "amina"), {"email": "office@alder.example", "checked": CHECKED}, follow=True)
    )
    assert "Both addresses are told" in page.get_text()
    for told in ("amina@alder.example", "office@alder.example"):
        (mail,) = mails_to(told, "address changed")
        assert "from amina@alder.example to office@alder.example" in mail.body
    row = AuditRow.objects.get(verb="address changed")
    assert (row.actor_id, row.record_id) == (cast.gwen.user_id, str(cast.amina.user_id))
    assert row.details == {"old": "amina@alder.example", "new": "office@alder.example", "checked": CHECKED}
    assert amina.get("/").status_code == 302
    assert not Session.objects.filter(user_id=cast.amina.user_id).exists()
    assert Client().get(old_link).status_code == 410
    type_code(begun, old_code)
    assert begun.get("/").status_code == 302
    assert type_password(Client(), "amina@alder.example", PASSWORD).status_code == 200
    new = Client()
    sign_in_by_pages(new, "office@alder.example", PASSWORD)
    assert "office@alder.example" in check(new.get("/account/")).get_text()


@pytest.mark.row("D10")
@pytest.mark.row("C4")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"checked": "  "}, "checked"),
        ({"checked": "x" * 1001}, "checked"),
        ({"email": "BEN@alder.EXAMPLE"}, "email"),
        ({"email": "carys@birch.example"}, "email"),
        ({"email": "amina@alder.example"}, "email"),
        ({"email": "office"}, "email"),
    ],
)
def test_a_change_of_address_without_a_check_or_to_one_that_is_taken_is_refused(
    cast: Cast, client_of: Browser, wrong: dict[str, str], field: str
) -> None:
    given = {"email": "office@alder.example", "checked": CHECKED, **wrong}
    page = check(client_of("gwen").post(address_page(cast, "amina"), given))
    assert page.select_one(f"#id_{field}-error")
    assert User.objects.get(pk=cast.amina.user_id).email == "amina@alder.example"
    assert not AuditRow.objects.filter(verb="address changed").exists()


@pytest.mark.row("D10")
def test_the_same_address_in_other_letters_is_no_other_persons(cast: Cast) -> None:
    main_account.change_address(
        cast.alder, member(cast, "amina").pk, email="Amina@Alder.example", checked=CHECKED, by=cast.gwen
    )
    assert User.objects.get(pk=cast.amina.user_id).email == "Amina@alder.example"


@pytest.mark.row("S19")
@pytest.mark.row("S20")
@pytest.mark.parametrize("who", ["amina", "ben", "dev", "hana"])
def test_nobody_but_the_portal_team_changes_an_address_or_hands_over(cast: Cast, client_of: Browser, who: str) -> None:
    given = {"email": "office@alder.example", "checked": CHECKED}
    assert client_of(who).post(address_page(cast, "amina"), given).status_code == 403
    assert client_of(who).post(landlord_page(cast, "landlord_hand_over")).status_code == 403
    with pytest.raises(NotAllowed):
        main_account.change_address(cast.alder, member(cast, "amina").pk, **given, by=cast.actors[who])
    with pytest.raises(NotAllowed):
        main_account.hand_over(
            cast.alder,
            successor_id=member(cast, "ben").pk,
            former=Former.STAYS,
            checked=CHECKED,
            href=str,
            by=cast.actors[who],
        )


@pytest.mark.row("H44")
def test_a_person_of_another_landlord_is_not_found_under_this_one(cast: Cast, client_of: Browser) -> None:
    address = address_page(cast, "carys")
    gwen = client_of("gwen")
    assert gwen.get(address).status_code == 404
    assert gwen.post(address, {"email": "x@alder.example", "checked": CHECKED}).status_code == 404
    assert User.objects.get(pk=cast.carys.user_id).email == "carys@birch.example"


@pytest.mark.row("S20")
@pytest.mark.row("H32")
@pytest.mark.row("H47")
def test_a_sub_account_becomes_the_administrator_and_both_sign_in_anew_with_their_new_rights(
    cast: Cast, client_of: Browser
) -> None:
    amina, ben, gwen = client_of("amina"), client_of("ben"), client_of("gwen")
    check(gwen.get(landlord_page(cast, "landlord_hand_over")))
    given = {"successor": member(cast, "ben").pk, "former": Former.STAYS.value, "checked": CHECKED}
    page = check(gwen.post(landlord_page(cast, "landlord_hand_over"), given, follow=True))
    assert "Ben Carter is now the administrator of Alder Homes" in page.get_text()
    assert administrators(cast) == ["Ben Carter"]
    for name, client in (("amina", amina), ("ben", ben)):
        assert client.get("/users/").status_code == 302
        sign_in(client, cast.users[name])
    assert amina.get("/users/").status_code == 403
    assert amina.get("/").status_code == 200
    assert check(ben.get("/users/")).h1
    assert "in place of Amina Yusuf" in mails_to("ben@alder.example", "main account")[0].body
    passed_on = mails_to("amina@alder.example", "main account")[0].body
    assert "Ben Carter is now the administrator" in passed_on
    assert "You keep an account" in passed_on
    row = AuditRow.objects.get(verb="main account handed over")
    assert row.details == {
        "old": cast.amina.user_id,
        "new": cast.ben.user_id,
        "former": "sub account",
        "checked": CHECKED,
    }


@pytest.mark.row("S20")
def test_somebody_new_is_invited_as_administrator_and_the_former_account_is_closed(
    cast: Cast, client_of: Browser
) -> None:
    amina = client_of("amina")
    given = {"successor": "new", **OLU, "former": Former.LEAVES.value, "checked": CHECKED}
    check(client_of("gwen").post(landlord_page(cast, "landlord_hand_over"), given, follow=True))
    assert administrators(cast) == ["Olu Bright"]
    assert amina.get("/").status_code == 302
    assert type_password(Client(), "amina@alder.example", PASSWORD).status_code == 200
    assert "the main account of Alder Homes" in words_of(mails_to(OLU["email"], "account made")[0])
    assert "Your own account is closed" in mails_to("amina@alder.example", "main account")[0].body
    assert member(cast, "amina").role == Role.SUB_ACCOUNT


@pytest.mark.row("D4")
def test_a_former_administrator_who_stays_beside_somebody_new_needs_room_within_the_limit(
    cast: Cast, client_of: Browser
) -> None:
    sub_accounts.set_limit(cast.alder, limit=1, by=cast.gwen)
    given = {"successor": "new", **OLU, "former": Former.STAYS.value, "checked": CHECKED}
    page = check(client_of("gwen").post(landlord_page(cast, "landlord_hand_over"), given))
    assert "has as many" in page.select_one(".govuk-error-summary").get_text()
    assert administrators(cast) == ["Amina Yusuf"]
    assert page.select_one("#id_name")["value"] == OLU["name"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"successor": ""}, "successor"),
        ({"former": ""}, "former"),
        ({"former": "promoted"}, "former"),
        ({"checked": ""}, "checked"),
        ({"successor": "new", "name": "", "email": "x@alder.example"}, "name"),
        ({"successor": "new", "name": "Olu", "email": ""}, "email"),
        ({"successor": "new", "name": "Olu", "email": "ben@alder.example"}, "email"),
    ],
)
def test_a_hand_over_that_lacks_something_is_refused_beside_its_field(
    cast: Cast, client_of: Browser, wrong: dict[str, str], field: str
) -> None:
    good = {"successor": member(cast, "ben").pk, "former": Former.STAYS.value, "checked": CHECKED}
    page = check(client_of("gwen").post(landlord_page(cast, "landlord_hand_over"), {**good, **wrong}))
    assert page.select_one(f"#id_{field}-error")
    assert administrators(cast) == ["Amina Yusuf"]


@pytest.mark.row("H44")
@pytest.mark.parametrize("who", ["carys", "amina", "gone", "nobody"])
def test_only_an_active_sub_account_of_this_landlord_takes_over(cast: Cast, client_of: Browser, who: str) -> None:
    if who == "gone":
        sub_accounts.deactivate(member(cast, "ben").pk, by=cast.amina)
    chosen = {"gone": "ben"}.get(who, who)
    successor = 0 if who == "nobody" else member(cast, chosen).pk
    given = {"former": Former.STAYS.value, "checked": CHECKED}
    page = check(client_of("gwen").post(landlord_page(cast, "landlord_hand_over"), {**given, "successor": successor}))
    assert page.select_one("#id_successor-error")
    with pytest.raises(RuleBroken, match="active sub accounts"):
        main_account.hand_over(
            cast.alder, successor_id=successor, former=Former.STAYS, checked=CHECKED, href=str, by=cast.gwen
        )
    assert administrators(cast) == ["Amina Yusuf"]


@pytest.mark.django_db(transaction=True)
def test_hand_overs_and_new_users_at_the_same_moment_leave_one_administrator_within_the_limit() -> None:
    cast = without_ike(the_cast.build())
    cara = sub_accounts.create_sub_account(name="Cara", email="cara@alder.example", href=str, by=cast.amina)
    sub_accounts.set_limit(cast.alder, limit=2, by=cast.gwen)

    def attempt(doing) -> None:
        with suppress(RuleBroken):
            doing()

    def hand_to(successor_id: int | None, **new: str) -> None:
        main_account.hand_over(
            cast.alder, successor_id=successor_id, former=Former.STAYS, checked=CHECKED, href=str, by=cast.gwen, **new
        )

    at_once(
        [
            lambda: attempt(lambda: hand_to(cara.pk)),
            lambda: attempt(lambda: hand_to(Membership.objects.get(user__email="ben@alder.example").pk)),
            lambda: attempt(lambda: hand_to(None, **OLU)),
            lambda: attempt(lambda: sub_accounts.deactivate(cara.pk, by=cast.amina)),
        ]
    )
    assert Membership.objects.filter(landlord=cast.alder, role=Role.ADMINISTRATOR).count() == 1
    assert administrator_of(cast.alder.pk).user.is_active
    assert sub_accounts.active_sub_accounts(cast.alder.pk) <= 2
