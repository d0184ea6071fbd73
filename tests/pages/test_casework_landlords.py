"""The portal team's pages: the register, inviting, inviting again, the e-mail log; and who may do what in this area."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import User
from portal.audit.models import AuditRow
from portal.cases import actions as cases
from portal.landlords import actions
from portal.landlords.models import Landlord, LandlordState, Membership
from portal.lib.claims import ClaimState
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.pages.casework import urls as casework_urls
from portal.pages.casework.determination import urls as determination_urls
from portal.pages.office import urls as office_urls
from portal.pages.office.content import urls as content_urls
from portal.pages.office.restrictions import urls as restriction_urls
from portal.pages.office.support import urls as support_urls
from portal.teams.models import StaffMember
from tests.cast import Cast
from tests.conftest import Browser
from tests.pages import casework_scene
from tests.signing_in import link_in_mail, sign_in_by_pages
from tests.well_formed import check

pytestmark = pytest.mark.both  # filters

INVITE = "/casework/landlords/invite/"
CEDAR = {
    "name": "Cedar & Sons",
    "kind": "Charity",
    "homes": "1200",
    "administrator_name": "Cyd O’Hara",
    "email": "Cyd@cedar.example",
}


def invite(cast: Cast, name: str = "Cedar", email: str = "cyd@cedar.example") -> Landlord:
    return actions.invite_landlord(
        name=name, administrator_name="Cyd Hara", email=email, kind="Charity", homes=None, by=cast.gwen
    )


def rows(page) -> list[str]:
    return [row.get_text(" ", strip=True) for row in page.select("tbody tr")]


@pytest.mark.row("C3")
@pytest.mark.row("S9")
@pytest.mark.row("S11")
def test_inviting_makes_landlord_and_administrator_and_sends_a_mail_without_link_or_password(
    cast: Cast, client_of: Browser
) -> None:
    page = check(client_of("gwen").post(INVITE, CEDAR, follow=True))
    landlord = Landlord.objects.get(name="Cedar & Sons")
    assert landlord.state == LandlordState.INVITED
    assert "Cedar & Sons invited" in page.get_text()
    person = User.objects.get(email__iexact="cyd@cedar.example")
    assert not person.has_usable_password()
    mail = OutgoingMail.objects.get(kind="invitation")
    assert mail.to_address == person.email
    assert "Forgot your password" in mail.body
    assert not re.search(r"/(reset|password|link)/\S{8,}", mail.body)
    assert AuditRow.objects.filter(verb="landlord invited", actor_id=cast.gwen.user_id).exists()


@pytest.mark.row("C3")
@pytest.mark.row("D10")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "alder homes"}, "name"),
        ({"name": ""}, "name"),
        ({"email": "AMINA@alder.example"}, "email"),
        ({"email": "dev@ombudsman.example"}, "email"),
        ({"email": "nobody"}, "email"),
        ({"administrator_name": " "}, "administrator_name"),
        ({"homes": "many"}, "homes"),
        ({"homes": "-1"}, "homes"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    cast: Cast, client_of: Browser, wrong: dict[str, str], field: str
) -> None:
    page = check(client_of("gwen").post(INVITE, {**CEDAR, **wrong}))
    assert page.select_one(f"#id_{field}-error")
    assert Landlord.objects.count() == 2
    kept = "administrator_name" if field != "administrator_name" else "name"
    assert page.select_one(f"#id_{kept}")["value"] == CEDAR[kept]


@pytest.mark.row("C3")
def test_the_register_shows_who_never_came_and_the_invitation_is_sent_again(cast: Cast, client_of: Browser) -> None:
    landlord = invite(cast)
    gwen = client_of("gwen")
    assert rows(check(gwen.get("/casework/landlords/?state=invited")))[0].startswith("Cedar Charity Invited")
    address = f"/casework/landlords/{landlord.pk}/"
    page = check(gwen.get(address))
    assert "Never signed in" in rows(page)[0]
    gwen.post(page.select_one("main form")["action"])
    assert OutgoingMail.objects.filter(kind="invitation", to_address="cyd@cedar.example").count() == 2


@pytest.mark.row("C3")
def test_a_landlord_that_uses_the_portal_is_not_invited_again(cast: Cast, client_of: Browser) -> None:
    gwen, address = client_of("gwen"), f"/casework/landlords/{cast.alder.pk}/"
    assert not check(gwen.get(address)).select("main form")
    page = check(gwen.post(f"{address}invite-again/", follow=True))
    assert "uses the portal already" in page.get_text()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["Alder Homes", "Birch Homes"]),
        ("?name=birch", ["Birch Homes"]),
        ("?name=BEN%40alder", ["Alder Homes"]),
        ("?name=Carys", ["Birch Homes"]),
        ("?name=nobody", []),
        ("?name=%00", ["Alder Homes", "Birch Homes"]),
    ],
)
def test_a_landlord_is_found_by_its_name_or_one_of_its_people(
    cast: Cast, client_of: Browser, query: str, wanted: list[str]
) -> None:
    page = check(client_of("gwen").get(f"/casework/landlords/{query}"))
    assert [cell.a.get_text() for cell in page.select("tbody th")] == wanted


@pytest.mark.row("H41")
def test_the_number_of_open_cases_is_the_length_of_the_list_it_leads_to(cast: Cast, client_of: Browser) -> None:
    Landlord.objects.create(name="Alder")
    dev = client_of("dev")
    for address in ("/casework/landlords/", f"/casework/landlords/{cast.alder.pk}/"):
        link = check(dev.get(address)).select_one('main a[href*="/casework/cases/?landlord=Alder%20Homes"]')
        number = int(re.findall(r"\d+", link.get_text().split(":")[-1])[0])
        assert len(rows(check(dev.get(link["href"])))) == number == 2
    gwen = check(client_of("gwen").get("/casework/landlords/"))
    assert not gwen.select('main a[href*="/casework/cases/"]')


@pytest.mark.row("D11")
def test_the_open_cases_that_the_landlord_does_not_see_yet_are_named_beside_the_others(
    cast: Cast, client_of: Browser
) -> None:
    gwen = client_of("gwen")
    page = check(gwen.get("/casework/landlords/"))
    heads = [head.get_text(strip=True) for head in page.select("thead th")]
    assert heads[-2:] == ["Open cases", "Not yet released"]
    numbers = {
        row.th.a.get_text(): [cell.get_text(" ", strip=True)[-1] for cell in row.select("td")[-2:]]
        for row in page.select("tbody tr")
    }
    assert numbers == {"Alder Homes": ["2", "1"], "Birch Homes": ["1", "0"]}
    page = check(gwen.get(f"/casework/landlords/{cast.alder.pk}/"))
    assert "2 open cases, 1 of them not yet released to the landlord" in " ".join(page.main.get_text(" ").split())
    assert len(rows(check(client_of("amina").get("/cases/open/")))) == 2 - 1
    page = check(gwen.get(f"/casework/landlords/{cast.birch.pk}/"))
    assert "not yet released" not in page.main.get_text()


def test_the_register_is_a_fixed_number_of_statements(cast: Cast, client_of: Browser) -> None:
    gwen = client_of("gwen")
    gwen.get("/casework/landlords/")
    with CaptureQueriesContext(connection) as few:
        gwen.get("/casework/landlords/")
    for number in range(60):
        Landlord.objects.create(name=f"Landlord {number:02}")
    with CaptureQueriesContext(connection) as many:
        page = check(gwen.get("/casework/landlords/"))
    assert len(rows(page)) == 50
    assert len(few) == len(many) <= 10


def test_looking_at_a_landlords_people_is_recorded(cast: Cast, client_of: Browser) -> None:
    cast.users["ben"].is_active = False
    cast.users["ben"].save()
    page = check(client_of("hana").get(f"/casework/landlords/{cast.alder.pk}/"))
    assert [("Deactivated" in row) for row in rows(page)] == [False, False, True]
    row = AuditRow.objects.filter(verb="landlord opened").latest("id")
    assert (row.actor_id, row.record_id) == (cast.hana.user_id, str(cast.alder.pk))


@pytest.mark.row("C28")
def test_the_mail_log_answers_i_never_got_it_and_never_shows_what_a_mail_says(cast: Cast, client_of: Browser) -> None:
    post = {"subject": "Subject 998877", "kind": "sign-in code"}
    outbox.post(to="amina@alder.example", body="Your code is 123456", is_secret=True, **post)
    outbox.post(to="carys@birch.example", body="Body 445566", **{**post, "kind": "notification: task set"})
    OutgoingMail.objects.filter(to_address__startswith="carys").update(
        claim_state=ClaimState.FAILED, claim_error="The receiving mail server refused the address", claim_attempts=3
    )
    gwen = client_of("gwen")
    page = check(gwen.get("/casework/mail/"))
    assert len(rows(page)) == 2
    assert "Failed 3 attempts" in rows(page)[0]
    assert "refused the address" in rows(page)[0]
    assert "Waiting to be sent" in rows(page)[1]
    html = str(page)
    assert not [secret for secret in ("998877", "123456", "445566") if secret in html]
    sealed = OutgoingMail.objects.get(is_secret=True).body
    assert sealed
    assert sealed not in html


@pytest.mark.row("C28")
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", 3),
        ("?state=failed", 1),
        ("?address=ALDER", 2),
        ("?address=alder&state=failed", 0),
        ("?state=nonsense", 3),
        ("?address=%00", 3),
    ],
)
def test_the_mail_log_is_narrowed_by_state_and_address(cast: Cast, client_of: Browser, query: str, wanted: int) -> None:
    for to in ("amina@alder.example", "ben@alder.example", "carys@birch.example"):
        outbox.post(to=to, subject="s", body="b", kind="invitation")
    OutgoingMail.objects.filter(to_address__startswith="carys").update(claim_state=ClaimState.FAILED)
    assert len(rows(check(client_of("hana").get(f"/casework/mail/{query}")))) == wanted


@pytest.mark.row("C28")
def test_the_mail_log_is_cut_into_pages_of_50_and_keeps_its_filter(cast: Cast, client_of: Browser) -> None:
    for number in range(55):
        outbox.post(to=f"p{number}@alder.example", subject="s", body="b", kind="invitation")
    page = check(client_of("gwen").get("/casework/mail/?address=alder"))
    assert len(rows(page)) == 50
    assert "address=alder" in page.select_one(".govuk-pagination__next a")["href"]


def every_address(cast: Cast) -> dict[str, str]:
    """Each address of the casework and of the register, with a record that exists."""
    scene = casework_scene.build(cast)
    values = {
        "reference": cast.case.reference,
        "task_id": scene.checking.pk,
        "document_id": scene.letter.pk,
        "thread_id": scene.thread.pk,
        "landlord_id": cast.alder.pk,
        "member_id": Membership.objects.get(user_id=cast.ben.user_id).pk,
        "staff_id": StaffMember.objects.get(user_id=cast.dev.user_id).pk,
        "user_id": cast.amina.user_id,
        "key": "overdue",
    }
    held_elsewhere = [*support_urls.urlpatterns, *content_urls.urlpatterns, *restriction_urls.urlpatterns]
    held_elsewhere += determination_urls.urlpatterns  # by the matrix of all routes
    found = {}
    for area, patterns in (("casework", casework_urls.urlpatterns), ("office", office_urls.urlpatterns)):
        for pattern in [one for one in patterns if one not in held_elsewhere]:
            names = pattern.pattern.converters
            found[str(pattern.name)] = reverse(f"{area}:{pattern.name}", kwargs={name: values[name] for name in names})
    return found


# Who may read which page, and who may write there: everything that is not listed is refused.
CASES = {
    "worklist",
    "queue",
    "search",
    "cases",
    "case",
    "case_tasks",
    "task",
    "documents",
    "document",
    "messages",
    "thread",
}
WRITES = {
    "case_new", "case_release", "case_move", "case_hand_over", "task_new", "task_accept", "task_return", "task_extend",
    "task_change", "task_cancel", "task_answer", "document_new", "uploads_seen", "message_new",
}  # fmt: skip
INVITES = {
    "landlord_invite", "landlord_invite_again", "landlord_limit", "landlord_hand_over", "landlord_address", "factors",
    "people", "person_new", "person", "person_reset", "person_deactivate", "person_reactivate",
}  # fmt: skip
REGISTER = {"landlords", "landlord"}
MAILS = {"mail_log", "mail_notifications"}
READS = {
    "dev": CASES | WRITES | REGISTER,
    "farid": CASES | WRITES | REGISTER,
    "gwen": {"worklist"} | REGISTER | INVITES | MAILS,
    "hana": CASES | REGISTER | MAILS,
    "amina": set(),
    "carys": set(),
}


@pytest.mark.row("C1")
@pytest.mark.row("H43")
@pytest.mark.parametrize("who", READS)
def test_every_page_of_the_service_is_read_only_by_those_who_may(cast: Cast, client_of: Browser, who: str) -> None:
    client, addresses = client_of(who), every_address(cast)
    assert set(addresses) == CASES | WRITES | INVITES | REGISTER | MAILS
    for name, address in addresses.items():
        status = client.get(address).status_code
        allowed = name in READS[who]
        assert (status in {200, 302, 405}) == allowed, (name, status)
        assert allowed or status == 403, (name, status)


@pytest.mark.row("C1")
@pytest.mark.row("H43")
@pytest.mark.parametrize("who", ["hana", "amina", "carys", "gwen"])
def test_nobody_without_the_permission_writes_by_any_address(cast: Cast, client_of: Browser, who: str) -> None:
    client, addresses = client_of(who), every_address(cast)
    before = AuditRow.objects.count()
    for name, address in addresses.items():
        if who == "gwen" and name in INVITES | {"worklist"}:
            continue
        status = client.post(address, {"body": "x", "do": "send", "reason": "x", "up_to": "1"}).status_code
        assert status in {403, 405}, (name, status)
    assert AuditRow.objects.count() == before


@pytest.mark.row("H39")
def test_nobody_reads_or_writes_without_signing_in(cast: Cast, client) -> None:
    for address in every_address(cast).values():
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 302
            assert "/sign-in" in answer["Location"] or "next" in answer["Location"]


@pytest.mark.row("D11")
@pytest.mark.row("H40")
def test_a_hidden_case_is_nowhere_in_the_landlords_wing(cast: Cast, client_of: Browser) -> None:
    casework_scene.new_task(cast.hidden, cast.dev)
    amina, reference = client_of("amina"), cast.hidden.reference
    for tab in ("", "tasks/", "documents/", "messages/", "messages/new/"):
        assert amina.get(f"/cases/{reference}/{tab}").status_code == 404, tab
    for address in ("/", "/cases/open/", "/cases/closed/", "/tasks/", "/notifications/"):
        text = amina.get(address).content.decode()
        assert reference not in text
        assert cast.hidden.resident_name not in text
    cases.release_case(cast.hidden, by=cast.dev)
    assert reference in amina.get("/cases/open/").content.decode()


@pytest.mark.row("S11")
@pytest.mark.row("S12")
def test_from_one_address_come_landlord_and_administrator_who_signs_in_with_it(cast: Cast, client_of: Browser) -> None:
    check(client_of("gwen").post(INVITE, CEDAR, follow=True))
    member = Membership.objects.get(landlord__name="Cedar & Sons")
    assert (member.role, member.user.email) == ("administrator", "Cyd@cedar.example")
    cyd = Client()
    cyd.post("/forgotten-password/", {"email": CEDAR["email"]})
    cyd.post(link_in_mail(CEDAR["email"]), {"password": "a-walk-by-the-river", "again": "a-walk-by-the-river"})
    assert sign_in_by_pages(cyd, CEDAR["email"], "a-walk-by-the-river").url == "/"
    page = check(cyd.get("/account/")).get_text(" ")
    assert "Cyd@cedar.example" in page
    assert check(cyd.get("/users/")).h1, "it is the administrator account"
