"""A link that is not for whoever follows it: the page says who is signed in, lets them sign out, and leads to the same
thing in their own wing if they may see it there. It never says whether anything exists."""

import re

import pytest
from django.test import Client

from tests import world
from tests.cast import Cast
from tests.signing_in import link_in_mail
from tests.well_formed import check

pytestmark = pytest.mark.row("S1")


@pytest.fixture
def made(cast: Cast) -> dict[str, object]:
    return world.build(cast)


def _read(answer, status: int):
    assert answer.status_code == status
    return check(answer)


def _led_to(soup) -> str:
    link = soup.find("a", string=re.compile("^Go to (?!the start page)"))
    return link["href"] if link else ""


PAGES = (  # of the landlord, of casework
    ("/cases/202601234/", "/casework/cases/202601234/"),
    ("/cases/202601234/tasks/", "/casework/cases/202601234/tasks/"),
    ("/cases/202601234/documents/", "/casework/cases/202601234/documents/"),
    ("/cases/202601234/messages/", "/casework/cases/202601234/messages/"),
    ("/cases/202601234/determination/", "/casework/cases/202601234/determination/"),
    ("/cases/202601234/messages/{thread_id}/", "/casework/cases/202601234/messages/{thread_id}/"),
    ("/tasks/{task_id}/", "/casework/tasks/{task_id}/"),
)


@pytest.mark.parametrize(("landlords", "services"), PAGES)
def test_a_link_from_the_other_side_leads_to_the_same_page_of_ones_own(
    cast, made, client_of, landlords: str, services: str
) -> None:
    landlords, services = landlords.format(**made), services.format(**made)
    for who, followed, own in (("dev", landlords, services), ("amina", services, landlords)):
        client = client_of(who)
        answer = client.get(followed)
        assert answer.status_code == 403
        assert _led_to(_read(answer, 403)) == own
        assert client.get(own).status_code == 200


def test_what_has_no_page_of_its_own_over_there_leads_to_where_it_stands(cast, made, client_of) -> None:
    for who, followed, own in (
        ("dev", "/cases/202601234/documents/{document_id}/", "/casework/cases/202601234/documents/"),
        ("dev", "/cases/202601234/receipts/{submission_id}/", "/casework/cases/202601234/documents/"),
        ("dev", "/tasks/{task_id}/completed/", "/casework/tasks/{task_id}/"),
        ("dev", "/cases/202601234/orders/{order_id}/confirm/", "/casework/cases/202601234/determination/"),
        ("dev", "/cases/202601234/messages/99999999/", "/casework/cases/202601234/messages/"),
        ("amina", "/casework/cases/202601234/status/", "/cases/202601234/"),
        ("amina", "/casework/tasks/{task_id}/accept/", "/tasks/{task_id}/"),
        ("amina", "/casework/cases/202601234/documents/{document_id}/", "/cases/202601234/documents/"),
    ):
        soup = _read(client_of(who).get(followed.format(**made)), 403)
        assert _led_to(soup) == own.format(**made), followed


@pytest.mark.parametrize("who", ["carys", "gwen", "ines"])
def test_nobody_learns_what_they_may_not_see(cast, made, client_of, who: str) -> None:
    """Carys is another landlord's; Gwen and Ines see no cases."""
    client = client_of(who)
    for path in (*PAGES[0], *PAGES[5], *PAGES[6], "/casework/cases/202605678/", "/cases/202605678/"):
        real = path.format(**made)
        wrong = real.replace("202601234", "202699999").replace("202605678", "202688888")
        wrong = re.sub(r"/(tasks|messages)/\d+/", r"/\1/99999999/", wrong)
        answers = [client.get(one) for one in (real, wrong)]
        assert {answer.status_code for answer in answers} <= {403, 404}
        told, nothing = (_read(one, one.status_code).main.get_text(" ", strip=True) for one in answers)
        strip = re.compile(r"reference: \S+")
        assert strip.sub("", told) == strip.sub("", nothing), path
        assert answers[0].status_code == answers[1].status_code
        assert "Go to" not in told.replace("Go to the start page", "")


@pytest.mark.parametrize(
    ("who", "path", "status", "place"),
    [
        ("carys", "/cases/202601234/", 404, "Birch Homes"),
        ("carys", "/tasks/{task_id}/", 404, "Birch Homes"),
        ("carys", "/cases/202601234/messages/{thread_id}/", 404, "Birch Homes"),
        ("carys", "/cases/202601234/documents/{document_id}/", 404, "Birch Homes"),
        ("ben", "/users/", 403, "Alder Homes"),
        ("amina", "/no/such/page/", 404, "Alder Homes"),
        ("dev", "/casework/cases/202699999/", 404, "DR2 Triage"),
        ("dev", "/cases/202601234/", 403, "DR2 Triage"),
        ("dev", "/casework/people/", 403, "DR2 Triage"),
    ],
)
def test_it_says_who_is_signed_in_and_signing_out_leads_back_to_the_page(
    cast, made, client_of, who: str, path: str, status: int, place: str
) -> None:
    client, path, user = client_of(who), path.format(**made), cast.users[who]
    soup = _read(client.get(path), status)
    words = soup.main.get_text(" ", strip=True)
    assert f"You are signed in as {user.name} ( {user.email} )" in words
    assert f", {place}." in words
    form = soup.main.select_one("form[method=post]")
    assert form["action"] == "/sign-out/"
    answer = client.post(form["action"], {one["name"]: one["value"] for one in form.select("input[name=next]")})
    assert answer["Location"] == f"/sign-in/?next={path}"
    assert client.get("/account/").status_code == 302


def test_signing_out_leads_to_no_other_site_and_from_a_sent_form_nowhere(cast, client_of) -> None:
    for after in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert client_of("amina").post("/sign-out/", {"next": after})["Location"] == "/sign-in/"
    soup = _read(client_of("dev").post("/cases/202601234/"), 403)
    assert not soup.main.select("input[name=next]")


def test_whoever_is_not_signed_in_reads_of_nobody(db) -> None:
    soup = _read(Client().get("/no/such/page/"), 404)
    assert "signed in as" not in soup.main.get_text()
    assert not soup.main.select("form")


def test_a_password_link_for_somebody_else_says_who_is_signed_in(cast, client_of) -> None:
    Client().post("/forgotten-password/", {"email": "ben@alder.example"})
    soup = _read(client_of("amina").get(link_in_mail("ben@alder.example")), 403)
    assert "amina@alder.example is signed in" in soup.main.get_text()
