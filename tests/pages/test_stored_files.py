"""No address gives the bytes of a stored file but to whoever may open it now (H20). There are no signed addresses."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Session
from portal.files.models import StoredFile
from portal.lib import clock
from tests import world
from tests.cast import Cast
from tests.conftest import Browser
from tests.house.resolver import routes
from tests.signing_in import sign_in

PEOPLE = ("amina", "dev", "gwen", "hana", "ines")


def _addresses_of_bytes(cast: Cast) -> dict[str, str]:
    """Every address that answers somebody with a file to keep: address -> who."""
    values, found = world.build(cast), {}
    for route in routes():
        if not route.parameters or route.view.guard.name == "public":
            continue
        address = reverse(route.name, kwargs={one: values.get(one, 0) for one in route.parameters})
        for person in PEOPLE:
            client = Client()
            sign_in(client, cast.users[person])
            answer = client.get(address)
            if "attachment" in answer.headers.get("Content-Disposition", ""):
                found.setdefault(address, person)
    return found


@pytest.mark.row("H20")
def test_every_stored_file_is_closed_without_a_session_to_another_landlord_and_after_the_time_out(cast: Cast) -> None:
    found = _addresses_of_bytes(cast)
    assert len(found) >= 5, found
    for address, person in found.items():
        assert Client().get(address).url.startswith("/sign-in/"), address
        carys = Client()
        sign_in(carys, cast.users["carys"])
        assert carys.get(address).status_code in {403, 404}, address
        client = Client()
        sign_in(client, cast.users[person])
        assert client.get(address).status_code == 200
        last = Session.objects.filter(user=cast.users[person]).latest("pk").last_active_at
        with clock.moved_to(last + settings.SESSION_IDLE):
            assert client.get(address).url.startswith("/sign-in/"), address


@pytest.mark.row("H20")
def test_the_place_where_files_lie_has_no_address(cast: Cast, client_of: Browser) -> None:
    world.build(cast)
    amina, keys = client_of("amina"), list(StoredFile.objects.values_list("key", flat=True))
    assert keys
    for key in keys:
        name = key.split("/")[-1]
        for address in (f"/{key}", f"/files/{key}", f"/media/{key}", f"/static/{key}", f"/documents/{name}/"):
            for client in (Client(), amina):
                assert client.get(address).status_code == 404, address
