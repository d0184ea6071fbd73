"""Who asks is read in one statement with the session, and anew with every request: what changed in between counts at once."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.access.levels import Level
from portal.accounts.models import Session, User
from portal.landlords.models import Membership
from portal.restrictions.models import Restriction
from portal.teams.models import StaffMember
from tests.cast import restrict

pytestmark = pytest.mark.both  # the statement is each database's own

PROFILE = "/account/"


@pytest.mark.parametrize("who", ["amina", "dev", "gwen"])
def test_one_statement_reads_the_session_and_everything_about_its_person(client_of, who: str) -> None:
    client = client_of(who)
    client.get(PROFILE)
    with CaptureQueriesContext(connection) as caught:
        client.get(PROFILE)
    tables = (
        "accounts_session",
        "accounts_user",
        "landlords_membership",
        "teams_staffmember",
        "restrictions_restriction",
    )
    assert [sum(f'FROM "{table}"' in query["sql"] for query in caught) for table in tables[:2]] == [1, 0]
    assert sum(any(table in query["sql"] for table in tables) for query in caught) == 1


def test_a_new_password_ends_a_session_that_was_made_with_the_former_one(cast, client_of) -> None:
    amina = client_of("amina")
    assert amina.get(PROFILE).status_code == 200
    user = User.objects.get(pk=cast.amina.user_id)
    user.set_password("another-horse-battery")
    user.save()
    assert amina.get(PROFILE).status_code == 302
    assert not Session.objects.filter(user=user).exists()


def test_whoever_is_deactivated_or_has_no_place_any_more_is_asked_to_sign_in(cast, client_of) -> None:
    amina, ben, dev = client_of("amina"), client_of("ben"), client_of("dev")
    User.objects.filter(pk=cast.amina.user_id).update(is_active=False)
    Membership.objects.filter(user_id=cast.ben.user_id).delete()
    StaffMember.objects.filter(user_id=cast.dev.user_id).delete()
    assert [client.get(PROFILE).status_code for client in (amina, ben, dev)] == [302, 302, 302]


def test_a_session_of_a_way_to_sign_in_that_is_gone_opens_nothing(client_of) -> None:
    amina = client_of("amina")
    session = amina.session
    session[BACKEND_SESSION_KEY] = "somewhere.else.Backend"
    session.save()
    assert amina.get(PROFILE).status_code == 302


def test_a_session_never_shows_another_person_than_it_names(cast, client_of) -> None:
    """The row says whose it is, and the sealed data says it too: where they differ, the sealed data counts."""
    amina = client_of("amina")
    Session.objects.update(user=cast.users["carys"])
    assert "Amina Yusuf" in amina.get(PROFILE).content.decode()


def test_a_move_and_a_restriction_count_from_the_next_request_on(cast, client_of) -> None:
    ben = client_of("ben")
    assert "Alder Homes" in ben.get("/").content.decode()
    Membership.objects.filter(user_id=cast.ben.user_id).update(landlord=cast.birch)
    assert "Birch Homes" in ben.get("/").content.decode()
    restrict(cast.users["ben"], cast.birch, Level.FULL_BLOCK, approver=cast.users["farid"])
    assert ben.get("/").status_code == 403
    Restriction.objects.filter(user_id=cast.ben.user_id).delete()
    assert ben.get("/").status_code == 200
