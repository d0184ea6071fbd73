"""What a browser may answer for a passkey: whose it is, and that nonsense of any kind is refused in words (H26)."""

import json
from base64 import urlsafe_b64encode

import pytest
from allauth.account.utils import url_str_to_user_pk
from django.test import Client

from portal.accounts.models import User
from portal.pages.account.factor_adapter import FactorAdapter

pytestmark = pytest.mark.django_db


def encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def answer(client_data: bytes = b"{}", authenticator_data: bytes = b"") -> str:
    parts = {
        "clientDataJSON": encoded(client_data),
        "authenticatorData": encoded(authenticator_data),
        "signature": encoded(b"x"),
        "userHandle": encoded(b"1"),
    }
    return json.dumps(
        {"id": "eA", "rawId": "eA", "type": "public-key", "response": parts, "clientExtensionResults": {}}
    )


FLAGS = b"\0" * 32 + b"\x85" + b"\0" * 4  # a hash of the site, user present and verified, extensions follow


@pytest.mark.parametrize("number", [9, 10, 33, 36, 123_456])
def test_the_name_that_a_passkey_keeps_of_its_owner_leads_back_to_them(number: int) -> None:
    owner = User(pk=number, email="a@alder.example", name="A")
    handle = FactorAdapter().get_public_key_credential_user_entity(owner)["id"].decode()
    assert url_str_to_user_pk(handle) == number


@pytest.mark.row("H26")
@pytest.mark.parametrize(
    "credential",
    [
        "",
        "no json",
        "[" * 19_990,
        '{"a":' * 3_900,
        answer(b"[" * 9_000),
        answer(authenticator_data=FLAGS + b"\x81" * 9_000),
        answer(authenticator_data=FLAGS + b"\x19"),
        answer(authenticator_data=b"short"),
    ],
    ids=["empty", "words", "nested", "nested maps", "nested data", "nested CBOR", "cut CBOR", "short"],
)
def test_an_answer_that_is_none_is_refused_in_words(credential: str) -> None:
    client = Client()
    assert client.get("/sign-in/passkey/", headers={"accept": "application/json"}).status_code == 200
    page = client.post("/sign-in/passkey/", {"credential": credential}, follow=True)
    assert page.status_code == 200
    assert "We could not sign you in with that passkey" in page.content.decode()
