"""“Create a new user” and “Manage your users”: what the administrator does, and what nobody else can (S86-S93)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Session, User
from portal.audit.models import AuditRow
from portal.cases import actions as cases
from portal.documents import actions as documents
from portal.files import actions as files
from portal.files.models import Upload
from portal.landlords import sub_accounts
from portal.landlords.models import Landlord, Membership
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.notifications.fan_out import fan_out_one
from portal.notifications.inbox import bell_of
from portal.tasks import actions as tasks
from tests import cast as the_cast
from tests.cast import PASSWORD, Cast, without_ike
from tests.conftest import Browser
from tests.pages.landlord_rows import statements, task_on
from tests.signing_in import (
    ask_for_code,
    at_once,
    mails_to,
    sign_in_by_pages,
    type_code,
    type_password,
    words_of,
)
from tests.well_formed import check

pytestmark = pytest.mark.both  # addresses are unique

USERS, NEW = "/users/", "/users/new/"
DINA = {"name": "Dina Ferreira", "email": "dina@alder.example"}


@pytest.fixture
def cast(cast: Cast) -> Cast:
    return without_ike(cast)


def member(cast: Cast, who: str) -> Membership:
    return Membership.objects.get(user_id=cast.actors[who].user_id)


def sub_account(cast: Cast, number: int) -> Membership:
    return sub_accounts.create_sub_account(
        name=f"Sub {number}", email=f"sub{number}@alder.example", href=str, by=cast.amina
    )


def step(cast: Cast, who: str, what: str) -> str:
    return reverse(f"landlord:user_{what}", args=[member(cast, who).pk])


def active(cast: Cast) -> int:
    return sub_accounts.active_sub_accounts(cast.alder.pk)


def menu(client: Client) -> list[str]:
    return [item.get_text(strip=True) for item in check(client.get("/")).select(".portal-menu--person li")]


@pytest.mark.row("S17")
@pytest.mark.row("S87")
@pytest.mark.row("S88")
@pytest.mark.row("S90")
def test_the_person_icons_menu_has_the_two_entries_for_the_administrator_alone(client_of: Browser) -> None:
    assert {"Create a new user", "Manage your users"} <= set(menu(client_of("amina")))
    assert menu(client_of("ben")) == [
        "Profile and settings",
        "Notification settings",
        "Edit password",
        "Signed-in devices",
        "Sign out",
    ]
    staff = check(client_of("dev").get("/casework/")).select(".portal-menu--person li")
    assert not [item for item in staff if "user" in item.get_text().lower()]


@pytest.mark.row("S87")
def test_a_sub_account_reaches_none_of_it_and_the_shared_rights_stay(cast: Cast, client_of: Browser) -> None:
    ben = client_of("ben")
    for address in (USERS, NEW, *(step(cast, "ben", what) for what in ("reset", "deactivate", "reactivate"))):
        assert ben.get(address).status_code == 403, address
        assert ben.post(address, DINA).status_code == 403, address
    assert User.objects.filter(email=DINA["email"]).count() == 0
    assert ben.get(f"/cases/{cast.case.reference}/").status_code == 200
    with pytest.raises(NotAllowed):
        sub_accounts.create_sub_account(**DINA, href=str, by=cast.ben)


@pytest.mark.row("S88")
@pytest.mark.row("S89")
@pytest.mark.row("H33")
def test_create_account_makes_a_sub_account_and_mails_a_link_and_no_password(cast: Cast, client_of: Browser) -> None:
    amina = client_of("amina")
    form = check(amina.get(NEW))
    assert form.h1.get_text() == "Create a new user"
    assert form.find("button", string="Create account")
    assert [
        form.find("label", attrs={"for": box["id"]}).get_text(strip=True) for box in form.select("main input[id]")
    ] == [
        "Name",
        "E-mail address",
    ]
    crafted = {**DINA, "landlord": cast.birch.pk, "role": "administrator", "is_active": ""}
    page = check(amina.post(NEW, crafted, follow=True))
    assert "Account created for Dina Ferreira" in page.get_text()
    made = Membership.objects.get(user__email="dina@alder.example")
    assert (made.landlord_id, made.role) == (cast.alder.pk, "sub account")
    assert not made.user.has_usable_password()
    (mail,) = mails_to("dina@alder.example", "account made")
    assert mail.is_secret
    words = words_of(mail)
    assert "/new-password/" in words
    assert "Amina Yusuf has made an account for you: a sub account of Alder Homes" in words
    row = AuditRow.objects.get(verb="account created")
    assert (row.actor_id, row.landlord_id) == (cast.amina.user_id, cast.alder.pk)
    assert "/new-password/" not in page.get_text()


@pytest.mark.row("S89")
@pytest.mark.row("S13")
def test_the_new_user_makes_a_password_from_the_mail_and_signs_in(cast: Cast, client_of: Browser) -> None:
    client_of("amina").post(NEW, DINA)
    path = words_of(mails_to(DINA["email"], "account made")[0]).split("http://testserver")[1].split()[0]
    dina = Client()
    dina.post(path, {"password": PASSWORD, "again": PASSWORD})
    assert sign_in_by_pages(dina, DINA["email"], PASSWORD).headers["Location"] == "/"
    assert dina.get("/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"name": " "}, "name", "Enter the person’s name"),
        ({"name": "Look at evil.example/now"}, "name", "without an address"),
        ({"name": "x" * 201}, "name", "200 characters"),
        ({"email": ""}, "email", "Enter the e-mail address"),
        ({"email": "dina"}, "email", "correct format"),
        ({"email": "BEN@Alder.example"}, "email", "Ben Carter has an account"),
        ({"email": "carys@birch.example"}, "email", "cannot be made for this e-mail address"),
        ({"email": "dev@ombudsman.example"}, "email", "cannot be made for this e-mail address"),
    ],
)
@pytest.mark.row("S89")
@pytest.mark.row("D10")
def test_a_user_who_cannot_be_made_is_refused_in_words_and_nothing_typed_is_lost(
    cast: Cast, client_of: Browser, wrong: dict[str, str], field: str, words: str
) -> None:
    page = check(client_of("amina").post(NEW, {**DINA, **wrong}))
    assert words in page.select_one(f"#id_{field}-error").get_text()
    kept = "email" if field == "name" else "name"
    assert page.select_one(f"#id_{kept}")["value"] == DINA[kept]
    assert Membership.objects.filter(landlord=cast.alder).count() == 2
    assert "Carys" not in page.get_text()


@pytest.mark.row("S86")
@pytest.mark.row("D4")
def test_the_fourth_sub_account_is_refused_on_the_page_and_by_a_crafted_post(cast: Cast, client_of: Browser) -> None:
    amina = client_of("amina")
    sub_account(cast, 2)
    sub_account(cast, 3)
    assert not check(amina.get(USERS)).find("a", string="Create a new user", attrs={"role": "button"})
    assert not check(amina.get(NEW)).select("main form")
    page = check(amina.post(NEW, DINA))
    assert "can have 3 active sub accounts and has as many" in page.get_text()
    assert active(cast) == 3


@pytest.mark.row("S86")
@pytest.mark.row("D4")
def test_deactivated_users_do_not_count_and_reactivating_respects_the_limit(cast: Cast, client_of: Browser) -> None:
    amina = client_of("amina")
    sub_account(cast, 2)
    sub_account(cast, 3)
    amina.post(step(cast, "ben", "deactivate"))
    amina.post(NEW, DINA)
    assert active(cast) == 3
    page = check(amina.post(step(cast, "ben", "reactivate")))
    assert "has as many" in page.select_one(".govuk-error-summary").get_text()
    assert not User.objects.get(pk=cast.ben.user_id).is_active


@pytest.mark.row("S86")
@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_do_not_make_a_fourth() -> None:
    cast = without_ike(the_cast.build())
    sub_account(cast, 2)
    sub_account(cast, 3)
    gone = sub_accounts.deactivate(member(cast, "ben").pk, by=cast.amina)
    refused: list[str] = []

    def attempt(doing) -> None:
        try:
            doing()
        except RuleBroken as broken:
            refused.append(broken.words)

    at_once(
        [lambda n=n: attempt(lambda: sub_account(cast, n)) for n in (10, 11, 12)]
        + [lambda: attempt(lambda: sub_accounts.reactivate(gone.pk, href=str, by=cast.amina))]
    )
    assert active(cast) == 3
    assert len(refused) == 3
    assert all("has as many" in words for words in refused)


@pytest.mark.row("D10")
@pytest.mark.django_db(transaction=True)
def test_the_same_address_asked_for_twice_at_the_same_moment_makes_one_user() -> None:
    cast = without_ike(the_cast.build())
    refused: list[str] = []

    def create(by, email: str) -> None:
        try:
            sub_accounts.create_sub_account(name="Two Landlords", email=email, href=str, by=by)
        except RuleBroken as broken:
            refused.append(broken.field)

    at_once([lambda: create(cast.amina, "same@elm.example"), lambda: create(cast.carys, "SAME@elm.example")])
    assert User.objects.with_address("same@elm.example").count() == 1
    assert refused == ["email"]


@pytest.mark.row("S90")
@pytest.mark.row("S91")
def test_manage_your_users_lists_all_with_state_and_a_three_dot_menu(cast: Cast, client_of: Browser) -> None:
    amina = client_of("amina")
    amina.post(NEW, DINA)
    gone = sub_account(cast, 3)
    sub_accounts.deactivate(gone.pk, by=cast.amina)
    page = check(amina.get(USERS))
    assert page.h1.get_text() == "Manage your users"
    assert "2 of 3 sub accounts in use" in page.get_text()
    rows = {row.th.get_text(strip=True): row for row in page.select("tbody tr")}
    assert list(rows) == ["Amina Yusuf", "Ben Carter", "Dina Ferreira", "Sub 3"]
    assert "Never signed in" in rows["Dina Ferreira"].get_text()
    assert "Deactivated" in rows["Sub 3"].get_text()
    assert not rows["Amina Yusuf"].select(".portal-menu--dots")
    menus = {
        name: [link.get_text(strip=True) for link in row.select(".portal-menu--dots li a")]
        for name, row in rows.items()
    }
    assert menus["Ben Carter"] == ["Reset password", "Deactivate"]
    assert menus["Sub 3"] == ["Reactivate"]
    assert rows["Ben Carter"].summary.get_text(strip=True) == "Options for Ben Carter"


def test_the_list_takes_the_same_statements_for_3_users_and_for_60(cast: Cast, client_of: Browser) -> None:
    amina = client_of("amina")
    few = statements(lambda: amina.get(USERS))
    Landlord.objects.filter(pk=cast.alder.pk).update(sub_account_limit=100)
    for number in range(19):
        sub_account(cast, number)
    for number in range(40):
        user = User.objects.create_user(email=f"u{number}@alder.example", name=f"User {number}")
        Membership.objects.create(landlord=cast.alder, user=user, role="sub account")
    assert statements(lambda: amina.get(USERS)) == few
    assert few <= 9


@pytest.mark.row("S92")
def test_reset_password_kills_the_old_one_and_mails_a_link_for_an_hour(cast: Cast, client_of: Browser) -> None:
    amina, ben, waiting = client_of("amina"), client_of("ben"), Client()
    type_password(waiting, "ben@alder.example", PASSWORD)
    code = ask_for_code(waiting, "ben@alder.example")
    asked = check(amina.get(step(cast, "ben", "reset")))
    assert "the old one stops now" in asked.select_one("main form button").get_text()
    assert ben.get("/").status_code == 200  # asking changed nothing
    check(amina.post(step(cast, "ben", "reset"), follow=True))
    assert ben.get("/").status_code == 302
    assert type_password(Client(), "ben@alder.example", PASSWORD).status_code == 200  # refused: the page again
    type_code(waiting, code)
    assert waiting.get("/").status_code == 302  # a sign-in that had begun with the old password
    (mail,) = mails_to("ben@alder.example", "password reset")
    path = words_of(mail).split("http://testserver")[1].split()[0]
    with clock.moved_to(clock.now() + timedelta(minutes=61)):
        assert Client().get(path).status_code == 410
    assert Client().get(path).status_code == 200
    assert AuditRow.objects.filter(verb="password reset", actor_id=cast.amina.user_id).count() == 1


@pytest.mark.row("S92")
@pytest.mark.row("H30")
def test_resetting_over_and_over_does_not_flood_a_mailbox(cast: Cast, client_of: Browser) -> None:
    amina = client_of("amina")
    for _ in range(8):
        page = check(amina.post(step(cast, "ben", "reset"), follow=True))
    assert "several times in the last hour" in page.get_text()
    assert len(mails_to("ben@alder.example", "password reset")) == 5
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        sub_accounts.reset_password(member(cast, "ben").pk, href=str, by=cast.amina)
    assert len(mails_to("ben@alder.example", "password reset")) == 6


@pytest.mark.row("S93")
def test_deactivating_ends_the_live_session_at_once_refuses_sign_in_and_keeps_the_name(
    cast: Cast, client_of: Browser
) -> None:
    amina, ben = client_of("amina"), client_of("ben")
    tasks.complete_task(task_on(cast), completed_on=clock.today(), by=cast.ben)
    check(amina.post(step(cast, "ben", "deactivate"), follow=True))
    answer = ben.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")
    assert not Session.objects.filter(user_id=cast.ben.user_id).exists()
    refused = check(type_password(Client(), "ben@alder.example", PASSWORD))
    assert "The e-mail address or password is not right" in refused.get_text()
    Client().post(reverse("account_reset_password"), {"email": "ben@alder.example"})
    assert not mails_to("ben@alder.example", "password link")
    assert "Ben Carter" in check(amina.get(f"/cases/{cast.case.reference}/")).get_text()
    assert AuditRow.objects.filter(verb="deactivated", actor_id=cast.amina.user_id).exists()


@pytest.mark.row("S93")
@pytest.mark.row("H19")
def test_what_a_deactivated_person_had_sent_and_not_submitted_expires(cast: Cast, client_of: Browser) -> None:
    target = documents.target_of(cast.case)
    files.receive("log.txt", [b"1 March: leak reported\n"], target=target, by=cast.ben)
    kept = files.receive("mine.txt", [b"2 March: called\n"], target=target, by=cast.amina)
    client_of("amina").post(step(cast, "ben", "deactivate"))
    assert not files.waiting(target=target, by=cast.ben).exists()
    files.expire_uploads(clock.now())
    assert list(Upload.objects.all()) == [kept]


@pytest.mark.row("S93")
@pytest.mark.row("D5")
def test_what_was_assigned_to_somebody_deactivated_says_so_and_is_given_to_somebody_else(
    cast: Cast, client_of: Browser
) -> None:
    amina, task = client_of("amina"), task_on(cast)
    cases.assign_colleague(cast.case, colleague_id=cast.ben.user_id, by=cast.amina)
    tasks.assign_task(task, colleague_id=cast.ben.user_id, by=cast.amina)
    asked = check(amina.get(step(cast, "ben", "deactivate"))).get_text()
    assert "1 open case and 1 outstanding task are assigned to Ben Carter" in asked
    amina.post(step(cast, "ben", "deactivate"))
    for address, post in (
        (f"/cases/{cast.case.reference}/", f"/cases/{cast.case.reference}/"),
        (f"/tasks/{task.pk}/", f"/tasks/{task.pk}/assign/"),
    ):
        chosen = check(amina.get(address)).select_one("select[name=colleague] option[selected]")
        assert chosen.get_text(strip=True) == "Ben Carter (no longer active)"
        check(amina.post(post, {"colleague": chosen["value"]}, follow=True))  # saved as it was
        assert check(amina.get(address)).select_one("select option[selected]")["value"] == str(cast.ben.user_id)
        check(amina.post(post, {"colleague": str(cast.amina.user_id)}, follow=True))
        offered = check(amina.get(address)).select("select[name=colleague] option")
        assert "Ben Carter (no longer active)" not in [option.get_text(strip=True) for option in offered]
        assert check(amina.post(post, {"colleague": str(cast.ben.user_id)})).select(".govuk-error-message")
    with pytest.raises(RuleBroken, match="your own colleagues"):
        tasks.assign_task(task, colleague_id=cast.ben.user_id, by=cast.amina)


@pytest.mark.row("S93")
def test_the_list_of_tasks_says_that_a_colleague_is_no_longer_active(cast: Cast, client_of: Browser) -> None:
    tasks.assign_task(task_on(cast), colleague_id=cast.ben.user_id, by=cast.amina)
    sub_accounts.deactivate(member(cast, "ben").pk, by=cast.amina)
    assert "Assigned to Ben Carter (no longer active)" in check(client_of("amina").get("/tasks/")).get_text()


@pytest.mark.row("H47")
def test_somebody_deactivated_between_the_event_and_the_telling_hears_nothing(cast: Cast) -> None:
    while fan_out_one(clock.now()):
        pass
    before = bell_of(cast.ben).count()
    task_on(cast)
    sub_accounts.deactivate(member(cast, "ben").pk, by=cast.amina)
    while fan_out_one(clock.now()):
        pass
    assert bell_of(cast.ben).count() == before
    assert bell_of(cast.amina)[0].entry.details["title"] == "Send the repair log"


def test_reactivating_mails_a_link_and_the_old_password_stays_dead(cast: Cast, client_of: Browser) -> None:
    amina = client_of("amina")
    amina.post(step(cast, "ben", "deactivate"))
    check(amina.get(step(cast, "ben", "reactivate")))
    check(amina.post(step(cast, "ben", "reactivate"), follow=True))
    assert type_password(Client(), "ben@alder.example", PASSWORD).status_code == 200
    path = words_of(mails_to("ben@alder.example", "account reactivated")[0]).split("http://testserver")[1].split()[0]
    ben = Client()
    ben.post(path, {"password": "another-good-password", "again": "another-good-password"})
    sign_in_by_pages(ben, "ben@alder.example", "another-good-password")
    assert ben.get("/").status_code == 200


def test_a_step_that_is_no_longer_possible_is_refused_in_words(cast: Cast, client_of: Browser) -> None:
    amina = client_of("amina")
    assert "active already" in check(amina.post(step(cast, "ben", "reactivate"))).get_text()
    amina.post(step(cast, "ben", "deactivate"))
    assert "deactivated already" in check(amina.post(step(cast, "ben", "deactivate"))).get_text()
    assert "is deactivated" in check(amina.post(step(cast, "ben", "reset"))).get_text()


@pytest.mark.row("S19")
@pytest.mark.row("H44")
def test_the_main_account_and_other_landlords_users_are_out_of_reach(cast: Cast, client_of: Browser) -> None:
    amina = client_of("amina")
    stranger = Membership.objects.create(
        landlord=cast.birch, user=User.objects.create_user(email="x@birch.example", name="Xan"), role="sub account"
    )
    for target in (member(cast, "amina").pk, member(cast, "carys").pk, stranger.pk, 0):
        for what in ("reset", "deactivate", "reactivate"):
            address = reverse(f"landlord:user_{what}", args=[target])
            assert amina.get(address).status_code == 404
            assert amina.post(address).status_code == 404
    assert User.objects.filter(is_active=True).count() == User.objects.count()


@pytest.mark.row("S19")
@pytest.mark.row("D10")
def test_the_administrator_sees_the_own_address_and_cannot_change_it_by_a_crafted_post(
    cast: Cast, client_of: Browser
) -> None:
    amina = client_of("amina")
    page = check(amina.get("/account/"))
    assert "amina@alder.example" in page.get_text()
    assert not page.select("main input")
    assert amina.post("/account/", {"email": "evil@elsewhere.example"}).status_code == 405
    for path in ("/account/email/", "/accounts/email/", "/email/"):
        assert amina.post(path, {"email": "evil@elsewhere.example", "action_add": ""}).status_code == 404
    amina.post(
        "/account/password/",
        {
            "current": PASSWORD,
            "password": "a-new-long-password",
            "again": "a-new-long-password",
            "email": "evil@x.example",
        },
    )
    assert User.objects.get(pk=cast.amina.user_id).email == "amina@alder.example"


@pytest.mark.row("H47")
def test_somebody_who_was_the_administrator_until_now_is_refused(cast: Cast) -> None:
    Membership.objects.filter(user_id=cast.amina.user_id).update(role="sub account")
    with pytest.raises(NotAllowed):
        sub_account(cast, 5)
