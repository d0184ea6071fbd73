"""The Demo mailbox: shows what was sent and nothing else of the machine; there only in demo mode."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from django.urls import include, path

from portal.config import urls as portal_urls
from tests.well_formed import check

pytestmark = [pytest.mark.django_db]
# The portal's addresses in demo mode: portal/config/urls.py adds this line by the setting, once, when it is read.
DEMO_ADDRESSES = [path("demo/", include("portal.demo.urls")), *portal_urls.urlpatterns]


class DemoAddresses:
    urlpatterns = DEMO_ADDRESSES
    handler404 = staticmethod(portal_urls.handler404) if callable(portal_urls.handler404) else portal_urls.handler404


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.PORTAL_DATA = tmp_path
    settings.PORTAL_DEMO = True
    settings.ROOT_URLCONF = DemoAddresses
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


def keep(
    folder: Path, number: int, *, to: str = "amina@alder.example", subject: str = "Your code", text: str = "123456"
) -> str:
    message = EmailMessage()
    message["To"], message["Subject"], message["From"] = to, subject, "Landlord Portal <no-reply@portal.example>"
    message.set_content(text)
    name = f"20261123T09{number // 60:02}{number % 60:02}.000000Z-{number:06d}.eml"
    (folder / name).write_bytes(message.as_bytes())
    return name


def fetch(address: str):
    return Client().get(address)


def read(address: str):
    response = fetch(address)
    assert response.status_code == 200
    return check(response)


def test_an_empty_mailbox_says_what_to_do(folder):
    assert "No mail yet" in read("/demo/mailbox/").get_text()


def test_a_mailbox_whose_folder_is_missing_is_empty(folder):
    folder.rmdir()
    assert "No mail yet" in read("/demo/mailbox/").get_text()


def test_mails_are_shown_newest_first_without_signing_in(folder):
    for number in (1, 2, 3):
        keep(folder, number, subject=f"Mail {number}")
    rows = read("/demo/mailbox/").select("tbody tr")
    assert [row.a.get_text() for row in rows] == ["Mail 3", "Mail 2", "Mail 1"]
    assert "23 November 2026 at 9:00am" in rows[0].get_text()


def test_a_mail_opens_with_its_text_and_recipient(folder):
    name = keep(folder, 1, text="Dear Amina\n\nYour code is 123456.\n")
    soup = read(f"/demo/mailbox/{name}/")
    assert "amina@alder.example" in soup.get_text()
    assert "Your code is 123456." in soup.main.get_text()


def test_only_addresses_of_the_portal_can_be_followed(folder, settings):
    settings.PORTAL_URL = "http://portal.example"
    text = (
        "Sign in at http://portal.example/sign-in/.\n"
        "Not http://evil.example/ nor http://portal.example.evil.example/ nor http://portal.example@evil.example/\n"
        "nor javascript:alert(1) nor <script>alert(1)</script>"
    )
    main = read(f"/demo/mailbox/{keep(folder, 1, text=text)}/").main
    assert [link["href"] for link in main.select("a")] == ["http://portal.example/sign-in/"]
    assert main.select("script") == []
    assert "http://evil.example/" in main.get_text()


def test_the_mails_to_one_address_can_be_picked(folder):
    keep(folder, 1, to="amina@alder.example", subject="To Amina")
    keep(folder, 2, to="dev@ombudsman.example", subject="To Dev")
    soup = read("/demo/mailbox/?to=AMINA")
    assert [row.a.get_text() for row in soup.select("tbody tr")] == ["To Amina"]
    assert soup.select_one("#to")["value"] == "AMINA"
    assert "No e-mails to this address" in read("/demo/mailbox/?to=nobody%22%3E").get_text()


def test_a_full_mailbox_has_pages_that_keep_the_filter(folder):
    for number in range(30):
        keep(folder, number)
    first, second = read("/demo/mailbox/?to=amina"), read("/demo/mailbox/?to=amina&page=2")
    assert (len(first.select("tbody tr")), len(second.select("tbody tr"))) == (25, 5)
    assert "Showing 1 to 25 of 30 e-mails" in first.get_text()
    assert any("to=amina" in link["href"] and "page=2" in link["href"] for link in first.select("a"))


@pytest.mark.row("H7")
@pytest.mark.parametrize(
    "name",
    ["..%2Fsecret.eml", "%2Fetc%2Fpasswd", "..", "secret.eml", ".hidden.eml", "link.eml", "notes.txt", "a%00.eml"],
)
def test_no_name_leads_out_of_the_mailbox(folder, name):
    (folder.parent / "secret.eml").write_text("To: a@b.example\n\nsecret")
    (folder / ".hidden.eml").write_text("To: a@b.example\n\nsecret")
    (folder / "notes.txt").write_text("secret")
    (folder / "link.eml").symlink_to(folder.parent / "secret.eml")
    response = fetch(f"/demo/mailbox/{name}/")
    assert response.status_code == 404
    assert b"secret" not in response.content.replace(b"secret.eml", b"")
    assert "secret" not in read("/demo/mailbox/").get_text()


def test_a_mail_that_is_no_proper_mail_is_shown_as_far_as_it_goes(folder):
    (folder / "20261123T090000.000000Z-000001.eml").write_bytes(b"\xff\xfe\x00 nonsense")
    (folder / "odd.eml").write_bytes(b"To: a@b.example\nContent-Type: text/plain; charset=klingon\n\nQapla\xe9\n")
    assert len(read("/demo/mailbox/").select("tbody tr")) == 2
    assert "Qapla" in read("/demo/mailbox/odd.eml/").get_text()
    read("/demo/mailbox/20261123T090000.000000Z-000001.eml/")


def test_the_mailbox_can_only_be_read(folder):
    name = keep(folder, 1)
    assert Client().post("/demo/mailbox/").status_code == 405
    assert Client().post(f"/demo/mailbox/{name}/").status_code == 405
    assert (folder / name).exists()


def test_outside_demo_mode_there_is_no_mailbox():
    assert fetch("/demo/mailbox/").status_code == 404
