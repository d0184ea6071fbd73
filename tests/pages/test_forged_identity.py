"""What a proxy would write about who is asking, sent by anybody: ignored, also in the addresses that mails carry (H34)."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.house.test_web_server import IDENTITY
from tests.signing_in import mails_to, sign_in, words_of

AMINA = "amina@alder.example"


@pytest.mark.row("H34")
@pytest.mark.parametrize("name", IDENTITY)
def test_an_identity_in_a_header_signs_nobody_in_and_makes_nobody_another(cast: Cast, name: str) -> None:
    key = f"HTTP_{name.upper().replace('-', '_')}"
    for forged in ({key: AMINA}, {key: str(cast.users["amina"].pk)}):
        assert Client().get("/account/", **forged).url.startswith("/sign-in/")
        carys = Client()
        sign_in(carys, cast.users["carys"])
        page = carys.get("/account/", **forged).content.decode()
        assert "carys@birch.example" in page
        assert AMINA not in page
        assert carys.get("/cases/202601234/", **forged).status_code == 404


@pytest.mark.row("H34")
@pytest.mark.parametrize("name", ["HTTP_X_FORWARDED_HOST", "HTTP_X_HOST", "HTTP_FORWARDED", "HTTP_X_FORWARDED_PROTO"])
def test_a_forged_host_does_not_get_into_the_link_of_a_mail(cast: Cast, name: str) -> None:
    Client().post("/forgotten-password/", {"email": AMINA}, **{name: "evil.example"})
    (mail,) = mails_to(AMINA, "password link")
    assert "evil.example" not in words_of(mail)
    assert "http://testserver/new-password/" in words_of(mail)


@pytest.mark.row("H34")
def test_another_host_is_refused(cast: Cast) -> None:
    answer = Client().post("/forgotten-password/", {"email": AMINA}, HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert not mails_to(AMINA, "password link")
